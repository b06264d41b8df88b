"""Watching meta-learning: does adapting help held-out tasks, and how much, as training goes on?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui import words
from workbench.gui.plots import Figure
from workbench.gui.tiles import Tiles
from workbench.gui.widgets import label
from workbench.gui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.core.task import ProblemSpec

LONG = 500
"""Steps of a run whose loss is drawn at half the rate."""


class TrainPanel(QWidget):
    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.train")
        self.setAccessibleName(self.tr("Training"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._workspace = workspace
        self._metric = ""
        self._skip = False
        self._waiting = self.tr("Drawn as the run goes on")
        self._tiles = Tiles(self)
        self._gap = self._make_gap()
        self._loss = self._make_loss()
        self._steps = self._make_steps()
        for figure in (self._gap, self._loss, self._steps):
            figure.failed.connect(workspace.trouble)
        self._hint = label("", "muted", wrap=True)
        self._lay_out()
        workspace.runStarted.connect(self._on_start)
        workspace.eventsArrived.connect(self._on_events)
        workspace.familyChanged.connect(self._on_family)
        workspace.draftChanged.connect(self._show_hint)
        self._show_hint()

    def figures(self) -> tuple[Figure, ...]:
        return self._gap, self._loss, self._steps

    def _make_gap(self) -> Figure:
        title = self.tr("Held-out tasks, before and after adapting")
        figure = Figure("gap", title, self.tr("outer iteration"), self._waiting)
        figure.add_band("gap", "after", 0.10)
        figure.add_band("ci", "after", 0.22)
        figure.add_line("chance", self.tr("chance"), "faint", dashed=True)
        figure.add_line("before", self.tr("before adapting"), "before", marker=True)
        figure.add_line("after", self.tr("after adapting"), "after", marker=True)
        return figure

    def _make_loss(self) -> Figure:
        title = self.tr("Meta-training loss")
        figure = Figure("loss", title, self.tr("outer iteration"), self._waiting)
        figure.add_line("support.raw", "", "before", alpha=0.25)
        figure.add_line("query.raw", "", "after", alpha=0.25)
        figure.add_line("support", self.tr("support, before"), "before", smooth=True)
        figure.add_line("query", self.tr("query, after"), "after", smooth=True)
        return figure

    def _make_steps(self) -> Figure:
        title = self.tr("Adaptation, step by step")
        figure = Figure("steps", title, self.tr("inner step"), self._waiting)
        figure.add_band("ci", "after", 0.2)
        figure.add_line("first", self.tr("first evaluation"), "support", marker=True, dashed=True)
        figure.add_line("newest", self.tr("newest"), "after", marker=True)
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
        fresh = self._workspace.history.config is None
        self._hint.setVisible(fresh)
        ready = self._workspace.ready
        self._hint.setText(
            self.tr("Press Start (F5) to meta-train this experiment; the curves grow as it learns.")
            if ready
            else self.tr("Loading the parts…")
        )

    @Slot()
    def _on_start(self) -> None:
        self._metric = ""
        for figure in self.figures():
            figure.clear()
        config = self._workspace.history.config
        if config is not None:
            self._gap.least = self._loss.least = float(config.training.eval_interval)
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
            self._name_axes(history.newest.metric)
            self._draw_gap()
            self._draw_steps()
        self._tiles.update_from(history)

    def _name_axes(self, metric: str) -> None:
        if metric == self._metric:
            return
        self._metric = metric
        title = words.axis_title(metric)
        self._gap.set_axis_title(title)
        self._steps.set_axis_title(title)
        loss = words.axis_title("mse") if metric == "mse" else self.tr("cross-entropy")
        self._loss.set_axis_title(loss)

    def _draw_loss_sometimes(self) -> None:
        """Every other time while it is long: nobody sees more than five frames a second of it."""
        self._skip = not self._skip and len(self._workspace.history.steps) > LONG
        if not self._skip or not self._workspace.busy:
            self._draw_loss()

    def _draw_loss(self) -> None:
        steps = self._workspace.history.steps
        x = steps.column(0)
        for column, name in ((1, "support"), (2, "query")):
            self._loss.set_line(f"{name}.raw", x, steps.column(column))
            self._loss.set_line(name, x, steps.column(column))
        self._loss.reserve(float(x[-1]))

    def _draw_gap(self) -> None:
        history = self._workspace.history
        assert history.newest is not None
        scale = words.scale(self._metric)
        x, before, _, after, ci = (history.evaluations.column(i) for i in range(5))
        self._gap.set_band("gap", x, before * scale, after * scale)
        self._gap.set_band("ci", x, (after - ci) * scale, (after + ci) * scale)
        self._gap.reserve(float(x[-1]))
        self._gap.set_line("before", x, before * scale)
        self._gap.set_line("after", x, after * scale)
        count = len(history.newest.mean) - 1
        after_title = self.tr("after {n} steps") if count != 1 else self.tr("after {n} step")
        mode = self.tr(" (transductive)") if history.newest.transductive else ""
        self._gap.set_line_title("after", after_title.format(n=count) + mode)
        self._draw_chance(x)
        gain = words.gain_text(self._metric, history.newest.before, history.newest.after)
        self._gap.note.setText(self.tr("gain now: {gain}").format(gain=gain))

    @Slot()
    def _on_family(self) -> None:
        """The data of an opened run may be ready only after its curves."""
        if len(self._workspace.history.evaluations):
            self._draw_chance(self._workspace.history.evaluations.column(0))

    def _spec(self) -> ProblemSpec | None:
        """Of the task whose curves are drawn, which need not be the task in view."""
        space = self._workspace
        config, family = space.history.config, space.family
        if config is not None and family is not None and family.params == config.task:
            return family.spec
        return space.training.spec if space.training.config is config else None

    def _draw_chance(self, x: Any) -> None:
        spec = self._spec()
        if self._metric == "accuracy" and spec is not None and spec.chance:
            ends = np.array([x[0], max(x[-1], x[0] + 1)])
            self._gap.set_line("chance", ends, np.full(2, 100 * spec.chance))

    def _draw_steps(self) -> None:
        history = self._workspace.history
        assert history.newest is not None and history.first is not None
        scale = words.scale(self._metric)
        for name, curve in (("first", history.first), ("newest", history.newest)):
            y = np.asarray(curve.mean) * scale
            self._steps.set_line(name, np.arange(len(y), dtype=float), y)
        y, ci = np.asarray(history.newest.mean), np.asarray(history.newest.ci95)
        x = np.arange(len(y), dtype=float)
        self._steps.set_band("ci", x, (y - ci) * scale, (y + ci) * scale)
