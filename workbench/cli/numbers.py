"""Measured numbers as a person reads them: a mean and its interval have the same decimals.

An interval that reaches farther to one side than to the other is written with both its ends.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workbench.core.curve import Measure, Ruled
from workbench.core.metric import named

MOST_DECIMALS = 6
LARGE = 1e6
"""From here on an error is written with a power of ten."""


def measured(metric: str, *measure: float | None) -> str:
    """``84.0 ± 0.8 %``, ``1.92 ± 0.32`` or ``0.28 [0.16, 0.71]``, from what a `Measure` holds.

    The interval has two digits, the mean as many decimals.
    """
    return measured_alike(metric, [Measure(*measure)])[0]  # type: ignore[arg-type]


def measured_alike(metric: str, values: Sequence[Measure]) -> list[str]:
    """As `measured`, with the same decimals for all: the cells of one column."""
    write = _writer(metric, values)
    unit = " %" if named(metric).percent else ""
    return [f"{_with_interval(value, write)}{unit}" for value in values]


def medians(metric: str, values: Sequence[Measure]) -> list[str]:
    """With digits of their own; empty where an older version has kept none."""
    return ["" if value.median is None else number(metric, value.median) for value in values]


def difference_texts(metric: str, found: Mapping[str, Any]) -> tuple[str, str]:
    """The mean of a difference with its interval, and its median; of accuracies in points."""
    measure = Measure.of(found)
    mean, (median,) = measured(metric, *measure), medians(metric, [measure])
    return mean.replace(" %", " points"), median.replace(" %", " points")


def ruled_sentence(metric: str, metrics: Mapping[str, Any]) -> str:
    """That a few tasks make most of the mean; empty where they do not."""
    ruled = Ruled.of(metrics)
    if ruled is None:
        return ""
    median = number(metric, ruled.median)
    who = f"{ruled.by:,} of {ruled.tasks:,} tasks"
    if not math.isfinite(float(metrics["steps"][-1]["mean"])):
        verb = "diverges" if ruled.by == 1 else "diverge"
        return f"{who} {verb} while adapting, so that there is no mean; the median is {median}."
    verb = "makes" if ruled.by == 1 else "make"
    return f"{who} {verb} {100 * ruled.share:.0f} % of this mean; the median is {median}."


def _writer(metric: str, values: Sequence[Measure]) -> Callable[[float], str]:
    if named(metric).percent:
        return lambda value: f"{100 * value:.1f}"
    if any(abs(n) >= LARGE for v in values for n in (v.mean, v.ci95) if math.isfinite(n)):
        return lambda value: f"{value:.3e}"
    places = max((_decimals(value.ci95) for value in values), default=0)
    return lambda value: f"{value:.{places}f}"


def _with_interval(value: Measure, write: Callable[[float], str]) -> str:
    if value.skewed:
        low, high = value.ends
        return f"{write(value.mean)} [{write(low)}, {write(high)}]"
    spread = f"{value.ci95:.1e}" if "e" in write(1.0) else write(value.ci95)
    return f"{write(value.mean)} ± {spread}"


def change(metric: str, before: Measure, after: Measure) -> str:
    """``19.3 → 84.0 ± 0.8 %``: what adapting brings, with the interval of the end."""
    first, last = measured_alike(metric, [before._replace(ci95=after.ci95), after])
    return f"{first.partition(' ')[0]} → {last}"


def number(metric: str, value: float) -> str:
    """One value without an interval: accuracy in percent, an error with four digits."""
    if named(metric).percent:
        return f"{100 * value:.1f} %"
    return f"{value:.4g}" if abs(value) >= 10_000 else f"{value:#.4g}".rstrip(".")


def _decimals(ci95: float) -> int:
    """So many that an interval shows two digits."""
    if not math.isfinite(ci95) or ci95 <= 0:
        return 2
    return min(max(1 - math.floor(math.log10(ci95)), 0), MOST_DECIMALS)
