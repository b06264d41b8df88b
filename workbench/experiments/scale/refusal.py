"""What cannot be trained on many processes, said before anything is written."""

from __future__ import annotations

from workbench.core.algorithm import Algorithm
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.registry import get
from workbench.experiments.config import ExperimentConfig

FLAG = "--processes"


def refuse(config: ExperimentConfig, processes: int) -> None:
    """Raise `BadInput` where a configuration cannot be shared out over so many processes."""
    kind = get("algorithm", config.algorithm.name).build
    tasks = config.training.meta_batch
    if processes > 1 and not (kind.trains and kind.divides):
        raise BadInput(
            FLAG,
            marked("{0} cannot be shared out: {1}").format(config.algorithm.name, _why(kind)),
            marked("Train it as one process, or choose another algorithm"),
        )
    if processes > tasks:
        raise BadInput(
            FLAG,
            marked(
                "{0} processes share out the {1} tasks of a meta-batch, and some would have none"
            ).format(processes, tasks),
            marked("Give at most {0}, or raise training.meta_batch").format(tasks),
        )


def refuse_draws(algorithm: Algorithm, processes: int) -> None:
    """Raise `BadInput` where the random draws of a task depend on the tasks beside it."""
    if processes > 1 and not algorithm.engine.divides:
        raise BadInput(
            "training.strategy",
            marked("vmap draws dropout for a whole meta-batch, which processes cannot share out"),
            marked("Choose general, or train as one process"),
        )


def _why(kind: type[Algorithm]) -> str:
    if not kind.trains:
        return marked("it trains nothing")
    return marked("its gradient is not the mean of what single tasks give")
