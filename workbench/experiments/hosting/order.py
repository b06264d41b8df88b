"""What a process is told to train: a run that is on the disk, as a JSON object."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core import trust
from workbench.core.files import parse_json
from workbench.core.strict import Strict, strictly
from workbench.core.task import TaskFamily
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.session import build_family
from workbench.experiments.starting import start_of
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training

WHERE = "order"


class _File(Strict):
    run: str
    config: dict[str, Any]
    checkpoint: int | None = None
    weights: str = ""
    trusted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Order:
    """One training. Its run is made."""

    run: Path
    config: ExperimentConfig
    checkpoint: int | None = None
    """The iteration to go on from; None for a run that begins."""
    weights: Path | None = None
    """The file or run that a run begins with the weights of."""
    trusted: tuple[str, ...] = ()
    """By SHA-256: what this process trusts, whether or not that could be kept on the disk."""

    @classmethod
    def of(cls, training: Training, weights: Path | None = None) -> Order:
        """The same as a training that has told nothing yet."""
        return cls(
            training.run.path.resolve(),
            training.config,
            training.goes_on_from,
            None if weights is None else weights.resolve(),
            trust.given_now(),
        )

    def to_text(self) -> str:
        values = {
            "run": str(self.run),
            "config": self.config.to_record(),
            "checkpoint": self.checkpoint,
            "weights": "" if self.weights is None else str(self.weights),
            "trusted": self.trusted,
        }
        return json.dumps(values)

    @classmethod
    def from_text(cls, text: str) -> Order:
        """Raises `BadInput`; what the order trusts is trusted by this process until it ends."""
        values = parse_json(text, WHERE)
        found = strictly(_File, {**values, "trusted": tuple(values.get("trusted", ()))}, WHERE)
        trust.give_now(found.trusted)
        catalog.load()
        config = ExperimentConfig.from_json(found.config)
        weights = Path(found.weights) if found.weights else None
        return cls(Path(found.run), config, found.checkpoint, weights, found.trusted)

    def begun(self) -> Training:
        """The training, its run held for writing and its data prepared; raises `BadInput`."""
        run, family = Run(self.run), build_family(self.config)
        run.claim()
        family.prepare(_nobody_watches)
        return self._of(run, family)

    def _of(self, run: Run, family: TaskFamily) -> Training:
        if self.checkpoint is not None:
            kept = run.load_checkpoint(self.checkpoint)
            return Training(self.config, family, run, resume=kept)
        if self.weights is None:
            return Training(self.config, family, run)
        start = start_of(self.weights, self.config, family)
        return Training(self.config, family, run, start=start)


def _nobody_watches(message: str, share: float) -> None:
    """How far the data is was said when the window prepared it."""
