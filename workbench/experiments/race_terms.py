"""What is equal in a race: how much each contender may train, and which classes are held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.registry import get
from workbench.core.task import TaskFamily
from workbench.experiments.arithmetic import operations
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.contenders import Contender
from workbench.experiments.training_params import MAX_ITERATIONS


@dataclass(frozen=True)
class Terms:
    """By default each contender has the iterations, or the seconds, of the shared settings."""

    arithmetic: bool = False
    """Each does as much arithmetic as the shared algorithm does in the shared iterations."""
    split_by_seed: bool = False
    """Each seed holds out other classes, so that what lies between seeds includes the split."""

    def check(self, base: ExperimentConfig) -> None:
        """Raise `BadInput` for terms that these shared settings cannot have."""
        if self.split_by_seed and "split_seed" not in type(base.task).model_fields:
            raise BadInput(
                "--split-by-seed",
                marked("{0} has no classes that a seed could hold out").format(base.task.name),
                marked("Leave it out"),
            )
        if self.arithmetic and not get("algorithm", base.algorithm.name).build.trains:
            raise BadInput(
                "--arithmetic",
                marked("{0} does not train, so that its arithmetic is nothing").format(
                    base.algorithm.name
                ),
                marked("Start from a preset of maml"),
            )

    def fair(
        self, contenders: Sequence[Contender], base: ExperimentConfig, family: TaskFamily
    ) -> tuple[Contender, ...]:
        """The contenders, each with the iterations that these terms give it."""
        if not self.arithmetic:
            return tuple(contenders)
        counted = (c.operations for c in contenders if c.config == base)
        one = next(counted, None) or operations(base, family)
        return tuple(_with_share(contender, one) for contender in contenders)

    def of_seed(self, config: ExperimentConfig, seed: int) -> ExperimentConfig:
        """A contender's experiment with one seed."""
        changes: dict[str, dict[str, Any]] = {"training": {"seed": seed}}
        if self.split_by_seed:
            changes["task"] = {"split_seed": seed}
        return config.replaced(changes)

    def budget(self, base: ExperimentConfig) -> dict[str, float]:
        """What each may spend, by its unit."""
        training = base.training
        if training.seconds:
            return {"seconds": training.seconds}
        return {"arithmetic" if self.arithmetic else "iterations": training.iterations}


def _with_share(contender: Contender, one: float) -> Contender:
    """As many iterations as cost what the shared ones do, with as many validations."""
    config = contender.config
    if config is None or contender.operations == 0:
        return contender
    times = one / contender.operations
    training = config.training
    counts = {
        field: min(max(1, round(times * getattr(training, field))), MAX_ITERATIONS)
        for field in ("iterations", "eval_interval", "checkpoint_interval")
    }
    return replace(contender, config=config.replaced({"training": counts}))
