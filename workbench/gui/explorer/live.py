"""The validation of the training that goes on, or went on last: the newest, as it comes in."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from workbench.gui.explorer import work
from workbench.gui.threads.background import Job

if TYPE_CHECKING:
    from workbench.core.events import Evaluated
    from workbench.gui.explorer.state import Drawn, ExplorerState
    from workbench.gui.state.workspace import Workspace


class Live(QObject):
    """The same tasks at every validation: they are drawn once. `came` comes with another one."""

    came = Signal()

    def __init__(self, workspace: Workspace, state: ExplorerState, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._state = workspace, state
        self._shown: Evaluated | None = None
        self._of: tuple[Any, ...] | None = None
        """Data, number and seed of the tasks that are drawn."""
        self._job: Job | None = None
        workspace.history.told.connect(self.refresh)
        workspace.history.began.connect(self.refresh)

    @property
    def config(self) -> Any:
        return self._workspace.training.config

    @property
    def run(self) -> Path | None:
        return self._workspace.training.path

    @property
    def iteration(self) -> int | None:
        """Of the validation shown."""
        return None if self._shown is None else self._shown.iteration

    @Slot()
    def refresh(self) -> None:
        from workbench.experiments.tasks_seen.seen import seen_now

        newest, training = self._workspace.history.validations.newest, self._workspace.training
        if newest is self._shown or training.config is None:
            return
        self._shown = newest
        if newest is None or newest.scores is None:
            self._of = None
            self._state.show(None)
        else:
            seen = seen_now(newest.curve, newest.scores, training.config.training.seed)
            of = (training.family, seen.tasks, seen.seed)
            same = self._of == of
            self._state.show(seen, same_tasks=same)
            if not same:
                self._of = of
                self._draw()
        self.came.emit()

    def close(self) -> None:
        self._workspace.history.told.disconnect(self.refresh)
        self._workspace.history.began.disconnect(self.refresh)
        if self._job is not None:
            self._job.cancel()

    def _draw(self) -> None:
        family, seen = self._workspace.training.family, self._state.seen
        assert family is not None and seen is not None
        if self._job is not None:
            self._job.cancel()
        self._job = Job(
            partial(work.drawn, family, seen), self._on_drawn, self._on_undrawn, parent=self
        )

    def _on_drawn(self, drawn: Drawn) -> None:
        self._state.take(drawn)

    def _on_undrawn(self, error: Exception) -> None:
        from workbench.experiments.sentences import sentence

        self._state.refuse(sentence(error))
