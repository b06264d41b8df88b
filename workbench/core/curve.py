"""What an evaluation found: the metric over many tasks after every inner step.

A mean alone misleads where a few tasks make most of it, so that the median and quantiles stand
beside it. All that is said of one step is a `Spread`; see `experiments.spread` for its formulas.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from workbench.core.metric import named

if TYPE_CHECKING:
    from workbench.core.task import Split

IntervalKind = Literal["normal", "bootstrap"]
Selection = Literal["mean", "median", "trimmed"]
"""What the weights best on validation are chosen by."""

FEW = 0.01
"""A smaller share of the tasks that makes more than half of a mean is worth a sentence."""


@dataclass(frozen=True)
class Spread:
    """How the tasks lie around the mean of one step. A task without a number counts as worst."""

    median: float
    q05: float
    q25: float
    q75: float
    q95: float
    trimmed: float
    """The mean without the tenth of the tasks at either end."""
    low: float
    """Lower end of the 95 % interval of the mean."""
    high: float
    interval: IntervalKind
    """``normal`` is 1.96 sd / sqrt(tasks) to either side; ``bootstrap`` is for heavy tails."""
    ruled_by: int | None = None
    """The smallest number of tasks that make more than half of the sum; of errors alone."""
    ruled_share: float | None = None
    """The share of the sum that those tasks make."""

    @classmethod
    def restore(cls, fields: Mapping[str, Any]) -> Spread:
        """From its recorded fields; ``"nan"`` and ``"inf"`` become numbers."""
        whole = {name: fields[name] for name in ("interval", "ruled_by") if name in fields}
        rest = {n: float(v) for n, v in fields.items() if n not in whole and v is not None}
        made: dict[str, Any] = {**rest, **whole}
        return cls(**made)


class Measure(NamedTuple):
    """A mean over tasks with its interval, as it is shown."""

    mean: float
    ci95: float
    """1.96 sd / sqrt(tasks)."""
    low: float | None = None
    high: float | None = None
    """Ends of an interval that is not the mean ± ``ci95``."""
    median: float | None = None
    """None where an older version has kept none."""

    @classmethod
    def of(cls, step: Mapping[str, Any]) -> Measure:
        """From one of the ``steps`` of a result; older ones lack what stands beside the mean."""
        low, high, median = (_optional(step.get(name)) for name in ("low", "high", "median"))
        if step.get("interval", "normal") == "normal":
            low = high = None
        return cls(float(step["mean"]), float(step["ci95"]), low, high, median)

    @property
    def ends(self) -> tuple[float, float]:
        if self.low is None or self.high is None:
            return self.mean - self.ci95, self.mean + self.ci95
        return self.low, self.high

    @property
    def skewed(self) -> bool:
        """Whether it reaches farther to one side than to the other."""
        return self.low is not None


class Ruled(NamedTuple):
    """The few tasks that make most of a mean."""

    by: int
    tasks: int
    share: float
    median: float

    @classmethod
    def of(cls, metrics: Mapping[str, Any]) -> Ruled | None:
        """After the last step of a result's ``metrics``; nothing where no few tasks rule."""
        last, tasks = metrics["steps"][-1], int(metrics["tasks"])
        by, median = last.get("ruled_by"), last.get("median")
        if by is None or median is None or int(by) >= FEW * tasks:
            return None
        return cls(int(by), tasks, float(last["ruled_share"]), float(median))


@dataclass(frozen=True)
class Curve:
    """How adaptation helps: the query metric at step 0..k over many tasks.

    ``ci95`` is 1.96 sd/sqrt(tasks), as in the MAML authors' evaluation code.
    """

    metric: str
    split: Split
    tasks: int
    transductive: bool
    """Predictions of one query item used statistics of the other query items."""
    mean: tuple[float, ...]
    ci95: tuple[float, ...]
    query_loss: tuple[float, ...]
    support_loss: tuple[float, ...]
    spread: tuple[Spread, ...] = ()
    """One a step; none in records of older versions."""
    seen_classes: bool = False
    """The tasks were of classes that the training has had too, with other items."""
    bounds: dict[str, float] = field(default_factory=dict, hash=False)
    """What the metric is measured by, the mean over the tasks; see `TaskFamily.bounds`."""

    @property
    def before(self) -> float:
        return self.mean[0]

    @property
    def after(self) -> float:
        return self.mean[-1]

    def measure(self, step: int) -> Measure:
        """What is shown of one step; -1 is the last."""
        mean, ci95 = self.mean[step], self.ci95[step]
        if len(self.spread) != len(self.mean):
            return Measure(mean, ci95)
        spread = self.spread[step]
        if spread.interval == "normal":
            return Measure(mean, ci95, median=spread.median)
        return Measure(mean, ci95, spread.low, spread.high, spread.median)

    def selected(self, by: Selection) -> float:
        """The number after adapting that weights are chosen by."""
        if by == "mean" or not self.spread:
            return self.after
        return float(getattr(self.spread[-1], by))

    def better_than(self, other: Curve | None, by: Selection = "mean") -> bool:
        """Whether it would be chosen; one that is no number never is."""
        own = self.selected(by)
        if not math.isfinite(own):
            return False
        if other is None:
            return True
        theirs = other.selected(by)
        return own > theirs if named(self.metric).larger_is_better else own < theirs

    @classmethod
    def restore(cls, fields: dict[str, Any]) -> Curve:
        """Rebuild a curve from its recorded fields; ``"nan"`` and ``"inf"`` become numbers."""
        numbers = {
            name: tuple(float(number) for number in value)
            for name, value in fields.items()
            if isinstance(value, (list, tuple)) and name != "spread"
        }
        spread = tuple(Spread.restore(step) for step in fields.get("spread", ()))
        return cls(**{**fields, **numbers, "spread": spread})

    @property
    def is_finite(self) -> bool:
        return math.isfinite(self.after)

    def to_json(self) -> dict[str, Any]:
        """The ``metrics`` object of the command line's contract."""
        pairs = zip(self.mean, self.ci95, self.query_loss, self.support_loss, strict=True)
        steps: list[dict[str, Any]] = [
            {"step": step, "mean": mean, "ci95": ci95, "query_loss": query, "support_loss": support}
            for step, (mean, ci95, query, support) in enumerate(pairs)
        ]
        for step, spread in zip(steps, self.spread, strict=False):
            step.update(asdict(spread))
        bounds = {"bounds": self.bounds} if self.bounds else {}
        return {
            "name": self.metric,
            "steps": steps,
            "tasks": self.tasks,
            "transductive": self.transductive,
            "seen_classes": self.seen_classes,
            "split": self.split,
            **bounds,
        }


def _optional(value: Any) -> float | None:
    return None if value is None else float(value)
