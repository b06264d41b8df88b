"""The support scenes: boxes are drawn, moved, resized and deleted on them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.kinds.boxes import sheets, sketch
from workbench.gui.kinds.boxes.editing import BoxEditing
from workbench.gui.kinds.boxes.grips import CURSORS
from workbench.gui.kinds.boxes.hand import Hand
from workbench.gui.kinds.boxes.menu import SceneMenu
from workbench.gui.kinds.boxes.task import image_of, scenes_in_view
from workbench.gui.kinds.boxes.tiles import Tiles
from workbench.gui.lab.state import LabState
from workbench.gui.style import paint, theme
from workbench.gui.takeaway.drawing import Drawing, Drawn
from workbench.gui.takeaway.sheet import Sheet


class SupportScenes(Drawing, QWidget):
    """One tile a scene; the chosen box has handles."""

    def __init__(self, state: LabState, editing: BoxEditing) -> None:
        super().__init__()
        self._state, self.editing = state, editing
        self._hand = Hand(editing)
        self._influence: list[float] | None = None
        self.setObjectName("lab.boxes.support")
        self.setAccessibleName(self.tr("Support scenes with their boxes"))
        self.setToolTip(
            self.tr(
                "Drag on empty ground to draw a box; drag a box to move it, its edges to resize.\n"
                "Keys: N new box, Enter next one, arrows move, Shift+arrows resize, Del deletes."
            )
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for signal in (
            state.taskChanged,
            editing.choiceChanged,
            state.workspace.in_view.locksChanged,
        ):
            signal.connect(self.refresh)
        theme.current().follow(self.refresh)

    def sizeHint(self) -> QSize:
        return QSize(220, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 120)

    def refresh(self) -> None:
        self.setAccessibleDescription(self._described())
        self.update()

    def show_influence(self, values: list[float] | None) -> None:
        self._influence = values
        self.update()

    @property
    def tiles(self) -> Tiles:
        task = scenes_in_view(self._state)
        return Tiles.within(0 if task is None else len(task.support), self.room)

    def _described(self) -> str:
        """For a screen reader: which box the keyboard means, and where it lies."""
        place = self.editing.place
        if place is None:
            return self.tr("No box is chosen")
        cx, cy, w, h = (round(100 * part) for part in place)
        text = self.tr("Scene {0}: box at {1}, {2} %, {3} by {4} %")
        return text.format(self.editing.scene + 1, cx, cy, w, h)

    # --- drawing -----------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        task, tiles, colors = scenes_in_view(self._state), self.tiles, paint.colors()
        if task is None:
            return
        chosen = self.editing.chosen if self.on_screen else None
        for at, scene in enumerate(task.support):
            tile = tiles.box(at)
            sketch.picture(painter, tile, image_of(scene))
            for number, box in enumerate(scene.boxes):
                sketch.box(painter, tile, box, colors.support)
                if chosen == (at, number):
                    sketch.handles(painter, tile, box, colors.support)
            if self.on_screen:
                self._draw_marks(painter, at)

    def _draw_marks(self, painter: QPainter, at: int) -> None:
        """Lock, influence, and the frame of the scene that the keyboard means."""
        tile = self.tiles.box(at)
        if (0, at) in self._state.workspace.in_view.locked:
            painter.drawPixmap(QPoint(round(tile.right()) - 16, round(tile.top()) + 2), _lock())
        if self._influence is not None and at < len(self._influence):
            largest = max(map(abs, self._influence), default=0.0)
            paint.paint_influence(painter, tile, self._influence[at], largest)
        if self.hasFocus() and at == self.editing.scene:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(paint.colors().accent, 2))
            painter.drawRect(tile)

    # --- under the mouse ---------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        if not (left and self._hand.press(self.tiles, event.position())):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._hand.holds:
            self._hand.drag(self.tiles, event.position())
        else:
            self._show_cursor(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._hand.release()

    def _show_cursor(self, at: QPointF) -> None:
        meant = self._hand.meant(self.tiles, at)
        if meant is not None:
            self.setCursor(CURSORS[meant.grip])
        elif self._hand.near(self.tiles, at) is not None:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = QPointF(event.pos())
        scene, meant = self._hand.near(self.tiles, at), self._hand.meant(self.tiles, at)
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.tiles.box(self.editing.scene).center()
        elif scene is not None:
            self.editing.choose(scene, None if meant is None else meant.box)
        locked = (0, self.editing.scene) in self._state.workspace.in_view.locked
        SceneMenu(self.editing, locked, self).popup(self.mapToGlobal(at.toPoint()))

    # --- by the keyboard ---------------------------------------------------------------------

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("Boxes of the support scenes"), (
            (self.tr("Choose the next box"), "Enter"),
            (self.tr("A new box"), "N"),
            (self.tr("Move it"), "←, →, ↑, ↓"),
            (self.tr("Resize it"), "Shift+←, →, ↑, ↓"),
            (self.tr("Delete it"), "Del"),
            (self.tr("Keep the scene in new draws"), "L"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk through the steps, as anywhere in the lab, unless a box is chosen."""
        arrows = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        actions = {
            Qt.Key.Key_Return: self.editing.choose_next,
            Qt.Key.Key_Enter: self.editing.choose_next,
            Qt.Key.Key_N: self.editing.add_anywhere,
            Qt.Key.Key_Delete: self.editing.remove,
            Qt.Key.Key_Backspace: self.editing.remove,
            Qt.Key.Key_L: self.editing.toggle_lock,
        }
        key = Qt.Key(event.key())
        if key in arrows and self.editing.chosen is not None:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.editing.nudge(*arrows[key], shift)
        elif key == Qt.Key.Key_Escape and self.editing.chosen is not None:
            self.editing.choose(self.editing.scene, None)
        elif key in actions and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            actions[key]()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # --- taking away -------------------------------------------------------------------------

    def sheet(self) -> Sheet | None:
        task = scenes_in_view(self._state)
        if task is None:
            return None
        title = self.tr("Support scenes: {0}").format(task.title)
        return Sheet("support", title, Drawn(self), sheets.annotated(task.support))


def _lock() -> QPixmap:
    return theme.current().pixmap("lock", 14)
