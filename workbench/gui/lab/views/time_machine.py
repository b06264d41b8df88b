"""Meta-learning seen from this support set: every kept checkpoint of the run, every inner step."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from workbench.core.marked import marked
from workbench.gui.lab.state import LabState
from workbench.gui.lab.views import tables
from workbench.gui.lab.views.asked import Asked
from workbench.gui.lab.views.moment_map import MomentMap
from workbench.gui.lab.views.on_demand import OnDemand
from workbench.gui.style import counts, theme, words
from workbench.gui.takeaway.drawing import Drawing
from workbench.gui.takeaway.sheet import Table

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.insight.time_machine import Moment
    from workbench.experiments.session import Learner

LONGEST = 50
"""Inner steps at most: more columns cannot be told apart."""


class TimeMachineView(OnDemand):
    """Filled from the oldest checkpoint on; a cell leads to its step, and to its command."""

    name = "timeMachine"

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        self.map = MomentMap()
        self.copy = QToolButton()
        self._due = 0
        """Rows there will be."""
        super().__init__(state, parent)
        self.caption.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.caption.setAccessibleName(self.tr("What the chosen cell says"))
        self.caption.setToolTip(self.tr("What the chosen cell says, and how to get it again"))
        self.map.chosen.connect(self._on_chosen)
        state.cursorChanged.connect(self._mark_step)

    def title(self) -> str:
        return self.tr("Time machine")

    def tip(self) -> str:
        return self.tr("What every kept checkpoint of the run makes of this support set")

    def verb(self) -> str:
        return self.tr("Travel through the run")

    def invitation(self) -> str:
        learner = self._state.learner
        run = learner.origin.name if learner is not None and learner.origin is not None else ""
        return self.tr(
            "Every kept checkpoint of {0} adapts to this support set: watch it learn to learn."
        ).format(run)

    def missing(self) -> str:
        learner = self._state.learner
        if learner is not None and learner.origin is None:
            return self.tr(
                "These weights come from no run. Train (F5), or open one in the Runs tab: then "
                "every checkpoint it kept can adapt to this support set."
            )
        return ""

    def steps(self) -> int:
        return min(self._state.planned, LONGEST)

    def picture(self) -> QWidget:
        return self.map

    def drawing(self) -> Drawing:
        return self.map

    def told(self) -> tuple[str, Table]:
        metric = words.metric_name(self.map.measure)
        title = self.tr("Query {0} of every checkpoint after every inner step").format(metric)
        return title, tables.moments(self.result, metric)

    def notes(self) -> tuple[str, ...]:
        """What the caption says is for who can click."""
        assert self.asked is not None and self.asked.learner.origin is not None
        text = self.tr("Run {0}, {1}: rows; inner steps on one support set: columns.")
        return (text.format(self.asked.learner.origin.name, counts.moments(len(self.result))),)

    def add_beside_caption(self, row: QHBoxLayout) -> None:
        self.copy.setObjectName("lab.timeMachine.copy")
        self.copy.setAccessibleName(self.tr("Copy the command"))
        self.copy.setToolTip(self.tr("Copy the command that gives the numbers of this cell"))
        theme.current().set_icon(self.copy, "copy", "muted")
        self.copy.clicked.connect(self._on_copy)
        row.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)

    def same_source(self, one: Learner, other: Learner) -> bool:
        return one.origin == other.origin

    def pieces(self, asked: Asked) -> Iterator[tuple[Moment, ...]]:
        family = self._state.workspace.data.family
        assert family is not None and asked.learner.origin is not None
        self._due = _moments_of(asked.learner.origin)
        return _rows(asked, family)

    def progress(self) -> float:
        return min(len(self.result) / max(self._due, 1), 1.0)

    def show_result(self) -> None:
        spec = self._state.spec
        assert spec is not None
        self.map.show_moments(self.result, spec.metric)
        self._mark_step()
        self.copy.setEnabled(self.map.cell is not None and bool(self.command()))
        self.caption.setText(self._in_words())

    def _in_words(self) -> str:
        if self.map.cell is None:
            text = self.tr(
                "Query {0} at {1} of the run (rows) after each inner step (columns). "
                "Click a cell, or walk with the arrow keys."
            )
            metric = words.metric_name(self.map.measure)
            return text.format(metric, counts.moments(len(self.result)))
        origin = self.command() or self.tr("untrained weights")
        return f"{self.map.describe(*self.map.cell)}\n{origin}"

    def command(self) -> str:
        """What gives the numbers of the chosen cell on the command line.

        Empty for the untrained weights: no checkpoint holds them.
        """
        assert self.asked is not None and self.asked.learner.origin is not None
        assert self.map.cell is not None
        row, step = self.map.cell
        if not self.result[row].kept:
            return ""
        iteration, run = self.result[row].iteration, _run_name(self.asked.learner.origin)
        view = self._state.workspace.in_view
        own = view.place is None and not view.edited and not view.locked
        drawn = view.split == "test" and own
        task = f"--seed {view.seed}" if drawn else "--scene FILE.mlab"
        start = shlex.join(["maml-workbench", "adapt", run])
        head = " --new-head" if self._state.fit.anew else ""
        return f"{start} --checkpoint {iteration} --steps {step} {task}{head}"

    @Slot(int, int)
    def _on_chosen(self, row: int, step: int) -> None:
        self._state.set_cursor(step)
        self.show_result()

    @Slot()
    def _mark_step(self) -> None:
        self.map.mark_step(self._state.cursor)

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.command())


def _run_name(path: Path) -> str:
    """What the command line finds the run by: its name among the stored ones, else its path."""
    from workbench.experiments.store import default_root

    root = default_root()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _moments_of(path: Path) -> int:
    """One for each checkpoint, and the untrained weights."""
    from workbench.core.errors import BadInput
    from workbench.experiments.store import open_run

    try:
        return len({0, *open_run(path).iterations()})
    except (BadInput, OSError):
        return 0


def _rows(asked: Asked, family: TaskFamily) -> Iterator[tuple[Moment, ...]]:
    """All rows so far. Every checkpoint has a module of its own, so nobody's turn is awaited."""
    import torch

    from workbench.core.errors import BadInput
    from workbench.experiments.insight.time_machine import moments
    from workbench.experiments.store import open_run

    torch.set_num_threads(1)
    assert asked.learner.origin is not None
    rows: tuple[Moment, ...] = ()
    run = open_run(asked.learner.origin)
    if not run.iterations():
        raise BadInput(
            run.path.name, marked("has saved no checkpoint yet"), marked("Try again in a moment")
        )
    for moment in moments(run, family, asked.task, asked.steps):
        rows = (*rows, moment)
        yield rows
