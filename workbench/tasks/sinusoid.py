"""Curves of one input: y = A sin(x - p), the first experiment of the MAML paper, and others.

C. Finn, P. Abbeel, S. Levine, "Model-Agnostic Meta-Learning for Fast Adaptation of Deep Networks",
ICML 2017, section 5.1: A in [0.1, 5], p in [0, pi], x in [-5, 5].
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Generator, Tensor

from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.objective import REGRESSION
from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.strict import strictly
from workbench.core.task import (
    SPLITS,
    ProblemSpec,
    Report,
    Slot,
    Split,
    SplitInfo,
    Task,
    TaskFamily,
)
from workbench.tasks.curve_file import (
    MAX_POINTS,
    CurveFile,
    numbers_as_json,
    numbers_of,
    read_points,
)
from workbench.tasks.floors import floors, least_squares
from workbench.tasks.functions import FUNCTIONS, SINE, Function, Name

X_LIMIT = 5.0
LEAST_ASKED = 100
"""Places at which the function through points of one's own is computed."""
ON_CURVE = 1e-5
"""A point as near as this to the true curve lies on it: some float32 roundings."""


class SinusoidParams(Params):
    name: Literal["sinusoid"] = "sinusoid"
    function: Name = param(
        "sine",
        marked("The family that curves are drawn from."),
        more=marked(
            "Sines are those of the MAML paper. Lines, parabolas, steps, sums of two sines of "
            "which one is twice as fast, and a mixture in which every second task is a line."
        ),
    )
    shots: int = param(
        10,
        marked("Points of the curve the learner sees before it is judged."),
        symbol="K",
        ge=1,
        le=1000,
    )
    queries: int = param(
        10,
        marked("Points of the curve each meta-training task is judged on."),
        symbol="Q",
        ge=1,
        le=1000,
        more=marked("Validation and test always judge on `test_grid` evenly spaced points."),
    )
    test_grid: int = param(
        100,
        marked("Evenly spaced points on which held-out curves are judged."),
        ge=2,
        le=2000,
        advanced=True,
    )


@dataclass(frozen=True)
class CurveTask(Task):
    """One function with the points a learner sees; any of them may have been moved by hand.

    Points of one's own lie on no curve that is known: its numbers then say nothing.
    """

    numbers: tuple[float, ...]
    """That settle the function: amplitude and phase of a sine."""
    support_x: Tensor
    """``[K]``"""
    support_y: Tensor
    """``[K]``; equal to the true curve until a point is moved."""
    query_x: Tensor
    """``[Q]``"""
    known: bool = True
    function: Function = SINE

    @property
    def title(self) -> str:
        if not self.known:
            return marked("{0} points of your own").format(len(self.support_x))
        return self.function.written(self.numbers)

    @property
    def traits(self) -> dict[str, float]:
        if not self.known:
            return {}
        pairs = zip(self.function.numbers, self.numbers, strict=True)
        return {number.name: value for number, value in pairs}

    def truth(self, x: Tensor) -> Tensor:
        """The true curve; NaN where it is not known."""
        if not self.known:
            return torch.full_like(x, torch.nan)
        return self.function.value(self.numbers, x)

    def value(self, x: float) -> float:
        """The true curve at one place."""
        return float(self.function.value(self.numbers, torch.tensor(x, dtype=torch.float64)))

    def with_item(self, slot: Slot, item: tuple[float, float]) -> CurveTask:
        """The same curve with a support point moved to (x, y)."""
        xs, ys, index = self.support_x.clone(), self.support_y.clone(), slot[-1]
        xs[index], ys[index] = item
        return replace(self, support_x=xs, support_y=ys)

    def with_added_point(self, x: float, y: float) -> CurveTask:
        """The same curve with one more support point, behind the others."""
        xs = torch.cat([self.support_x, torch.tensor([x])])
        ys = torch.cat([self.support_y, torch.tensor([y])])
        return replace(self, support_x=xs, support_y=ys)

    def without(self, slot: Slot) -> CurveTask:
        """The same curve without a support point; one must be left."""
        if len(self.support_x) == 1:
            raise BadInput(
                marked("Support points"),
                marked("the last one cannot be removed, there would be nothing to adapt to"),
                marked("Add another one first"),
            )
        kept = torch.arange(len(self.support_x)) != slot[-1]
        return replace(self, support_x=self.support_x[kept], support_y=self.support_y[kept])

    def bent(self, *numbers: float) -> CurveTask:
        """Another true curve: points that lie on the old one follow, the others stay."""
        bent = replace(self, numbers=numbers)
        near = ON_CURVE * max(1.0, *map(abs, self.numbers))
        on_curve = (self.support_y - self.truth(self.support_x)).abs() <= near
        ys = torch.where(on_curve, bent.truth(self.support_x), self.support_y)
        return replace(bent, support_y=ys)

    @property
    def slots(self) -> set[Slot]:
        return {(0, index) for index in range(len(self.support_x))}

    def to_json(self) -> dict[str, Any]:
        values = numbers_as_json(self.function, self.numbers)
        lists = ("support_x", "support_y", "query_x")
        own = {} if self.known else {"known": False}
        return {**values, **{name: getattr(self, name).tolist() for name in lists}, **own}

    def another_support(self, draws: Generator) -> CurveTask:
        """Points of one's own stay: there is no curve to draw others from."""
        if not self.known:
            return self
        x = X_LIMIT * (2 * torch.rand(len(self.support_x), generator=draws) - 1)
        return replace(self, support_x=x, support_y=self.truth(x))

    def redrawn(self, fresh: Task, locked: Collection[Slot], draws: Generator) -> CurveTask:
        """The curve stays with its locked points."""
        other = self.another_support(draws)
        held = torch.tensor([(0, index) in locked for index in range(len(self.support_x))])
        return replace(
            self,
            support_x=torch.where(held, self.support_x, other.support_x),
            support_y=torch.where(held, self.support_y, other.support_y),
        )

    def with_support_files(self, files: Sequence[Path]) -> CurveTask:
        """Points of one's own from CSV files of ``x,y`` rows; asked is what lies about them."""
        points = [point for file in files for point in read_points(file)]
        if len(points) > MAX_POINTS:
            raise BadInput(
                "--support",
                marked("holds {0:,} points").format(len(points)),
                marked("Give {0:,}").format(MAX_POINTS),
            )
        xs, ys = torch.tensor(points).T
        about = _about(xs, len(self.query_x))
        return replace(self, support_x=xs, support_y=ys, query_x=about, known=False)

    def episode(self) -> Episode:
        query_y = self.truth(self.query_x)
        return Episode(
            Batch(self.support_x[:, None], self.support_y[:, None]),
            Batch(self.query_x[:, None], query_y[:, None]),
        )


