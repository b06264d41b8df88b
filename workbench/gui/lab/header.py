"""Above the lab: whose weights adapt, to the task of which seed, and how it came out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from workbench.core.metric import named
from workbench.gui.lab.learner_box import LearnerBox, LearnerCaption
from workbench.gui.lab.seed_box import SeedBox
from workbench.gui.lab.state import LabState
from workbench.gui.style import theme, words
from workbench.gui.style.widgets import label

SEED_WIDTH = 52
LEARNER_WIDTH = 150
"""At least; the list of learners shows their names whole."""


class LabHeader(QWidget):
    """``compare`` is the button of the comparison, which has its place here."""

    def __init__(
        self, state: LabState, compare: QToolButton, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state = state
        view = state.workspace.in_view
        self.learner = LearnerBox(state)
        self.seed = SeedBox(view, "lab.seed", SEED_WIDTH)
        self.dice = self._button("lab.resample", "dice", self.tr("Draw another task (R)"))
        self.restore = self._button(
            "lab.restore", "reset", self.tr("Undo every change made by hand")
        )
        self.summary = Summary(state)
        self.caption = LearnerCaption(state)
        self._row = QHBoxLayout()
        self._row.setSpacing(4)
        self.learner.setMinimumWidth(LEARNER_WIDTH)
        self._row.addWidget(self.learner)
        self._row.addSpacing(4)
        self._row.addWidget(label(self.tr("Seed"), "small"))
        for widget in (self.seed, self.dice, self.restore, compare):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self._row.addWidget(self.summary)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._row)
        layout.addWidget(self.caption)
        self.dice.clicked.connect(self._resample)
        self.restore.clicked.connect(view.restore)
        view.locksChanged.connect(self.refresh)
        state.taskChanged.connect(self.refresh)
        self.refresh()

    def _button(self, name: str, icon: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        button.setProperty("compact", True)
        theme.current().set_icon(button, icon)
        return button

    @Slot()
    def refresh(self) -> None:
        locked = self._state.workspace.in_view.locked
        self.restore.setEnabled(self._state.edited or bool(locked))
        self.dice.setEnabled(self._state.workspace.in_view.task is not None)

    @Slot()
    def _resample(self) -> None:
        self._state.workspace.in_view.resample()


class Summary(QLabel):
    """Before and after, at the step looked at."""

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._state = state
        self.setObjectName("lab.summary")
        self.setAccessibleName(self.tr("Result of adaptation"))
        self.setToolTip(self.tr("On the query set, before adapting and at the step looked at"))
        self.setProperty("role", "title")
        state.stepsChanged.connect(state.turns.take(self.refresh))
        state.cursorChanged.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        steps = self._state.steps
        if not steps or self._state.spec is None:
            self.setText("")
            return
        first, now = steps[0], steps[self._state.cursor]
        if not now.judged:
            self.setText(self.tr("not judged"))
            self.setToolTip(self.tr("No curve is known of these points, so there is no error"))
            return
        before, after = (self._metric(step.query_metric) for step in (first, now))
        if not self._state.stepwise:
            self.setText(self.tr("{0} in one step").format(after))
        elif now is first:
            self.setText(self.tr("step 0: {0}").format(before))
        else:
            self.setText(self.tr("{0}  →  {1}").format(before, after.removeprefix(self._unit)))
        where = self.tr("On the query set: {0} before adapting, {1} at step {2}")
        self.setToolTip(where.format(before, after, now.step))

    def _metric(self, value: float) -> str:
        spec = self._state.spec
        return self._unit + words.figure_text("accuracy" if spec is None else spec.metric, value)

    @property
    def _unit(self) -> str:
        """The name of a metric without a unit, before its number."""
        spec = self._state.spec
        known = spec is None or named(spec.metric).percent
        return "" if spec is None or known else f"{words.axis_title(spec.metric)} "
