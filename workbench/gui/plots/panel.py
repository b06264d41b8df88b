"""Watching meta-learning: held-out tasks, the losses and how adapting goes, as training goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from workbench.gui.plots.engine_notice import EngineNotice
from workbench.gui.plots.figure import Figure
from workbench.gui.plots.gap import GapFigure
from workbench.gui.plots.losses import LossFigure
from workbench.gui.plots.steps import StepsFigure
from workbench.gui.plots.tiles import Tiles
from workbench.gui.state.workspace import Workspace
from workbench.gui.style.widgets import label
from workbench.gui.threads.turns import Turns

if TYPE_CHECKING:
    from workbench.core.task import ProblemSpec

LONG = 500
"""Steps of a run whose loss is drawn at half the rate."""
UNSEEN = 11
"""Of the times that news come, about one a second."""
FRAME_MS = 16


class TrainPanel(QWidget):
    """`tasksWanted` asks for every task of the newest validation.

    While a training goes on, each figure is drawn in a turn of the event loop of its own.
    """

    tasksWanted = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.train")
        self.setAccessibleName(self.tr("Training"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._workspace = workspace
        self._skipped = 0
        self._of_another_run: set[QWidget] = set()
        """What shows numbers that are no longer meant: cleared when its turn comes."""
        waiting = self.tr("Drawn as the run goes on")
        self._tiles = Tiles(self)
        self._gap = GapFigure(waiting)
        self._loss = LossFigure(waiting)
        self._steps = StepsFigure(waiting)
        self._hint = label("", "muted", wrap=True)
        self._each = self._make_each()
        self._gap.add_button(self._each)
        self._engine = EngineNotice(workspace, (self._gap.waiting, self._loss.waiting), self)
        self._lay_out()
        self._turns = Turns(self, FRAME_MS)
        self._tiles_due, self._gap_due, self._loss_due, self._steps_due = map(
            self._turns.take, (self._draw_tiles, self._draw_gap, self._draw_loss, self._draw_steps)
        )
        self._connect()
        self._show_hint()

    def figures(self) -> tuple[Figure, ...]:
        return self._gap, self._loss, self._steps

    def _make_each(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("train.tasks")
        button.setText(self.tr("Each task"))
        button.setAccessibleName(button.text())
        button.setToolTip(self.tr("Every task of the newest validation, and as they move"))
        button.setProperty("compact", True)
        button.clicked.connect(self.tasksWanted)
        return button

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

    def _connect(self) -> None:
        space = self._workspace
        space.history.began.connect(self._on_start)
        space.history.told.connect(self._on_events)
        space.training.ended.connect(self._on_ended)
        space.data.changed.connect(self._on_family)
        space.draft.changed.connect(self._show_hint)

    # --- when ----------------------------------------------------------------------------------

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
        self._turns.spread = self._workspace.training.busy
        self._of_another_run = {*self.figures(), self._tiles}
        for due in (self._tiles_due, self._gap_due, self._loss_due, self._steps_due):
            due()
        self._show_hint()

    @Slot(list)
    def _on_events(self, events: list[Any]) -> None:
        """Redraw once for all of them, and only what they changed."""
        from workbench.core.events import Evaluated, StepDone

        self._turns.spread = self._workspace.training.busy
        if any(isinstance(event, StepDone) for event in events):
            self._draw_loss_sometimes()
        if any(isinstance(event, Evaluated) for event in events):
            self._gap_due()
            self._steps_due()
        if self.isVisible():
            self._tiles_due()

    @Slot()
    def _on_ended(self) -> None:
        self._draw_loss()
        self._turns.finish()

    def showEvent(self, event: QShowEvent) -> None:
        """Numbers that nobody saw are not written."""
        super().showEvent(event)
        if self._workspace.history.config is not None:
            self._draw_tiles()
            self._draw_loss()

    def _draw_loss_sometimes(self) -> None:
        """Every other time while it is long: nobody sees more than five frames a second of it.

        Unseen, once a second, so that what is taken away by the menu is never older.
        """
        space, self._skipped = self._workspace, self._skipped + 1
        every = 2 if len(space.history.steps) > LONG else 1
        if self._skipped >= (every if self.isVisible() else UNSEEN) or not space.training.busy:
            self._loss_due()

    @Slot()
    def _on_family(self) -> None:
        """The data of an opened run may be ready only after its curves."""
        if len(self._workspace.history.evaluations):
            self._gap.show_chance(self._workspace.history.evaluations.column(0), self._spec())

    # --- what ----------------------------------------------------------------------------------

    @Slot()
    def _draw_tiles(self) -> None:
        if self._tiles in self._of_another_run:
            self._of_another_run.discard(self._tiles)
            self._tiles.clear()
        self._tiles.update_from(self._workspace.history)

    @Slot()
    def _draw_gap(self) -> None:
        history = self._workspace.history
        self._renew(self._gap)
        if history.newest is not None:
            self._gap.show_history(history, self._spec())
            self._gap.fitting.refresh()

    @Slot()
    def _draw_loss(self) -> None:
        history = self._workspace.history
        if self._loss in self._of_another_run and history.config is not None:
            self._loss.name_losses(history.config)
        self._renew(self._loss)
        self._skipped = 0
        if len(history.steps):
            self._loss.show_history(history)
            self._loss.fitting.refresh()

    @Slot()
    def _draw_steps(self) -> None:
        self._renew(self._steps)
        if self._workspace.history.newest is not None:
            self._steps.show_history(self._workspace.history)
            self._steps.fitting.refresh()

    def _renew(self, figure: Figure) -> None:
        """Clear it of another run, once."""
        if figure not in self._of_another_run:
            return
        self._of_another_run.discard(figure)
        figure.clear()
        config = self._workspace.history.config
        if config is not None and figure is not self._steps:
            figure.least = float(config.training.eval_interval)

    def _spec(self) -> ProblemSpec | None:
        """Of the task whose curves are drawn, which need not be the task in view."""
        space = self._workspace
        config, family = space.history.config, space.data.family
        if config is not None and family is not None and family.is_of(config.task):
            return family.spec
        return space.training.spec if space.training.config is config else None
