"""Who can race with the settings of the form, and why the others cannot; found on a thread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.contenders import Contender


class RaceChoices(QObject):
    """`found` carries the contenders, `failed` why there can be no race at all."""

    found = Signal(tuple)
    failed = Signal(object)

    def __init__(
        self, config: ExperimentConfig, family: TaskFamily | None, parent: QObject
    ) -> None:
        super().__init__(parent)
        work = partial(_contenders, config, family)
        self._job = Job(work, self.found.emit, self.failed.emit, parent=self)

    def close(self) -> None:
        self._job.cancel()


def _contenders(
    config: ExperimentConfig, family: TaskFamily | None, report: Report
) -> tuple[Contender, ...]:
    from workbench.core.registry import names
    from workbench.experiments.contenders import line_up
    from workbench.experiments.queue.admission import prepared

    return line_up(config, names("algorithm"), family or prepared(config))
