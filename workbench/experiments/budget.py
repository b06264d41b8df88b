"""What an experiment would need in memory, worked out before anything is allocated.

Models are built without storage (on torch's meta device) and counted, so that the bound holds for
every model and not for one field. Neither files nor a user's own module are touched.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import torch

from workbench.core.capacity import in_words, memory
from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.params import describe
from workbench.core.registry import get
from workbench.core.task import ProblemSpec, TaskFamily
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.evaluation import CHUNK

NUMBER = 4
"""Bytes of a float32."""
COPIES = 6
"""Of the weights while training: current, best, gradient, two moments, a task's own."""


def problems(config: ExperimentConfig) -> tuple[BadInput, ...]:
    """Why training this would not fit into this machine; each at the field to lower."""
    family: TaskFamily = get("task", config.task.name).build(config.task)
    return (*_model(config.model, family.spec, COPIES), *_batch(config, family))


def refuse_model(params: Any, spec: ProblemSpec) -> None:
    """Raise `BadInput` for a model of which not even one copy can be held."""
    for problem in _model(params, spec, 1):
        raise problem


def _model(params: Any, spec: ProblemSpec, copies: int) -> Iterator[BadInput]:
    count = _parameters(params, spec)
    if count * NUMBER * copies <= memory():
        return
    kept = f", and training keeps {copies}" if copies > 1 else ""
    field = next(info.name for info in describe(type(params)) if info.kind in ("int", "ints"))
    default = type(params).model_fields[field].default
    small = ",".join(map(str, default)) if isinstance(default, tuple) else default
    yield BadInput(
        f"model.{field}",
        marked(
            "makes a model of {0:,} parameters: {1} for each copy{2}, where this machine has {3}"
        ).format(count, in_words(count * NUMBER), kept, in_words(memory())),
        marked("Lower {0}; {1} is usual").format(field, small),
        Mend(f"model.{field}", default),
    )


@lru_cache(32)
def _parameters(params: Any, spec: ProblemSpec) -> int:
    """Of a model that can be built; why one cannot is said when it is."""
    if not params.counted:
        return 0
    try:
        with torch.device("meta"):
            model = get("model", params.name).build(params, spec)
    except BadInput:
        return 0
    return sum(weight.numel() for weight in model.parameters())


def _batch(config: ExperimentConfig, family: TaskFamily) -> Iterator[BadInput]:
    """The episodes of one outer step, and those of one piece of an evaluation."""
    task, training = config.task, config.training
    one = family.items * math.prod(family.spec.input_shape) * NUMBER
    tasks = max(training.meta_batch, min(CHUNK, max(training.eval_tasks, training.test_tasks)))
    if one * tasks <= memory():
        return
    sizes = {f"task.{n}": _times(task, n) for n in _SIZES if n in type(task).model_fields}
    if training.meta_batch > CHUNK:
        sizes["training.meta_batch"] = _times(training, "meta_batch")
    where = max(sizes, key=lambda name: sizes[name])
    yield BadInput(
        where,
        marked(
            "{0} tasks of {1} each are drawn at once: they need about {2}, "
            "where this machine has {3}"
        ).format(tasks, in_words(one), in_words(one * tasks), in_words(memory())),
        marked("Lower {0}").format(" or ".join(name.partition(".")[2] for name in sizes)),
        Mend(where, _default(training if where.startswith("training") else task, where)),
    )


_SIZES = ("ways", "shots", "queries", "image_size", "test_grid")


def _default(params: Any, where: str) -> Any:
    return type(params).model_fields[where.partition(".")[2]].default


def _times(params: Any, field: str) -> float:
    """How many times its default a field is: the one that stands out is named."""
    return float(getattr(params, field) / type(params).model_fields[field].default)
