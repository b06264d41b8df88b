"""The lab: choose the support set by hand and watch the learner adapt to it, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.gui import theme, words
from workbench.gui.lab.compare.view import CompareView
from workbench.gui.lab.curve_plot import CurvePlot
from workbench.gui.lab.learner_box import LearnerBox, LearnerCaption
from workbench.gui.lab.query.cards import QueryCards
from workbench.gui.lab.state import LabState
from workbench.gui.lab.steps.middle import Middle
from workbench.gui.lab.support.grid import SupportGrid
from workbench.gui.lab.views.drawer import Drawer
from workbench.gui.lab.views.influence import Influence, InfluenceLine
from workbench.gui.widgets import label

if TYPE_CHECKING:
    from workbench.gui.workspace import Workspace

IMAGE_WIDTHS = (136, 236, 247, 0)
CURVE_WIDTHS = (400, 300, 0, 0)
COMPARED = {True: (0.14, 136, 190), False: (0.38, 220, 420)}
"""Share of the width that images, or curves, keep beside the comparison; at least, at most."""

LEARNER_WIDTH = 150
"""At least; the list of learners shows their names whole."""


class LabPanel(QWidget):
    """Support | adaptation | query; for curves the plot is support and query at once."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.setObjectName("panel.lab")
        self.setAccessibleName(self.tr("Adaptation lab"))
        self.state = LabState(workspace, self)
        self.learner = LearnerBox(self.state)
        self.caption = LearnerCaption(self.state)
        self.support = SupportGrid(self.state)
        self.curve = CurvePlot(self.state)
        self.middle = Middle(self.state)
        self.queries = QueryCards(self.state)
        self.compare = CompareView(self.state)
        self.influence = Influence(self.state, self)
        self.influence_line = InfluenceLine(self.state, self.influence)
        self.drawer = Drawer(self.state)
        self.notice = label("", "error", wrap=True)
        self.summary = label("", "title")
        self._empty = label("", "muted", wrap=True)
        self._stack = QStackedWidget()
        self._shape: bool | None = None
        self._build()
        self._connect()
        self._show_shape()

    # --- building ----------------------------------------------------------------------------

    def _build(self) -> None:
        self.notice.setObjectName("lab.notice")
        self.notice.setAccessibleName(self.tr("What was refused"))
        self.notice.hide()
        self.summary.setObjectName("lab.summary")
        self.summary.setAccessibleName(self.tr("Result of adaptation"))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setObjectName("lab.empty")
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(12)
        for column in (self._support_column(), self.middle, self._query_column(), self.compare):
            self._split.addWidget(column)
        self._split.setStretchFactor(3, 1)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._split)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        layout.setSpacing(8)
        layout.addLayout(self._top_row())
        layout.addWidget(self.caption)
        layout.addWidget(self.notice)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.influence_line)
        layout.addWidget(self.drawer)

    def _top_row(self) -> QHBoxLayout:
        self.dice = self._button("lab.resample", "dice", self.tr("Draw another task (R)"))
        self.restore = self._button(
            "lab.restore", "reset", self.tr("Undo every change made by hand")
        )
        row = QHBoxLayout()
        row.setSpacing(4)
        self.learner.setMinimumWidth(LEARNER_WIDTH)
        row.addWidget(self.learner)
        row.addWidget(self.dice)
        row.addWidget(self.restore)
        row.addWidget(self.compare.toggle)
        row.addStretch(1)
        row.addWidget(self.summary)
        return row

    def _button(self, name: str, icon: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        theme.current().set_icon(button, icon)
        return button

    def _support_column(self) -> QWidget:
        self._left = QStackedWidget()
        self._left.addWidget(self.support)
        self._left.addWidget(self.curve)
        self._left_title = label("", "heading")
        self._left_hint = label("", "small", wrap=True)
        return _column(self._left_title, self._left_hint, self._left)

    def _query_column(self) -> QWidget:
        self._query_title = label(self.tr("Query predictions"), "heading")
        self._right = _column(self._query_title, self.queries)
        return self._right

    def _connect(self) -> None:
        state = self.state
        state.taskChanged.connect(self._show_shape)
        state.stepsChanged.connect(self._show_summary)
        state.cursorChanged.connect(self._show_summary)
        state.failed.connect(self.show_problem)
        self.support.refused.connect(self.show_problem)
        self.support.accepted.connect(self.clear_problem)
        self._workspace.familyChanged.connect(self._show_shape)
        self.dice.clicked.connect(self._resample)
        self.restore.clicked.connect(self._restore)
        self.queries.whyAsked.connect(self.influence.ask)
        self.influence.changed.connect(self._show_influence)
        self.compare.toggle.toggled.connect(self._show_compared)
        within = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence("D"), self, context=within).activated.connect(self._draw)
        compared = QShortcut(QKeySequence("C"), self, context=within)
        compared.activated.connect(self.compare.toggle.click)

    # --- showing -----------------------------------------------------------------------------

    @Slot()
    def _show_shape(self) -> None:
        spec, task = self.state.spec, self.state.task
        self.clear_problem()
        self._stack.setCurrentIndex(0 if task is None or spec is None else 1)
        self._empty.setText(self._empty_text())
        self.restore.setEnabled(self.state.edited)
        for widget in (self.middle.scrubber, self.dice):
            widget.setEnabled(task is not None)
        if spec is None:
            return
        self._show_left(spec.is_image)
        if spec.is_image != self._shape:
            self._shape = spec.is_image
            self._show_compared()

    @Slot()
    def _show_compared(self) -> None:
        """The comparison stands in place of everything but the support set."""
        on, image = self.compare.toggle.isChecked(), bool(self._shape)
        for part in (self.middle, self.drawer):
            part.setVisible(not on)
        self._right.setVisible(image and not on)
        self.compare.setVisible(on)
        share, least, most = COMPARED[image]
        kept = int(min(max(share * self._split.width(), least), most))
        compared = (kept, 0, 0, max(self._split.width() - kept, 1))
        self._split.setSizes(list(compared if on else IMAGE_WIDTHS if image else CURVE_WIDTHS))
        self.influence.close()

    def _show_left(self, image: bool) -> None:
        self._left.setCurrentIndex(0 if image else 1)
        if image:
            self._left_title.setText(self.tr("Support set"))
            hint = self.tr("Click, drop or draw.")
        else:
            self._left_title.setText(self.tr("Support points and fitted function"))
            hint = self.tr("Drag a point. Dashed: the true curve.")
        self._left_hint.setText(hint)

    def _empty_text(self) -> str:
        if not self._workspace.ready:
            return self.tr("Loading…")
        if self._workspace.family is None:
            return self.tr("No task yet. Choose a task family, or wait until its data is ready.")
        return self.tr("No task could be drawn. Change the task's settings.")

    @Slot()
    def _show_summary(self) -> None:
        steps, spec = self.state.steps, self.state.spec
        if not steps or spec is None:
            self.summary.setText("")
            return
        first, now = steps[0], steps[self.state.cursor]
        before, after = (self._metric(step.query_metric) for step in (first, now))
        if not self.state.stepwise:
            self.summary.setText(self.tr("{0} in one step").format(after))
        elif now is first:
            self.summary.setText(self.tr("step 0: {0}").format(before))
        else:
            text = self.tr("{0}  →  {1} at step {2}")
            self.summary.setText(text.format(before, after, now.step))

    def _metric(self, value: float) -> str:
        spec = self.state.spec
        if spec is not None and spec.kind == "classification":
            return f"{100 * value:.0f} %"
        return self.tr("MSE {0}").format(words.short(value))

    @Slot()
    def _show_influence(self) -> None:
        self.support.show_influence(self.influence.values)
        self.queries.show_asked(self.influence.query)

    @Slot(object)
    def show_problem(self, problem: Exception) -> None:
        self.notice.setText(str(problem) or type(problem).__name__)
        self.notice.show()

    @Slot()
    def clear_problem(self) -> None:
        self.notice.hide()

    # --- doing -------------------------------------------------------------------------------

    @Slot()
    def _resample(self) -> None:
        self._workspace.resample()

    @Slot()
    def _restore(self) -> None:
        self._workspace.resample(seed=self._workspace.seed)

    @Slot()
    def _draw(self) -> None:
        if self.state.spec is not None and self.state.spec.is_image and self.state.task:
            self.support.draw_focused()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, where nothing else wants it; a shortcut would take it from open popups."""
        if event.key() == Qt.Key.Key_Escape and self.influence.query is not None:
            self.influence.close()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.state.set_active(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.state.set_active(False)


def _column(*widgets: QWidget) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        grows = not isinstance(widget, QLabel)
        layout.addWidget(widget, 1 if grows else 0)
    return column
