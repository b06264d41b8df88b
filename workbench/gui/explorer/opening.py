"""A task of an evaluation in the lab: the same items, adapted to by the run's own learner."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.errors import BadInput

if TYPE_CHECKING:
    from workbench.core.task import Split
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.tasks_seen.seen import Seen
    from workbench.gui.state.workspace import Workspace


@dataclass(frozen=True)
class Wish:
    """The task at a place of an evaluation; ``run`` is None for the training's own learner."""

    config: ExperimentConfig
    run: Path | None
    split: Split
    tasks: int
    seed: int
    place: int
    steps: int

    @classmethod
    def of(cls, seen: Seen, config: ExperimentConfig, run: Path | None, place: int) -> Wish:
        return cls(config, run, seen.split, seen.tasks, seen.seed, place, seen.last)


class Opening(QObject):
    """Waits for the run's learner and its data, then shows the task; `opened` carries the steps
    that it was measured with."""

    opened = Signal(int)

    def __init__(self, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._wish: Wish | None = None
        workspace.learners.changed.connect(self._try)
        workspace.data.changed.connect(self._try)
        workspace.troubles.said.connect(self._give_up)

    def open(self, wish: Wish) -> None:
        self._wish = wish
        if not self._is_learner_there():
            if wish.run is not None:
                self._workspace.open_run(wish.run)
        elif self._family() is None:
            self._workspace.draft.use_config(wish.config)
        self._try()

    def _is_learner_there(self) -> bool:
        assert self._wish is not None
        run, learner = self._wish.run, self._workspace.learners.current
        if run is None:
            return True
        return learner is not None and learner.origin == run and learner.label != "live"

    def _family(self) -> object | None:
        from workbench.experiments.foreign import opened

        assert self._wish is not None
        family = self._workspace.data.family
        fits = family is not None and family.is_of(opened(self._wish.config).task)
        return family if fits else None

    @Slot()
    def _try(self) -> None:
        from workbench.experiments.tasks_seen.draws import one_task

        wish = self._wish
        if wish is None or not self._is_learner_there() or self._family() is None:
            return
        self._wish = None
        family = self._workspace.data.family
        assert family is not None
        try:
            task = one_task(family, wish.split, wish.tasks, wish.seed, wish.place)
        except BadInput as problem:
            self._workspace.troubles.say("task", problem)
            return
        self._workspace.in_view.bring(wish.split, wish.seed, wish.place, task)
        self.opened.emit(wish.steps)

    @Slot(object)
    def _give_up(self) -> None:
        self._wish = None
