"""Runs on disk come back: to look at, or to go on with."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workbench.core.errors import BadInput
from workbench.core.user_code import Untrusted
from workbench.gui.desk.replay import Recorded, Replay, read_checkpoint, read_run
from workbench.gui.threads.background import Job

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.gui.desk.workspace import Workspace


RECORD = "record"
"""The cause of troubles with what is recorded; over when another run is asked for."""


class Recordings(QObject):
    """Reads on a thread; a run that is going on is never disturbed."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._job: Job | None = None

    def show(self, path: Path) -> None:
        """Draw the curves of a run."""
        self._workspace.troubles.end(RECORD)
        if not self._workspace.busy:
            read = partial(read_run, path)
            self._job = Job(
                read, self._on_read, partial(self._workspace.troubles.say, RECORD), parent=self
            )

    def go_on(self, path: Path) -> None:
        """Train on from the newest checkpoint of a run, as soon as its data is there."""
        self._workspace.troubles.end(RECORD)
        if not self._workspace.busy:
            read = partial(read_checkpoint, path)
            failed = partial(self._on_no_checkpoint, path)
            self._job = Job(read, self._on_checkpoint, failed, parent=self)

    def close(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _on_read(self, replay: Replay) -> None:
        space = self._workspace
        if not space.busy:
            space.history.begin(replay.config)
            space.runStarted.emit()
            space.tell(replay.events)
            space.history.restart_clock()
            if replay.problem:
                space.troubles.say(
                    RECORD, BadInput("run", replay.problem, "Its other lines are shown")
                )

    def _on_checkpoint(self, recorded: Recorded) -> None:
        if recorded.checkpoint.passed_over:
            go_on = partial(self._go_on, recorded)
            self._workspace.waiting.ask_to_pass_over(recorded.checkpoint, go_on)
        else:
            self._go_on(recorded)

    def _go_on(self, recorded: Recorded) -> None:
        self._workspace.draft.use_config(recorded.config)
        if not self._workspace.busy:
            self._workspace.when_ready(partial(self._train_on, recorded))

    def _on_no_checkpoint(self, path: Path, error: Exception) -> None:
        declined = partial(self._workspace.troubles.say, RECORD, error)
        if isinstance(error, Untrusted):
            self._workspace.untrusted.emit(error, partial(self.go_on, path), declined)
        else:
            declined()

    def _train_on(self, recorded: Recorded, family: TaskFamily) -> None:
        from workbench.experiments.record.differences import changed_data, changed_packages

        self._workspace.training.go_on(recorded.run, recorded.checkpoint, family)
        self._workspace.tell(recorded.events)
        changed = changed_data(recorded.checkpoint, family), changed_packages(recorded.checkpoint)
        if any(changed):
            said = "; ".join(filter(None, changed))
            self._workspace.troubles.say(RECORD, BadInput(recorded.run.path.name, said))
