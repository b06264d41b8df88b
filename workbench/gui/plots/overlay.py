"""Several recorded runs in one picture: how they learned, and how they adapt in the end."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.plots.figure import Figure
from workbench.gui.plots.lines import NOTHING, whiskers
from workbench.gui.plots.steps import ends_of
from workbench.gui.plots.told import ARITHMETIC, ITERATIONS, SECONDS, TOKENS, Told, read_told
from workbench.gui.style import words
from workbench.gui.style.widgets import label
from workbench.gui.threads.background import Job

if TYPE_CHECKING:
    from workbench.experiments.labbook.entry import Entry
    from workbench.gui.state.workspace import Workspace

MOST = len(TOKENS)
"""Runs in one picture: as many as there are colours that tell apart."""
VALIDATION, LOSS = "validation", "loss"


class Overlay(QWidget):
    """On the left how they learned, on the right how they adapt in the end."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._job: Job | None = None
        self._runs: list[Path] = []
        self.setObjectName("runs.overlay")
        self.setAccessibleName(self.tr("Comparison of the chosen runs"))
        learning, adapting = (
            self.tr("Validation, after adapting"),
            self.tr("Adaptation, test tasks"),
        )
        self._told: list[Told] = []
        self._all = 0
        self.what = self._choice("what", self.tr("Curves"), self._kinds())
        self.over = self._choice("over", self.tr("Along"), self._axes())
        self.learning = Figure("overlay.learning", learning, self.tr("outer iteration"), "")
        self.adapting = Figure("overlay.adapting", adapting, self.tr("inner step"), "")
        self.note = label("", "small", wrap=True)
        self.note.setObjectName("runs.overlay.note")
        for place in range(MOST):
            self.learning.add_line(str(place), "", TOKENS[place], symbol="o", width=2)
            self.learning.add_line(f"{place}.loss", "", TOKENS[place], smooth=True, width=2)
            self.adapting.add_line(f"{place}.spread", "", TOKENS[place], symbol="_", width=2)
            self.adapting.add_line(f"{place}.median", "", TOKENS[place], symbol="d")
            self.adapting.add_line(str(place), "", TOKENS[place], symbol="o", width=2)
        self._lay_out()

    def figures(self) -> tuple[Figure, Figure]:
        return self.learning, self.adapting

    def _kinds(self) -> tuple[tuple[str, str], ...]:
        return (
            (VALIDATION, self.tr("Validation, after adapting")),
            (LOSS, self.tr("Loss of meta-training")),
        )

    def _axes(self) -> tuple[tuple[str, str], ...]:
        return (
            (ITERATIONS, self.tr("outer iteration")),
            (SECONDS, self.tr("seconds of training")),
            (ARITHMETIC, self.tr("arithmetic, TFLOP")),
        )

    def _choice(self, name: str, title: str, choices: tuple[tuple[str, str], ...]) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(f"runs.overlay.{name}")
        box.setAccessibleName(title)
        for key, text in choices:
            box.addItem(text, key)
        box.currentIndexChanged.connect(self._redraw)
        return box

    def _lay_out(self) -> None:
        self.what.setToolTip(self.tr("Which curves are drawn on the left"))
        self.over.setToolTip(
            self.tr(
                "What they are drawn over. Arithmetic does not depend on the machine; it is "
                "counted in races alone"
            )
        )
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.what)
        head.addWidget(self.over)
        head.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        for figure in self.figures():
            row.addWidget(figure, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addLayout(row, 1)
        layout.addWidget(self.note)

    def show_runs(self, runs: list[Entry], chosen: int, again: bool = False) -> None:
        """Read them on a thread and draw them; ``chosen`` is how many there would be.

        ``again``: they have learned since, and stay drawn until that is read.
        """
        self._all = chosen
        same = [run.path for run in runs] == self._runs
        if same and not again:
            return
        self._runs = [run.path for run in runs]
        if self._job is not None:
            self._job.cancel()
        if not same:
            self._forget()
        if runs:
            self._job = Job(partial(read_told, runs), self._draw, self._fail, parent=self)

    def _forget(self) -> None:
        self._told = []
        self._clear()
        for figure in self.figures():
            figure.waiting.say(self.tr("Reading the runs…"))

    def _clear(self) -> None:
        self.note.setText("")
        for figure in self.figures():
            figure.clear()

    def _fail(self, error: Exception) -> None:
        self._job = None
        self._workspace.troubles.said.emit(error)

    def _draw(self, told: list[Told]) -> None:
        self._job, self._told = None, told
        for figure in self.figures():
            figure.waiting.say(self.tr("None of these runs has been measured yet."))
        self._redraw()

    @Slot()
    def _redraw(self) -> None:
        self._clear()
        if not self._told:
            return
        metric = self._told[0].last.metric
        alike = [one for one in self._told if one.last.metric == metric]
        self._set_axes(metric)
        self.adapting.count_steps(max(len(one.last.mean) - 1 for one in alike))
        end = max(float(one.iterations[-1]) for one in alike)
        for place, one in enumerate(alike):
            self._draw_learning(str(place), one, end)
            self._draw_adapting(str(place), one)
        self.learning.fit()
        self.note.setText(" ".join(self._notes(alike, len(self._told) - len(alike))))

    def _set_axes(self, metric: str) -> None:
        loss = self.what.currentData() == LOSS
        self.learning.set_title(self.what.currentText())
        self.learning.set_x_axis(self.over.currentText())
        self.learning.whole = self.over.currentData() == ITERATIONS
        self.learning.set_axis_title(self.tr("query loss") if loss else words.axis_title(metric))
        self.adapting.set_axis_title(words.axis_title(metric))

    def _draw_learning(self, name: str, one: Told, end: float) -> None:
        """A floor never learns: a level line over iterations."""
        over = str(self.over.currentData())
        if self.what.currentData() == LOSS:
            self.learning.set_line_title(f"{name}.loss", one.title)
            self.learning.set_line(f"{name}.loss", one.along(one.steps, over), one.losses)
            return
        x, y = one.iterations, one.after * words.scale(one.last.metric)
        if not one.trains:
            x, y = np.array([0.0, end]), np.array([y[0], y[0]])
        shown = one.trains or over == ITERATIONS
        self.learning.set_line_title(name, one.title)
        self.learning.set_line(
            name, one.along(x, over) if shown else NOTHING, y if shown else NOTHING
        )

    def _draw_adapting(self, name: str, one: Told) -> None:
        last, (low, high) = one.last, ends_of(one.last)
        y = np.asarray(last.mean) * words.scale(last.metric)
        x, end = np.arange(len(y), dtype=float), slice(-1, None)
        self.adapting.set_line_title(name, one.title)
        self.adapting.set_line(name, x, y, low, high)
        self.adapting.set_line(f"{name}.spread", *whiskers(x[end], low[end], high[end]))
        if last.spread:
            median = np.array([last.spread[-1].median]) * words.scale(last.metric)
            self.adapting.tell_line(f"{name}.median", self.tr("{0}, median").format(one.title))
            self.adapting.set_line(f"{name}.median", x[end], median)

    def _notes(self, alike: list[Told], unlike: int) -> Iterator[str]:
        """On what the numbers stand, and what is missing."""
        if any(one.last.spread for one in alike):
            yield self.tr("◆ is the median over tasks.")
        if any(one.last.split != "test" for one in alike):
            yield self.tr("Runs without a test are drawn with their best validation.")
        kinds = {one.last.transductive for one in alike}
        if len(kinds) > 1:
            yield self.tr("Some are transductive, some are not: these do not compare.")
        else:
            yield (
                self.tr("All are transductive.")
                if True in kinds
                else self.tr("None is transductive.")
            )
        if unlike:
            yield self.tr("{0} with another metric not drawn.").format(unlike)
        if self.over.currentData() == ARITHMETIC and any(one.operations is None for one in alike):
            yield self.tr("The arithmetic is recorded of runs of a race alone.")
        if self._all > MOST:
            yield self.tr("Only the first {0} are compared.").format(MOST)
