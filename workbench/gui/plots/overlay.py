"""Several recorded runs in one picture: how they learned, and how they adapt in the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.plots.figure import Figure
from workbench.gui.plots.lines import whiskers
from workbench.gui.plots.steps import ends_of
from workbench.gui.state import methods
from workbench.gui.state.series import Array
from workbench.gui.style import words
from workbench.gui.style.widgets import label
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.curve import Curve
    from workbench.experiments.runs import RunSummary
    from workbench.gui.state.workspace import Workspace

MOST = 6
"""Runs in one picture: as many as there are colours that tell apart."""


@dataclass(frozen=True)
class Told:
    """What one run has to show: its evaluations on validation, and its last word."""

    title: str
    when: str
    trains: bool
    iterations: Array
    after: Array
    last: Curve
    """On the test split where it was measured, else the best on validation."""


class Overlay(QWidget):
    """Hidden until two runs are chosen."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._job: Job | None = None
        self._runs: list[RunSummary] = []
        self.setObjectName("runs.overlay")
        self.setAccessibleName(self.tr("Comparison of the chosen runs"))
        learning, adapting = (
            self.tr("Validation, after adapting"),
            self.tr("Adaptation, test tasks"),
        )
        self.learning = Figure("overlay.learning", learning, self.tr("outer iteration"), "")
        self.adapting = Figure("overlay.adapting", adapting, self.tr("inner step"), "")
        self.note = label("", "small", wrap=True)
        self.note.setObjectName("runs.overlay.note")
        for place in range(MOST):
            self.learning.add_line(str(place), "", f"run{place}", symbol="o", width=2)
            self.adapting.add_line(f"{place}.spread", "", f"run{place}", symbol="_", width=2)
            self.adapting.add_line(f"{place}.median", "", f"run{place}", symbol="d")
            self.adapting.add_line(str(place), "", f"run{place}", symbol="o", width=2)
        self._lay_out()
        self.hide()

    def figures(self) -> tuple[Figure, Figure]:
        return self.learning, self.adapting

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for figure in self.figures():
            row.addWidget(figure, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row, 1)
        layout.addWidget(self.note)

    def show_runs(self, runs: list[RunSummary]) -> None:
        """Read them on a thread and draw them; fewer than two are no comparison."""
        self.setVisible(len(runs) > 1)
        chosen = runs if len(runs) > 1 else []
        if chosen == self._runs:
            return
        self._runs = chosen
        if self._job is not None:
            self._job.cancel()
        self.note.setText("")
        for figure in self.figures():
            figure.clear()
            figure.waiting.say(self.tr("Reading the runs…"))
        if chosen:
            self._job = Job(partial(_read, chosen[:MOST]), self._draw, self._fail, parent=self)

    def _fail(self, error: Exception) -> None:
        self._job = None
        self._workspace.troubles.said.emit(error)

    def _draw(self, told: list[Told]) -> None:
        self._job = None
        for figure in self.figures():
            figure.waiting.say(self.tr("None of these runs has been measured yet."))
        if not told:
            return
        metric = told[0].last.metric
        alike = [one for one in told if one.last.metric == metric]
        for figure in self.figures():
            figure.set_axis_title(words.axis_title(metric))
        self.adapting.count_steps(max(len(one.last.mean) - 1 for one in alike))
        end = max(float(one.iterations[-1]) for one in alike)
        for place, one in enumerate(alike):
            self._draw_learning(str(place), one, end)
            self._draw_adapting(str(place), one)
        self.note.setText(" ".join(self._notes(alike, len(told) - len(alike))))

    def _draw_learning(self, name: str, one: Told, end: float) -> None:
        """A floor never learns: a level line."""
        x, y = one.iterations, one.after * words.scale(one.last.metric)
        if not one.trains:
            x, y = np.array([0.0, end]), np.array([y[0], y[0]])
        self.learning.set_line_title(name, one.title)
        self.learning.set_line(name, x, y)

    def _draw_adapting(self, name: str, one: Told) -> None:
        last, (low, high) = one.last, ends_of(one.last)
        y = np.asarray(last.mean) * words.scale(last.metric)
        x, end = np.arange(len(y), dtype=float), slice(-1, None)
        self.adapting.set_line_title(name, one.title)
        self.adapting.set_line(name, x, y, low, high)
        self.adapting.set_line(f"{name}.spread", *whiskers(x[end], low[end], high[end]))
        if last.spread:
            median = np.array([last.spread[-1].median]) * words.scale(last.metric)
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
        if len(self._runs) > MOST:
            yield self.tr("Only the first {0} are drawn.").format(MOST)


def _read(runs: list[RunSummary], report: Report) -> list[Told]:
    """What the runs have told; unmeasured ones are left out. Namesakes are told apart by time."""
    told = [one for run in runs if (one := _told(run)) is not None]
    titles = [one.title for one in told]
    return [
        replace(one, title=f"{one.title} {one.when}") if titles.count(one.title) > 1 else one
        for one in told
    ]


def _told(run: RunSummary) -> Told | None:
    from workbench.experiments.replay import read_run

    replay = read_run(run.path)
    config, seen, last = replay.config, replay.validations, replay.last
    if not seen or last is None:
        return None
    return Told(
        title=methods.title(config),
        when="" if run.started is None else f"{run.started:%H:%M:%S}",
        trains=methods.trains(config),
        iterations=np.array([float(event.iteration) for event in seen]),
        after=np.array([event.curve.after for event in seen]),
        last=last,
    )
