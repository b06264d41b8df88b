"""A plot whose support points lie under the hand: chosen, moved, added, removed and kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import QPointF, Qt, SignalInstance, Slot
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from workbench.gui.kinds.curves.points import SupportPoints
from workbench.gui.kinds.curves.step_lines import StepLines
from workbench.gui.lab.state import LabState
from workbench.gui.plots.chart import Chart
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet

MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


@dataclass(frozen=True)
class Words:
    """What the menu and the list of keys call the points."""

    title: str
    choose: str
    move: str
    add: str
    add_here: str
    remove: str
    remove_this: str
    keep: str
    let_go: str


class Hand(Protocol):
    """What is done to the points; `chosen` is the one that the keyboard means."""

    chosen: int

    @property
    def choiceChanged(self) -> SignalInstance: ...
    @property
    def task(self) -> object: ...
    def choose(self, index: int) -> None: ...
    def remove(self) -> None: ...
    def toggle_lock(self) -> None: ...
    def add_anywhere(self) -> None: ...


class PointPlot(Chart):
    """With the mouse: a click on empty ground adds a point, a drag moves one, the context menu
    removes or keeps one. The keys stand in `key_help`; Tab and Shift+Tab are left to the window.
    """

    def __init__(
        self, name: str, words: Words, state: LabState, hand: Hand, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, parent)
        self._words, self._state, self._hand = words, state, hand
        self.fits = StepLines(self.plot)
        self.points = SupportPoints()
        self.points.setZValue(20)
        self.plot.addItem(self.points)
        self.points.moved.connect(self._on_moved)
        self.scene().sigMouseClicked.connect(self._on_click)
        self.scene().sigMouseMoved.connect(self._on_hover)
        hand.choiceChanged.connect(self._place_points)
        state.workspace.in_view.locksChanged.connect(self._place_points)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.take_away = TakeAwayButton(self.sheet, name, self, clicks=False)
        self.add_corner(self.take_away)

    # --- what a kind of task says --------------------------------------------------------------

    def sheet(self) -> Sheet | None:
        """The picture as it is taken away; nothing where there is no task."""
        raise NotImplementedError

    def _positions(self) -> np.ndarray:
        """Of the support points, ``[points, 2]``."""
        raise NotImplementedError

    def _add(self, x: float, y: float) -> None:
        raise NotImplementedError

    def _move(self, index: int, x: float, y: float) -> None:
        raise NotImplementedError

    def _nudge(self, across: int, up: int) -> None:
        """One press of an arrow moves the chosen point."""
        raise NotImplementedError

    # --- under the hand ------------------------------------------------------------------------

    def _locked(self) -> set[int]:
        return {index for _, index in self._state.workspace.in_view.locked}

    @Slot()
    def _place_points(self) -> None:
        if self._hand.task is not None:
            chosen = self._hand.chosen if self.hasFocus() else -1
            self.points.place(self._positions(), chosen, self._locked())

    @Slot(int, float, float)
    def _on_moved(self, index: int, x: float, y: float) -> None:
        self._move(index, x, y)

    @Slot(object)
    def _on_click(self, event: Any) -> None:
        """On a point: choose it. On empty ground: a new point; a double click adds no second."""
        if event.button() != Qt.MouseButton.LeftButton or event.double():
            return
        index = self.points.under(event.scenePos())
        if index is not None:
            self._hand.choose(index)
        elif self._on_ground(event.scenePos()):
            self._add_at(event.scenePos())

    @Slot(object)
    def _on_hover(self, place: QPointF) -> None:
        over, ground = self.points.under(place) is not None, self._on_ground(place)
        shape = Qt.CursorShape.CrossCursor if ground else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if over else shape)

    def _on_ground(self, place: QPointF) -> bool:
        """Between the axes, and not on their numbers."""
        return bool(self.plot.getViewBox().sceneBoundingRect().contains(place))

    def _add_at(self, place: QPointF) -> None:
        where = self.plot.getViewBox().mapSceneToView(place)
        self._add(where.x(), where.y())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu key means the chosen point, the mouse what is under it."""
        place = self.mapToScene(event.pos())
        asked_by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self._hand.chosen if asked_by_key else self.points.under(place)
        if self._hand.task is not None and (index is not None or self._on_ground(place)):
            self._menu(index, place).popup(event.globalPos())

    def _menu(self, index: int | None, place: QPointF) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName(f"{self.objectName()}.menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if index is None:
            menu.addAction(self._words.add_here, lambda: self._add_at(place))
        else:
            self._hand.choose(index)
            menu.addAction(self._words.remove_this, self._hand.remove)
            text = self._words.let_go if index in self._locked() else self._words.keep
            menu.addAction(text, self._hand.toggle_lock)
        menu.addSeparator()
        menu.addMenu(self.take_away.take_away)
        return menu

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        words = self._words
        return words.title, (
            (words.choose, "[, ]"),
            (words.move, "Alt+←, Alt+→, Alt+↑, Alt+↓"),
            (words.add, "Ins"),
            (words.remove, "Del"),
            (words.keep, "L"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, hand = event.key(), self._hand
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if hand.task is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            hand.choose(hand.chosen + (1 if key == Qt.Key.Key_BracketRight else -1))
        elif alt and key in MOVES:
            self._nudge(*MOVES[Qt.Key(key)])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            hand.remove()
        elif key == Qt.Key.Key_Insert:
            hand.add_anywhere()
        elif key == Qt.Key.Key_L:
            hand.toggle_lock()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._place_points()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._place_points()
