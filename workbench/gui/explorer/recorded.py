"""The measurements of a recorded run: one is shown, any can be chosen, or taken once more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.core.user_code import Untrusted
from workbench.gui.explorer import told, work
from workbench.gui.state.measuring import answer
from workbench.gui.threads.background import Job

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.scores import Kept
    from workbench.experiments.tasks_seen.seen import Seen
    from workbench.gui.explorer.state import Drawn, ExplorerState
    from workbench.gui.state.workspace import Workspace


class Recorded(QObject):
    """`listed` comes with the measurements there are, `failed` with why one cannot be shown;
    `progress` while it measures, with a share of 1 at the end."""

    listed = Signal()
    failed = Signal(object)
    progress = Signal(str, float)

    def __init__(
        self,
        workspace: Workspace,
        state: ExplorerState,
        run: Path,
        config: ExperimentConfig,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._workspace, self._state = workspace, state
        self.run, self.config = run, config
        self.kept: list[Kept] = []
        self.shown: Kept | None = None
        self._reading: Job | None = None
        self._drawing: Job | None = None
        self._measuring: Job | None = None

    def read(self, wanted: Path | None = None) -> None:
        """List what there is, and show that file, or else the newest measurement."""
        self._stop(self._reading)
        listed = partial(self._on_listed, wanted)
        self._reading = Job(partial(work.listed, self.run), listed, self._fail, parent=self)

    def choose(self, kept: Kept) -> None:
        self._stop(self._reading)
        self._stop(self._drawing)
        self.shown = kept
        shown = partial(self._on_read, kept)
        self._reading = Job(partial(work.read, kept), shown, self._fail, parent=self)

    def measure_again(self) -> None:
        """The question of what is shown, or of what the training would have asked at its end."""
        from workbench.experiments.measuring import Question, question_of

        usual = Question(tasks=self.config.training.test_tasks)
        whole = self.shown is not None and self.shown.metrics
        question = question_of(self.shown) if self.shown is not None and whole else usual
        self.progress.emit("", 0.0)
        self._measuring = Job(
            partial(answer, self.run, question),
            self._on_measured,
            self._on_not_measured,
            self.progress.emit,
            self,
        )

    def stop_measuring(self) -> None:
        self._stop(self._measuring)
        self.progress.emit("", 1.0)

    def close(self) -> None:
        for job in (self._reading, self._drawing, self._measuring):
            self._stop(job)

    def _stop(self, job: Job | None) -> None:
        if job is not None:
            job.cancel()

    def _on_listed(self, wanted: Path | None, kept: list[Kept]) -> None:
        self.kept, self.shown = kept, None
        chosen = next((one for one in kept if one.file == wanted), kept[0] if kept else None)
        if chosen is None:
            self._fail(self._nothing())
        else:
            self.choose(chosen)
        self.listed.emit()

    def _nothing(self) -> Exception:
        from workbench.core.errors import BadInput
        from workbench.experiments.tasks_seen.seen import AGAIN

        return BadInput(self.run.name, self.tr("no task of this run is kept"), AGAIN)

    def _on_read(self, kept: Kept, seen: Seen) -> None:
        self._state.show(seen, closed=told.why_closed(kept))
        draw = partial(work.drawn_of_run, self.run, kept, seen, self._workspace.data.family)
        self._drawing = Job(draw, self._on_drawn, self._on_undrawn, parent=self)

    def _on_drawn(self, drawn: Drawn) -> None:
        self._state.take(drawn)

    def _on_undrawn(self, error: Exception) -> None:
        from workbench.experiments.sentences import sentence

        self._state.refuse(sentence(error))

    def _fail(self, error: Exception) -> None:
        self._state.show(None)
        self.failed.emit(error)

    def _on_measured(self, file: Path) -> None:
        self.progress.emit("", 1.0)
        self.read(file)

    def _on_not_measured(self, error: Exception) -> None:
        self.progress.emit("", 1.0)
        declined: Callable[[], None] = partial(self.failed.emit, error)
        if isinstance(error, Untrusted):
            self._workspace.troubles.untrusted.emit(error, self.measure_again, declined)
        else:
            declined()
