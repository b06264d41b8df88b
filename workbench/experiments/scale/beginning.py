"""What process 0 tells the others of the training that it has opened, so that theirs is the same.

They read no record themselves: it may lie on another machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core.task import TaskFamily
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.scale.group import Group
from workbench.experiments.scale.unwritten import Unwritten
from workbench.experiments.starting import Start
from workbench.experiments.trainer import Training


@dataclass(frozen=True)
class Beginning:
    """A training that is prepared, and whose record is open."""

    config: dict[str, Any]
    run: Path
    resume: Checkpoint | None
    start: Start | None

    @classmethod
    def of(cls, training: Training) -> Beginning:
        config = training.config.to_record()
        return cls(config, training.run.path, training.resume, training.start)

    @property
    def experiment(self) -> ExperimentConfig:
        return ExperimentConfig.from_json(self.config)

    def beside(self, family: TaskFamily, group: Group) -> Training:
        """The same training in another process, which records nothing; the family is prepared."""
        return Training(
            self.experiment,
            family,
            Unwritten(self.run),
            resume=self.resume,
            start=self.start,
            group=group,
        )