def _about(xs: Tensor, count: int) -> Tensor:
    """``[count]`` evenly spaced places, from a little before the first point to behind the last."""
    low, high = float(xs.min()), float(xs.max())
    room = 0.1 * (high - low) or 1.0
    return torch.linspace(low - room, high + room, max(count, LEAST_ASKED))


@register("task", "sinusoid", title=marked("Sinusoid and other curves"), params=SinusoidParams)
class Sinusoid(TaskFamily):
    """Regress a sine, or another function of unknown numbers, from a few points."""

    params: SinusoidParams

    @property
    def spec(self) -> ProblemSpec:
        return ProblemSpec(REGRESSION, input_shape=(1,), outputs=1)

    def prepare(self, report: Report) -> None:
        report("Curves are drawn as they are needed", 1.0)

    def splits(self) -> dict[Split, SplitInfo]:
        return {split: SplitInfo(classes=None, items=None) for split in SPLITS}

    @property
    def items(self) -> int:
        return self.params.shots + max(self.params.queries, self.params.test_grid)

    def task_from_json(self, values: dict[str, Any], split: Split) -> CurveTask:
        held = strictly(CurveFile, values, "task")
        lists = (held.support_x, held.support_y, held.query_x)
        support_x, support_y, query_x = (torch.tensor(v, dtype=torch.float32) for v in lists)
        if len(support_x) != len(support_y):
            counts = f"{len(support_x)} support_x and {len(support_y)} support_y"
            raise BadInput("task", marked("has {0}: a point without a value").format(counts))
        function, numbers = numbers_of(held)
        return CurveTask(numbers, support_x, support_y, query_x, held.known, function)

    def sample(self, split: Split, draws: Generator) -> CurveTask:
        numbers, support_x, query_x = self._draw(split, 1, draws)
        support_y = self._function.value(numbers, support_x)
        settled = tuple(float(number) for number in numbers)
        return CurveTask(settled, support_x[0], support_y[0], query_x[0], function=self._function)

    def episodes(self, split: Split, count: int, draws: Generator) -> Episode:
        numbers, *inputs = self._draw(split, count, draws)
        support, query = (
            Batch(x[:, :, None], self._function.value(numbers, x)[:, :, None]) for x in inputs
        )
        return Episode(support, query)

    def bounds(self, episodes: Episode) -> dict[str, Tensor]:
        """Floors, and least squares with the features of the right family where it has such."""
        found, features = floors(episodes), self._function.features
        if features is not None:
            found[marked("the right family")] = least_squares(episodes, features)
        return found

    @property
    def _function(self) -> Function:
        return FUNCTIONS[self.params.function]

    def _draw(
        self, split: Split, count: int, draws: Generator
    ) -> tuple[list[Tensor], Tensor, Tensor]:
        """Numbers ``[count, 1]`` each, support and query inputs ``[count, points]``."""
        drawn = self._function.numbers
        points = self.params.shots + self.params.queries
        uniform = torch.rand(count, len(drawn) + points, generator=draws)
        numbers = [
            number.low + (number.high - number.low) * uniform[:, at : at + 1]
            for at, number in enumerate(drawn)
        ]
        inputs = X_LIMIT * (2 * uniform[:, len(drawn) :] - 1)
        support_x, query_x = inputs[:, : self.params.shots], inputs[:, self.params.shots :]
        if split != "train":
            query_x = torch.linspace(-X_LIMIT, X_LIMIT, self.params.test_grid).expand(count, -1)
        return numbers, support_x, query_x
