"""Where values of a field, and scores, stand on an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.core.metric import named
from workbench.gui.search.names import short_title
from workbench.gui.style import words
from workbench.gui.takeaway import ticks
from workbench.gui.takeaway.ticks import Tick

if TYPE_CHECKING:
    from workbench.experiments.search.space import Dimension

MOST, DECADES = 5, 9
"""Numbers along an axis, and powers of ten along one that is logarithmic."""
MARGIN = 0.04
FENCE = 1.5
"""Tukey's."""


@dataclass(frozen=True)
class Scale:
    """``low``, ``high`` and ``ticks`` are places as `at` gives them; logarithms where ``log``."""

    title: str
    low: float
    high: float
    ticks: tuple[Tick, ...]
    log: bool = False
    choices: tuple[Any, ...] = ()
    factor: float = 1.0

    def at(self, value: Any) -> float:
        """The place of a value; NaN where it has none."""
        if self.choices:
            return float(self.choices.index(value)) if value in self.choices else math.nan
        if value is None or not math.isfinite(value):
            return math.nan
        if self.log:
            return math.log10(value) if value > 0 else math.nan
        return self.factor * float(value)

    def share(self, value: Any) -> float:
        """From 0 at the lower end to 1 at the upper."""
        return self.share_of(self.at(value))

    def share_of(self, place: float) -> float:
        return (place - self.low) / (self.high - self.low)


def of_field(one: Dimension) -> Scale:
    from workbench.experiments.search.space import Choices

    title = short_title(one.field)
    if isinstance(one, Choices):
        named_ticks = tuple((float(at), _text(value)) for at, value in enumerate(one.values))
        return Scale(title, -0.5, len(one.values) - 0.5, named_ticks, choices=one.values)
    return _spanning(title, one.low, one.high, one.log, 1.0, one.whole)


def of_scores(metric: str, scores: Sequence[float]) -> Scale:
    """Logarithmic for errors, plain for what is the better the larger it is."""
    finite = [score for score in scores if math.isfinite(score)] or [1.0]
    log = not named(metric).larger_is_better and min(finite) > 0
    title = words.axis_title(metric)
    return _spanning(title, min(finite), max(finite), log, words.scale(metric))


def without_outliers(metric: str, scores: Sequence[float]) -> list[float]:
    """Those no worse than a fence of `FENCE` interquartile ranges, on the scale of the axis."""
    sign = -1.0 if named(metric).larger_is_better else 1.0
    log = sign > 0 and min(scores) > 0
    places = np.array([math.log10(score) if log else sign * score for score in scores])
    low, high = np.quantile(places, [0.25, 0.75])
    return [
        s for s, place in zip(scores, places, strict=True) if place <= high + FENCE * (high - low)
    ]


def _spanning(
    title: str, low: float, high: float, log: bool, factor: float, whole: bool = False
) -> Scale:
    ends = (math.log10(low), math.log10(high)) if log else (factor * low, factor * high)
    margin = MARGIN * (ends[1] - ends[0]) or max(abs(ends[0]) * 0.1, 0.1)
    low, high = ends[0] - margin, ends[1] + margin
    if log:
        return Scale(title, low, high, tuple(ticks.logarithmic(low, high, DECADES)), log=True)
    found = tuple(ticks.linear(low, high, MOST, whole))
    return Scale(title, low, high, found, factor=factor)


def _text(value: Any) -> str:
    return words.short(value) if isinstance(value, float) else str(value)
