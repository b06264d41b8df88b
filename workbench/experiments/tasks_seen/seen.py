"""Every task's curve of one evaluation, as it was measured a moment ago or is kept in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from workbench.core.algorithm import Scores
from workbench.core.curve import Curve, Measure, Ruled
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.metric import named
from workbench.core.sealed import read_sealed
from workbench.core.task import SPLITS, Split
from workbench.experiments.kept import predictions
from workbench.experiments.kept.classes import classes_of
from workbench.experiments.kept.naming import MAX_BYTES
from workbench.experiments.spread import spreads

AGAIN = marked("Measure again")


@dataclass(frozen=True)
class Seen:
    """T tasks of a split; column j is after j inner steps."""

    metrics: Mapping[str, Any]
    """As in ``result.json``: metric, split and protocol; mean, interval and quantiles a step."""
    seed: int
    values: Tensor
    """``[T, steps + 1]``, float64, the metric on the query sets; infinite or NaN has diverged."""
    query_loss: Tensor
    support_loss: Tensor | None = None
    """None in records of older versions."""
    classes: tuple[tuple[str, ...], ...] = ()
    """Of each task, label by label; empty where they come of no list, or an older version kept
    none."""
    fingerprint: str = ""
    """Of the data; empty where it is not known."""
    predictions: tuple[Tensor, Tensor] | None = None
    """``[T, n]`` each: the label of every query item, and the one it was taken for after the last
    step; None where there are none, or an older version kept none."""

    @property
    def metric(self) -> str:
        return str(self.metrics["name"])

    @property
    def split(self) -> Split:
        return SPLITS[SPLITS.index(self.metrics["split"])]

    @property
    def tasks(self) -> int:
        return len(self.values)

    @property
    def last(self) -> int:
        """The last step; 0 for a method without steps."""
        return self.values.shape[1] - 1

    @property
    def transductive(self) -> bool:
        return bool(self.metrics["transductive"])

    @property
    def larger_is_better(self) -> bool:
        return named(self.metric).larger_is_better

    def measure(self, step: int) -> Measure:
        """Mean, interval and median of all tasks after a step."""
        return Measure.of(self.metrics["steps"][step])

    def quantile(self, name: str) -> Tensor:
        """``[steps + 1]`` of ``mean``, ``median``, ``q05``, ``q25``, ``q75`` or ``q95``."""
        return torch.tensor([float(step[name]) for step in self.metrics["steps"]]).double()

    def ruled(self, step: int) -> Ruled | None:
        """The few tasks that make more than half of the mean after a step, if few do."""
        return Ruled.of({**self.metrics, "steps": self.metrics["steps"][: step + 1]})


def seen_now(curve: Curve, scores: Scores, seed: int) -> Seen:
    """What was just measured."""
    losses = (scores.query_loss.double(), scores.support_loss.double())
    labels = None
    if scores.wanted is not None and scores.predicted is not None:
        labels = scores.wanted, scores.predicted
    return Seen(curve.to_json(), seed, scores.metric.double(), *losses, predictions=labels)


def read_seen(file: Path) -> Seen:
    """What a file of ``evaluations`` keeps; raises `BadInput` with the way out."""
    values = read_sealed(file, MAX_BYTES, AGAIN)
    if not isinstance(values.get("per_task"), dict):
        raise BadInput(str(file), marked("keeps no score for each task"), AGAIN)
    try:
        return _whole(values)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        problem = marked("is damaged: it holds no measurement of every task")
        raise BadInput(str(file), problem, AGAIN) from error


def with_classes(seen: Seen, classes: tuple[tuple[str, ...], ...]) -> Seen:
    """With the classes of tasks that were drawn once more."""
    return replace(seen, classes=classes if all(classes) else ())


def _whole(values: Mapping[str, Any]) -> Seen:
    per_task, steps = values["per_task"], [dict(step) for step in values["steps"]]
    shape = (int(values["tasks"]), len(steps))
    found = _numbers(per_task["query_metric"], shape)
    metrics = {name: values[name] for name in ("name", "split", "tasks", "transductive")}
    metrics["seen_classes"] = bool(values.get("seen_classes"))
    SPLITS.index(metrics["split"])
    for step in steps:
        Measure.of(step)
    if any("q95" not in step for step in steps):
        errors = not named(str(metrics["name"])).larger_is_better
        for step, spread in zip(steps, spreads(found, errors), strict=True):
            step.update({**vars(spread), **step})
    support = per_task.get("support_loss")
    return Seen(
        metrics={**metrics, "steps": steps},
        seed=int(values["seed"]),
        values=found,
        query_loss=_numbers(per_task["query_loss"], shape),
        support_loss=None if support is None else _numbers(support, shape),
        classes=_classes(values.get("classes"), shape[0]),
        fingerprint=str(values.get("fingerprint", "")),
        predictions=predictions.unpacked(values, shape[0]),
    )


def _numbers(rows: Any, shape: tuple[int, int]) -> Tensor:
    found = torch.tensor([[float(v) for v in row] for row in rows], dtype=torch.float64)
    if found.shape != shape:
        raise ValueError("the scores of other tasks or steps")
    return found


def _classes(held: Any, tasks: int) -> tuple[tuple[str, ...], ...]:
    found = classes_of(held)
    if held is not None and len(found) != tasks:
        raise ValueError("the classes of other tasks")
    return found
