"""Watching meta-learning: does adapting help held-out tasks, and how much, as training goes on?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from workbench.gui.plots.engine_notice import EngineNotice
from workbench.gui.plots.figure import Figure
from workbench.gui.plots.lines import whiskers
from workbench.gui.plots.steps import StepsFigure
from workbench.gui.plots.tiles import Tiles
from workbench.gui.state import methods
from workbench.gui.state.series import Array
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import words
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.core.task import ProblemSpec
    from workbench.experiments.config import ExperimentConfig

BOUNDS = ("third", "faint", "support", "muted")
"""Colours of what a metric is measured by."""
LONG = 500
"""Steps of a run whose loss is drawn at half the rate."""
UNSEEN = 11
"""Of the times that news come, about one a second."""


class TrainPanel(QWidget):
    """`tasksWanted` asks for every task of the newest validation."""

    tasksWanted = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.train")
        self.setAccessibleName(self.tr("Training"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._workspace = workspace
        self._metric = ""
        self._skipped = 0
        self._losses = methods.LossNames("", "", "")
        self._waiting = self.tr("Drawn as the run goes on")
        self._tiles = Tiles(self)
        self._gap = self._make_gap()
        self._loss = self._make_loss()
        self._steps = StepsFigure(self._waiting)
        self._hint = label("", "muted", wrap=True)
        self._each = self._make_each()
        self._gap.add_button(self._each)
        self._engine = EngineNotice(workspace, (self._gap.waiting, self._loss.waiting), self)
        self._lay_out()
        workspace.history.began.connect(self._on_start)
        workspace.history.told.connect(self._on_events)
        workspace.training.ended.connect(self._draw_loss)
        workspace.data.changed.connect(self._on_family)
        workspace.draft.changed.connect(self._show_hint)
        self._show_hint()

    def figures(self) -> tuple[Figure, ...]:
        return self._gap, self._loss, self._steps

    def _make_gap(self) -> Figure:
        figure = Figure("gap", self._gap_title(True), self.tr("outer iteration"), self._waiting)
        figure.add_band("gap", self.tr("what adapting gains"), "after", 0.10)
        figure.add_band("ci", self.tr("95 % interval"), "after", 0.22)
        figure.add_line("chance", self.tr("chance"), "faint", dashed=True)
        for place, token in enumerate(BOUNDS):
            figure.add_line(f"bound{place}", "", token, dashed=True)
        figure.add_line("before", self.tr("before adapting"), "before", symbol="o")
        figure.add_line("before.spread", "", "before", symbol="_")
        figure.add_line("after.spread", "", "after", symbol="_")
        figure.add_line("median", self.tr("its median"), "after", dashed=True, alpha=0.7)
        figure.add_line("after", self.tr("after adapting"), "after", symbol="o")
        return figure

    def _make_each(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("train.tasks")
        button.setText(self.tr("Each task"))
        button.setAccessibleName(button.text())
        button.setToolTip(self.tr("Every task of the newest validation, and as they move"))
        button.setProperty("compact", True)
        button.clicked.connect(self.tasksWanted)
        return button

    def _gap_title(self, stepwise: bool) -> str:
        if stepwise:
            return self.tr("Held-out tasks, before and after adapting")
        return self.tr("Held-out tasks, given their support sets")

    def _make_loss(self) -> Figure:
        title = self.tr("Meta-training loss")
        figure = Figure("loss", title, self.tr("outer iteration"), self._waiting)
        figure.add_line("support.raw", "", "before", alpha=0.25)
        figure.add_line("query.raw", "", "after", alpha=0.25)
        figure.add_line("support", self.tr("support, before"), "before", smooth=True)
        figure.add_line("query", self.tr("query, after"), "after", smooth=True)
        return figure

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._loss, 1)
        below.addWidget(self._steps, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(8)
        layout.addWidget(self._tiles)
        layout.addWidget(self._hint)
        layout.addWidget(self._gap, 10)
        layout.addLayout(below, 9)

    @Slot()
    def _show_hint(self) -> None:
        """Before the first run: what to press, or what to correct first."""
        space = self._workspace
        self._hint.setVisible(space.history.config is None)
        text = self.tr("Loading the parts…")
        if space.draft.problems:
            text = self.tr("Cannot start yet: {0}.").format(space.draft.problems[0].problem)
        elif space.ready:
            text = self.tr("Press Start (F5) to run this experiment; the curves grow as it learns.")
        self._hint.setText(text)

    @Slot()
    def _on_start(self) -> None:
        self._metric = ""
        for figure in self.figures():
            figure.clear()
        config = self._workspace.history.config
        if config is not None:
            self._gap.least = self._loss.least = float(config.training.eval_interval)
            self._name_losses(config)
        self._tiles.clear()
        self._show_hint()

    @Slot(list)
    def _on_events(self, events: list[Any]) -> None:
        """Redraw once for all of them, and only what they changed."""
        from workbench.core.events import Evaluated, StepDone

        history = self._workspace.history
        if any(isinstance(event, StepDone) for event in events):
            self._draw_loss_sometimes()
        if any(isinstance(event, Evaluated) for event in events) and history.newest:
            self._metric = history.newest.metric
            self._gap.set_axis_title(words.axis_title(self._metric))
            self._draw_gap()
            self._steps.show_history(history)
        if self.isVisible():
            self._tiles.update_from(history)

    def showEvent(self, event: QShowEvent) -> None:
        """Numbers that nobody saw are not written."""
        super().showEvent(event)
        if self._workspace.history.config is not None:
            self._tiles.update_from(self._workspace.history)
            self._draw_loss()

    def _name_losses(self, config: ExperimentConfig) -> None:
        """What the losses are on differs from method to method."""
        self._losses = methods.losses(config)
        self._loss.set_axis_title(self._losses.axis)
        self._loss.set_line_title("support", self._losses.support)
        self._loss.set_line_title("query", self._losses.query)
        nothing = self.tr("Nothing is trained: this method is measured as it is.")
        self._loss.waiting.say(self._waiting if methods.trains(config) else nothing)

    def _draw_loss_sometimes(self) -> None:
        """Every other time while it is long: nobody sees more than five frames a second of it.

        Unseen, once a second, so that what is taken away by the menu is never older.
        """
        space, self._skipped = self._workspace, self._skipped + 1
        every = 2 if len(space.history.steps) > LONG else 1
        if self._skipped >= (every if self.isVisible() else UNSEEN) or not space.training.busy:
            self._draw_loss()

    @Slot()
    def _draw_loss(self) -> None:
        self._skipped = 0
        steps = self._workspace.history.steps
        if not len(steps):
            return
        x = steps.column(0)
        drawn = [(2, "query"), (1, "support")] if self._losses.support else [(2, "query")]
        for column, name in drawn:
            self._loss.set_line(f"{name}.raw", x, steps.column(column))
            self._loss.set_line(name, x, steps.column(column))
        self._loss.reserve(float(x[-1]))

    def _draw_gap(self) -> None:
        history = self._workspace.history
        assert history.newest is not None
        scale = words.scale(self._metric)
        x, *columns = (history.evaluations.column(i)[:] for i in range(8))
        before, after, median = (columns[place] * scale for place in (0, 3, 6))
        early, late = (columns[first : first + 2] for first in (1, 4))
        self._gap.set_band("gap", x, before, after)
        self._gap.set_band("ci", x, late[0] * scale, late[1] * scale)
        self._gap.reserve(float(x[-1]))
        count = len(history.newest.mean) - 1
        if count:
            self._draw_points("before", x, before, early[0] * scale, early[1] * scale)
        self._draw_points("after", x, after, late[0] * scale, late[1] * scale)
        if np.isfinite(median).any():
            self._gap.set_line("median", x, median)
        mode = words.protocol(history.newest.transductive, history.newest.seen_classes)
        self._gap.set_line_title("after", f"{words.steps_text(count)} ({mode})")
        self._gap.set_title(self._gap_title(count > 0))
        self._draw_chance(x)
        self._draw_bounds(x, history.newest.bounds)
        gain = words.gain_text(self._metric, history.newest.before, history.newest.after)
        self._gap.note.setText(self.tr("gain now: {gain}").format(gain=gain) if count else "")

    def _draw_bounds(self, x: Array, bounds: Mapping[str, float]) -> None:
        """What the metric is measured by: the best there is, and doing nothing."""
        ends = np.array([x[0], max(x[-1], self._gap.least)])
        for place, (name, value) in zip(range(len(BOUNDS)), bounds.items(), strict=False):
            self._gap.set_line_title(f"bound{place}", name)
            self._gap.set_line(f"bound{place}", ends, np.full(2, words.scale(self._metric) * value))

    def _draw_points(self, name: str, x: Array, y: Array, low: Array, high: Array) -> None:
        """A line; a single point, which has no band, with its interval."""
        alone = slice(None) if len(x) == 1 else slice(0)
        self._gap.set_line(name, x, y, low, high)
        self._gap.set_line(f"{name}.spread", *whiskers(x[alone], low[alone], high[alone]))

    @Slot()
    def _on_family(self) -> None:
        """The data of an opened run may be ready only after its curves."""
        if len(self._workspace.history.evaluations):
            self._draw_chance(self._workspace.history.evaluations.column(0))

    def _spec(self) -> ProblemSpec | None:
        """Of the task whose curves are drawn, which need not be the task in view."""
        space = self._workspace
        config, family = space.history.config, space.data.family
        if config is not None and family is not None and family.is_of(config.task):
            return family.spec
        return space.training.spec if space.training.config is config else None

    def _draw_chance(self, x: Any) -> None:
        spec = self._spec()
        if spec is not None and spec.chance and self._metric == spec.metric:
            ends = np.array([x[0], max(x[-1], self._gap.least)])
            self._gap.set_line("chance", ends, np.full(2, words.scale(self._metric) * spec.chance))
