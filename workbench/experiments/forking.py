"""A fork: a new run that goes on from a checkpoint of another one, with other settings.

The weights go on, so whatever gives them their names and shapes stays: the model, what a task asks
of it, and of the method what it learns beside. All else may change, and what that does to the rest
of the state (the optimiser's memory, the best weights so far, the schedule) is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.core.algorithm import Weights
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.registry import get
from workbench.core.task import ProblemSpec, TaskFamily
from workbench.experiments.changes import Changes, before_and_after, differences, rate_jump
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import SECTIONS, ExperimentConfig
from workbench.experiments.devices import device_of
from workbench.experiments.foreign import with_data
from workbench.experiments.record.models import Origin
from workbench.experiments.session import build_algorithm
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training

MEASURED = ("eval_tasks", "select_by", "transductive", "seed")
"""Of the training: what settles how weights are measured on validation."""


def fork(
    parent: Run,
    kept: Checkpoint,
    wanted: ExperimentConfig,
    family: TaskFamily,
    path: Path | None = None,
) -> Training:
    """The training of a new run that goes on from a checkpoint of ``parent``, held for writing.

    ``family`` is prepared, with the settings wanted; without ``path`` the run lies among the stored
    ones. Raises `BadInput` at the field that a fork cannot change, before anything is written, and
    `OSError` where the disk refuses, with nothing left behind.
    """
    recorded = ExperimentConfig.from_json(kept.config)
    refuse(recorded, wanted, kept.iteration, kept.seconds)
    device_of(wanted.training.device)
    refuse_weights(kept.weights, recorded, wanted, family)
    origin = Origin(
        run=parent.path.name,
        iteration=kept.iteration,
        sha256=kept.sha256,
        changes=before_and_after(recorded, wanted),
    )
    kept_config = with_data(wanted, family)
    begins = started(kept, recorded, kept_config)
    return Training(wanted, family, parent.fork(kept_config, begins, origin, path), resume=begins)


def refuse(
    recorded: ExperimentConfig, wanted: ExperimentConfig, iteration: int, seconds: float = 0.0
) -> None:
    """Raise `BadInput` at the field that no fork can change, from that far into the training.

    Whether the method learns the same tensors takes its data; see `refuse_weights`.
    """
    changes = differences(recorded, wanted)
    for field in changes.get("model", {}):
        _refuse("model", field, recorded, marked("its weights have the shape of that model"))
    one, other = _asks(recorded), _asks(wanted)
    if one != other:
        alone = _culprit(recorded, changes, "task", lambda config: _asks(config) != one)
        _refuse("task", alone, recorded, marked("its model was made for what such a task asks"))
    if wanted.training.iterations <= iteration:
        raise BadInput(
            "training.iterations",
            marked(
                "is {0:,}, and the checkpoint is of iteration {1:,}: nothing is left to train"
            ).format(wanted.training.iterations, iteration),
            marked("Set more than {0:,}, or take an earlier checkpoint").format(iteration),
        )
    if 0 < wanted.training.seconds <= seconds:
        raise BadInput(
            "training.seconds",
            marked("is {0:g}, and {1:,.1f} s are trained: nothing is left to train").format(
                wanted.training.seconds, seconds
            ),
            marked("Set more, or take an earlier checkpoint"),
        )


def refuse_weights(
    weights: Weights, recorded: ExperimentConfig, wanted: ExperimentConfig, family: TaskFamily
) -> None:
    """Raise `BadInput` at the field of the method that makes it learn other tensors.

    ``family`` is prepared, with the settings wanted.
    """
    shapes = {name: tuple(tensor.shape) for name, tensor in weights.items()}

    def differs(config: ExperimentConfig) -> bool:
        algorithm = build_algorithm(config, family)
        try:
            initial = algorithm.initial()
        finally:
            algorithm.close()
        return shapes != {name: tuple(tensor.shape) for name, tensor in initial.items()}

    changes = differences(recorded, wanted)
    if "algorithm" in changes and differs(wanted):
        field = _culprit(recorded, changes, "algorithm", differs)
        _refuse("algorithm", field, recorded, marked("it learns other tensors with that"))


def started(kept: Checkpoint, recorded: ExperimentConfig, wanted: ExperimentConfig) -> Checkpoint:
    """The state that the fork begins with: all of the parent's that still means the same."""
    state = replace(kept, config=wanted.to_record(), passed_over=())
    if _forgets(recorded, wanted):
        state = replace(state, optimizer={})
    if _measures_anew(recorded, wanted):
        best = {name: tensor.clone() for name, tensor in kept.weights.items()}
        state = replace(state, best=None, best_weights=best, best_iteration=kept.iteration)
    return state


def consequences(
    kept: Checkpoint, recorded: ExperimentConfig, wanted: ExperimentConfig
) -> Iterator[str]:
    """What goes on otherwise than in an unbroken run with the settings wanted, in sentences."""
    if _forgets(recorded, wanted):
        yield marked("{0} starts without what {1} remembered of earlier gradients").format(
            wanted.training.optimizer, recorded.training.optimizer
        )
    if _measures_anew(recorded, wanted):
        yield marked("The best weights are sought anew: validation measures something else now")
    if jump := rate_jump(kept.iteration, kept.seconds, recorded, wanted):
        yield jump


def _forgets(recorded: ExperimentConfig, wanted: ExperimentConfig) -> bool:
    return recorded.training.optimizer != wanted.training.optimizer


def _measures_anew(recorded: ExperimentConfig, wanted: ExperimentConfig) -> bool:
    changes = differences(recorded, wanted)
    return any(section in changes for section in SECTIONS if section != "training") or any(
        field in MEASURED for field in changes.get("training", {})
    )


def _asks(config: ExperimentConfig) -> tuple[Any, ...]:
    """What the tasks of a configuration ask of a model."""
    spec: ProblemSpec = get("task", config.task.name).build(config.task).spec
    sizes = (spec.input_shape, spec.outputs, spec.vocabulary, spec.collected)
    return (*sizes, spec.labels, spec.metric)


def _culprit(
    recorded: ExperimentConfig,
    changes: Changes,
    section: str,
    differs: Callable[[ExperimentConfig], bool],
) -> str:
    """The field that alone makes the difference; the first one where only several together do."""
    fields = changes.get(section, {"name": ""})
    if "name" in fields:
        return "name"
    for field, value in fields.items():
        try:
            if differs(recorded.replaced({section: {field: value}})):
                return field
        except BadInput:  # it takes another field beside it
            continue
    return next(iter(fields))


def _refuse(section: str, field: str, recorded: ExperimentConfig, why: str) -> None:
    kept = recorded.to_json()[section].get(field, marked("nothing of that name"))
    raise BadInput(
        f"{section}.{field}",
        marked("is {0} in the run, and a fork cannot change it: {1}").format(kept, why),
        marked("Leave it, or start a new run with it"),
    )
