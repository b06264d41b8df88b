"""Keeps the task family of the draft prepared, on a thread, a moment after the last keystroke."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.config import ExperimentConfig

SETTLE_MS = 250


class FamilyKeeper(QObject):
    """`family` is the data of the wanted configuration, or None while it is not ready."""

    changed = Signal()
    progress = Signal(str, float)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.family: TaskFamily | None = None
        self._wanted: Any = None
        self._config: ExperimentConfig | None = None
        self._job: Job | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._prepare)

    def want(self, config: ExperimentConfig | None) -> None:
        """Prepare this configuration's data, unless its task settings are the prepared ones."""
        if config is None:
            self._settle.stop()
            return
        if config.task == self._wanted:
            return
        if self.family is not None and self.family.params == config.task:
            self._settle.stop()  # changed and back: what is at hand was never put away
            self._wanted, self._config = config.task, config
            return
        first = self._wanted is None
        self._wanted, self._config = config.task, config
        self._settle.start(0 if first else SETTLE_MS)

    def close(self) -> None:
        self._settle.stop()
        self._cancel()

    @Slot()
    def _prepare(self) -> None:
        config = self._config
        assert config is not None
        self._cancel()
        self.family = None
        self.changed.emit()

        def work(report: Report) -> TaskFamily:
            from workbench.experiments.session import build_family

            family = build_family(config)
            family.prepare(report)
            return family

        self._job = Job(work, self._done, self._fail, self.progress.emit, self)

    def _done(self, family: TaskFamily) -> None:
        self.family = family
        self._job = None
        self.progress.emit("", 1.0)
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self._job = None
        self._wanted = None
        self.progress.emit("", 1.0)
        self.failed.emit(error)

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
