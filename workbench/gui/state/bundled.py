"""The trained run that comes with the program: so that the first adaptation seen is a real one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from workbench.core import resources
from workbench.core.errors import BadInput
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.session import Learner

BUNDLED = "bundled"
"""The label of its learner."""


class Bundled(QObject):
    """At most one run for each kind of task; read on a thread when such tasks come into view."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._family: TaskFamily | None = None
        self._learner: Learner | None = None
        self._job: Job | None = None

    @property
    def pending(self) -> bool:
        """Whether `changed` will say what there is."""
        return self._job is not None and self._job.active

    @property
    def learner(self) -> Learner | None:
        """The learner for the data wanted last, if one was trained on it with such tasks."""
        return self._learner

    def want(self, family: TaskFamily) -> None:
        """Read the run for this data, unless that was asked for before."""
        if family is not self._family:
            self._read(family)

    def close(self) -> None:
        """Forget what is read; it is read anew when it is wanted."""
        if self._job is not None:
            self._job.cancel()
        self._family = self._learner = self._job = None

    def _read(self, family: TaskFamily) -> None:
        self.close()
        self._family = family
        path = resources.path("bundled", family.params.name)
        if not path.is_dir():
            return

        def work(report: Report) -> Learner | None:
            return _learner(family)

        self._job = Job(work, self._on_read, self._on_failed, parent=self)

    def _on_read(self, learner: Learner | None) -> None:
        self._learner = learner
        self.changed.emit()

    def _on_failed(self, error: Exception) -> None:
        """The job has logged it; without the example the lab shows untrained weights."""
        self._on_read(None)


def suits(learner: Learner, config: ExperimentConfig | None) -> bool:
    """Whether a learner is of the model and the algorithm that the settings name."""
    own = learner.config
    return config is not None and (own.model, own.algorithm) == (config.model, config.algorithm)


def _learner(family: TaskFamily) -> Learner | None:
    """The weights best on validation; None where they are of other data or of another shape."""
    from workbench.experiments.session import learner_of
    from workbench.experiments.store import open_run

    path = resources.path("bundled", family.params.name)
    kept = open_run(path).load_checkpoint()
    if kept.data_fingerprint != family.fingerprint:
        return None
    try:
        return replace(learner_of(kept, family), label=BUNDLED, origin=path).lent()
    except BadInput:
        return None
