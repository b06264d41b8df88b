"""The data of the draft, prepared on a thread a moment after the last keystroke."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workbench.core.findings import Finding, found_in
from workbench.gui.state.draft import Draft
from workbench.gui.state.troubles import Troubles
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.config import ExperimentConfig

SETTLE_MS = 250
FAULT, WORTH = "data", "data.worth"
"""Causes of troubles: data that cannot be used, and what is found about data that can."""


class Data(QObject):
    """`family` is prepared and of the draft's task settings, or None while it is not ready.

    `changed` comes when it is there and when it is gone; `progress` while it is prepared.
    """

    changed = Signal()
    progress = Signal(str, float)

    def __init__(self, draft: Draft, troubles: Troubles, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.family: TaskFamily | None = None
        self._draft, self._troubles = draft, troubles
        self._wanted: Any = None
        self._config: ExperimentConfig | None = None
        self._wish: Callable[[TaskFamily], None] | None = None
        self._failing: Any = None
        """The task settings whose data could not be prepared."""
        self._job: Job | None = None
        self._settle = QTimer(self, singleShot=True)
        self._settle.timeout.connect(self._prepare)
        draft.changed.connect(self._follow)

    def when_ready(self, action: Callable[[TaskFamily], None]) -> None:
        """Do it now, or once the draft's data is prepared; a newer wish replaces an older one.

        Data that could not be prepared is tried again, and says again what it lacks.
        """
        self._wish = action
        self._want(self._draft.config)
        self._do_what_waits()

    def close(self) -> None:
        self._settle.stop()
        self._cancel()

    @Slot()
    def _follow(self) -> None:
        config = self._draft.config
        if config is None or config.task != self._failing:
            self._troubles.end(FAULT)
        self._want(config)

    def _want(self, config: ExperimentConfig | None) -> None:
        """Prepare this configuration's data, unless its task settings are the prepared ones."""
        if config is None:
            self._settle.stop()
            return
        if config.task == self._wanted:
            return
        if self.family is not None and self.family.is_of(config.task):
            self._settle.stop()  # changed and back: what is at hand was never put away
            self._wanted, self._config = config.task, config
            return
        first = self._wanted is None
        self._wanted, self._config = config.task, config
        self._settle.start(0 if first else SETTLE_MS)

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
        self._troubles.end(FAULT)
        self._warn(family)
        self.progress.emit("", 1.0)
        self.changed.emit()
        self._do_what_waits()

    def _warn(self, family: TaskFamily) -> None:
        """Say before Start what makes numbers on this data worth less, or is not used of it."""
        self._troubles.end(WORTH)
        if found := found_in(family.notes()):
            mends = (mend for finding in found for mend in finding.mends)
            self._troubles.say(WORTH, Finding(". ".join(found), *mends, where=found[0].where))

    def _fail(self, error: Exception) -> None:
        self._job = self._wanted = self._wish = None
        self._failing = None if self._draft.config is None else self._draft.config.task
        self.progress.emit("", 1.0)
        self._troubles.say(FAULT, error)

    def _do_what_waits(self) -> None:
        wish, family, config = self._wish, self.family, self._draft.config
        if wish is None or family is None or config is None or not family.is_of(config.task):
            return
        self._wish = None
        wish(family)

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
