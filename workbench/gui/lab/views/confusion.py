"""Which class is taken for which: before adapting, and at the step looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.lab.state import LabState
from workbench.gui.lab.views import tables
from workbench.gui.lab.views.confusion_matrix import Counts, MatrixView
from workbench.gui.lab.views.view import View
from workbench.gui.style import paint, theme
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.drawing import Drawn
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.core.algorithm import AdaptStep

NAMED = 5
"""Mistakes that are listed."""


class ConfusionView(View):
    """Two matrices, or one for a method without steps, and the commonest mistakes."""

    name = "confusion"

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.before = MatrixView("lab.confusion.before")
        self.now = MatrixView("lab.confusion.now")
        self.mistakes = label("", "small", wrap=True)
        self.mistakes.setObjectName("lab.confusion.mistakes")
        self.mistakes.setAccessibleName(self.tr("Commonest mistakes"))
        self._legend = label("", "small", wrap=True)
        self._legend.setText(
            self.tr(
                "Rows: true class. Columns: predicted. The framed diagonal is right; the colour is "
                "the share of the row."
            )
        )
        side = QVBoxLayout()
        side.addWidget(self.mistakes)
        side.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.before, 3)
        row.addWidget(self.now, 3)
        row.addLayout(side, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self._legend, 1)
        head.addWidget(TakeAwayButton(self.sheet, "lab.confusion", self.before, self.now))
        layout.addLayout(head)
        layout.addLayout(row, 1)
        state.stepsChanged.connect(state.turns.take(self.refresh))
        state.cursorChanged.connect(self.refresh)
        theme.current().follow(self.refresh)

    def title(self) -> str:
        return self.tr("Confusion")

    def tip(self) -> str:
        return self.tr("Which class is taken for which, before adapting and at the step looked at")

    def offered(self) -> bool:
        return self._state.spec is not None and self._state.spec.labels

    def sheet(self) -> Sheet | None:
        drawn = (self.before, self.now) if self._state.stepwise else (self.now,)
        if not self.now.counts:
            return None
        table = tables.confusion([(one.heading, one.counts) for one in drawn], self._names())
        notes = (self._legend.text(),)
        return Sheet("confusion", self.tip(), Drawn(*drawn), table, notes)

    @Slot()
    def refresh(self) -> None:
        state = self._state
        if not self.isVisible() or not self.offered():
            return
        step = state.current
        self.before.setVisible(state.stepwise)
        if step is None or state.stepwise:
            first = state.steps[0] if state.steps else None
            self.before.show_counts(self.tr("Before adapting"), self._counts(first), self._names())
        heading = self.tr("At step {0}").format(step.step) if step else self.tr("Adapting…")
        counts = self._counts(step)
        heading = heading if state.stepwise else self.tr("In one step")
        self.now.show_counts(heading, counts, self._names())
        self.mistakes.setText(self._worst(counts))

    def _names(self) -> tuple[str, ...]:
        task, spec = self._state.task, self._state.spec
        ways = range(spec.outputs if task is not None and spec is not None else 0)
        titles = (task.class_title(way) if task is not None else "" for way in ways)
        return tuple(title or paint.letter(way) for way, title in enumerate(titles))

    def _counts(self, step: AdaptStep | None) -> Counts:
        episode, spec = self._state.episode, self._state.spec
        if step is None or episode is None or spec is None:
            return ()
        if step.query_outputs.shape != (len(episode.query.y), spec.outputs):
            return ()  # a step held from before the task was changed in shape
        return confusion(step, episode.query.y.tolist(), spec.outputs)

    def _worst(self, counts: Counts) -> str:
        wrong = [
            (count, row, column)
            for row, line in enumerate(counts)
            for column, count in enumerate(line)
            if count and row != column
        ]
        if not wrong:
            return self.tr("No mistakes at this step.") if counts else ""
        names = self._names()
        wrong.sort(key=lambda found: (-found[0], found[1:]))
        lines = [
            self.tr("{0} read as {1}:  {2}×").format(names[row], names[column], count)
            for count, row, column in wrong[:NAMED]
        ]
        if len(wrong) > NAMED:
            lines.append(self.tr("and {0} other kinds").format(len(wrong) - NAMED))
        return "\n".join([self.tr("Commonest mistakes"), *lines])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()


def confusion(step: AdaptStep, truths: list[int], ways: int) -> Counts:
    """``[true][predicted]`` counts of query items; those with no finite prediction are left out."""
    found = [[0] * ways for _ in range(ways)]
    known = step.query_outputs.isfinite().all(-1).tolist()
    predicted = step.query_outputs.argmax(-1).tolist()
    for truth, guess, usable in zip(truths, predicted, known, strict=True):
        if usable:
            found[truth][guess] += 1
    return tuple(tuple(row) for row in found)
