"""Runs on disk come back: to look at, or to go on with."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from workbench.core.user_code import Untrusted
from workbench.gui.desk.replay import Recorded, read_checkpoint, read_run
from workbench.gui.threads.background import Job

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.config import ExperimentConfig
    from workbench.gui.desk.workspace import Workspace


class Recordings(QObject):
    """Reads on a thread; a run that is going on is never disturbed."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._job: Job | None = None

    def show(self, path: Path) -> None:
        """Draw the curves of a run."""
        if not self._workspace.busy:
            read = partial(read_run, path)
            self._job = Job(read, self._on_read, self._workspace.trouble.emit, parent=self)

    def go_on(self, path: Path) -> None:
        """Train on from the newest checkpoint of a run, as soon as its data is there."""
        if not self._workspace.busy:
            read = partial(read_checkpoint, path)
            failed = partial(self._on_no_checkpoint, path)
            self._job = Job(read, self._on_checkpoint, failed, parent=self)

    def close(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_read(self, recorded: tuple[ExperimentConfig, list[Any]]) -> None:
        space, (config, events) = self._workspace, recorded
        if not space.busy:
            space.history.begin(config)
            space.runStarted.emit()
            space.tell(events)
            space.history.restart_clock()

    def _on_checkpoint(self, recorded: Recorded) -> None:
        self._workspace.draft.use_config(recorded.config)
        if not self._workspace.busy:
            self._workspace.when_ready(partial(self._train_on, recorded))

    def _on_no_checkpoint(self, path: Path, error: Exception) -> None:
        declined = partial(self._workspace.trouble.emit, error)
        if isinstance(error, Untrusted):
            self._workspace.untrusted.emit(error, partial(self.go_on, path), declined)
        else:
            declined()

    def _train_on(self, recorded: Recorded, family: TaskFamily) -> None:
        self._workspace.training.go_on(recorded.run, recorded.checkpoint, family)
        self._workspace.tell(recorded.events)
