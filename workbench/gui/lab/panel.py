"""The lab: choose the support set by hand and watch the learner adapt to it, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import (
    QAction,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.lab import face
from workbench.gui.lab.adapted_menu import AdaptedMenu
from workbench.gui.lab.board import Board
from workbench.gui.lab.compare.view import CompareView
from workbench.gui.lab.face import Page, Widths
from workbench.gui.lab.header import LabHeader
from workbench.gui.lab.keeping import Keeping
from workbench.gui.lab.new_head import MisfitLine
from workbench.gui.lab.notice import Notice
from workbench.gui.lab.scenes import Scenes
from workbench.gui.lab.set_column import SetColumn
from workbench.gui.lab.state import LabState
from workbench.gui.lab.steps.middle import Middle
from workbench.gui.lab.views.drawer import Drawer
from workbench.gui.lab.views.influence import Influence, InfluenceLine
from workbench.gui.lab.walk import Walk
from workbench.gui.style.widgets import column, label

if TYPE_CHECKING:
    from workbench.gui.state.workspace import Workspace

LOW = 480
"""Pixels of height from which on the plots need the room of what explains them."""


class LabPanel(QWidget):
    """Support | adaptation | query, as the face of the task in view shows support and query."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.setObjectName("panel.lab")
        self.setAccessibleName(self.tr("Adaptation lab"))
        self.state = LabState(workspace, self)
        self._pages: dict[str, Page] = {}
        self._kind: face.TaskFace | None = None
        self.middle = Middle(self.state)
        self.compare = CompareView(self.state)
        self.header = LabHeader(self.state, self.compare.toggle)
        self.influence = Influence(self.state, self)
        self.influence_line = InfluenceLine(self.state, self.influence)
        self.drawer = Drawer(self.state)
        self.scenes = Scenes(self.state, lambda: self.page, self)
        self.adapted = AdaptedMenu(self.state, self)
        self.keeping = Keeping(self.state, self)
        self.misfit = MisfitLine(self.state.fit, workspace)
        self.notice = Notice()
        self.draw = self._action("actionDraw", self.tr("Draw a support picture"), "D")
        self.compared = self._action("actionCompare", self.tr("Compare learners"), "C")
        self._empty = label("", "muted", wrap=True)
        self._left = SetColumn("lab.supportSet")
        self._right = SetColumn("lab.querySet")
        self._stack = QStackedWidget()
        self._room = (0, 0)
        self._build()
        self._connect()
        self._show_shape()

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("Anywhere in the lab"), (
            (self.tr("Step before, step after"), "←, →"),
            (self.tr("Cancel what computes, take marks away"), "Esc"),
        )

    # --- building ----------------------------------------------------------------------------

    def _action(self, name: str, text: str, keys: str) -> QAction:
        """For the window's menu too; it can be used while the lab is looked at."""
        action = QAction(text, self)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(keys))
        action.setEnabled(False)
        self.addAction(action)
        return action

    def _build(self) -> None:
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setObjectName("lab.empty")
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(12)
        for part in (self._left, self.middle, self._right, self.compare):
            self._split.addWidget(part)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._split)
        # Lines that come when they are asked for; without one there is no gap either.
        self._told = column(self.influence_line, self.drawer.luck)
        above = column(self._stack, self._told, grows=(self._stack,))
        self.board = Board(above, self.drawer.sheet)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        layout.setSpacing(8)
        layout.addWidget(self.header)
        layout.addWidget(self.notice)
        layout.addWidget(self.misfit)
        layout.addWidget(self.board, 1)
        layout.addWidget(self.drawer)

    def _connect(self) -> None:
        state = self.state
        state.taskChanged.connect(self._show_shape)
        state.failed.connect(self.notice.show_failure)
        state.completed.connect(self.notice.end_failure)
        state.stepsChanged.connect(self.misfit.refresh)
        for source in (self.scenes, self.keeping):
            source.refused.connect(self.notice.show_problem)
            source.said.connect(self.notice.show_message)
        self._workspace.data.changed.connect(self._show_shape)
        self.influence.changed.connect(self._show_influence)
        self.compare.toggle.toggled.connect(self._show_compared)
        self.draw.triggered.connect(self._draw)
        self.compared.triggered.connect(self.compare.toggle.click)
        self.board.roomChanged.connect(self._share_room)

    # --- showing -----------------------------------------------------------------------------

    @Slot()
    def _show_shape(self) -> None:
        spec, task = self.state.spec, self.state.task
        self.notice.hide()
        self._stack.setCurrentIndex(0 if task is None or spec is None else 1)
        self._empty.setText(self._empty_text())
        self.middle.scrubber.setEnabled(task is not None)
        for part in (self.drawer, self.drawer.sheet, self.compare.toggle):
            part.setEnabled(self._workspace.data.family is not None)
        if task is None or spec is None:
            return
        kind = face.of(task)
        if kind is not self._kind:
            self._kind = kind
            self._show_page()
            self._show_compared()

    @property
    def page(self) -> Page:
        """The widgets of the kind of task in view, made when it is first looked at."""
        assert self._kind is not None
        name = self._kind.name
        if name not in self._pages:
            self._pages[name] = self._made(self._kind)
        return self._pages[name]

    def _made(self, kind: face.TaskFace) -> Page:
        page = kind.page(self.state)
        page.refused.connect(self.notice.show_problem)
        page.accepted.connect(self.notice.hide)
        page.said.connect(self.notice.show_message)
        page.whyAsked.connect(self.influence.ask)
        return page

    def _show_page(self) -> None:
        page = self.page
        left, right = page.sheets
        self._left.explain(page.title, page.hint)
        self._left.show_part(page.left, left)
        if page.right is not None:
            self._right.show_part(page.right, right)
            self._right.explain(page.right_title or self.tr("Query predictions"), "")
        page.share_room(self._stack, *self._room)

    @Slot()
    def _show_compared(self) -> None:
        """The comparison stands in place of everything but the support set."""
        if self._kind is None:
            return
        on, widths = self.compare.toggle.isChecked(), self._kind.widths
        for part in (self.middle, self._told):
            part.setVisible(not on)
        self.drawer.set_away(on)
        self._right.setVisible(self.page.right is not None and not on)
        self.compare.setVisible(on)
        share, least, most = widths.beside
        kept = int(min(max(share * self._split.width(), least), most))
        compared = (kept, 0, 0, max(self._split.width() - kept, 1))
        self._split.setSizes(list(compared) if on else self._widths(widths))
        shares = (0, 0, 0, 1) if on else widths.shares
        for place, stretch in enumerate(shares):
            self._split.setStretchFactor(place, stretch)
        self.influence.close()

    def _widths(self, widths: Widths) -> list[int]:
        """What a wide window has more goes to plots and predictions before it goes to names."""
        least, shares, _ = widths
        more = max(self._split.width() - sum(least), 0) // sum(shares)
        return [width + share * more for width, share in zip(least, shares, strict=True)]

    def _empty_text(self) -> str:
        if not self._workspace.ready:
            return self.tr("Loading…")
        if self._workspace.data.family is None:
            return self.tr(
                "No task yet. Choose a task family, or drop a folder, a zip or a table here."
            )
        return self.tr("No task could be drawn. Change the task's settings.")

    @Slot()
    def _show_influence(self) -> None:
        if self._kind is not None:
            self.page.show_influence(self.influence.values, self.influence.query)

    @Slot(int, int)
    def _share_room(self, opened: int, closed: int) -> None:
        self._room = (opened, closed)
        self._left.hint.setVisible(closed > LOW)
        if self._kind is not None:
            self.page.share_room(self._stack, opened, closed)

    # --- doing -------------------------------------------------------------------------------

    @Slot()
    def _draw(self) -> None:
        if self._kind is not None and self.state.task is not None:
            self.page.draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that nothing else wants; a shortcut would take Escape from open popups."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() == Qt.Key.Key_Escape and self._cancel():
            return
        if event.key() in steps and not event.modifiers():
            walk = self._walk
            walk.set_cursor(walk.cursor + steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    @property
    def _walk(self) -> Walk:
        compared = self.compare.toggle.isChecked()
        return self.compare.comparison.walk if compared else self.state

    def _cancel(self) -> bool:
        """Whether there was anything to cancel or to take away."""
        if self.influence.query is not None:
            self.influence.close()
            return True
        return self.drawer.cancel() or self.compare.comparison.cancel()

    def _enable(self, on: bool) -> None:
        for action in (self.draw, self.compared):
            action.setEnabled(on)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._enable(True)
        self.state.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._enable(False)
        self.state.set_active(False)
