"""Measured numbers as a person reads them: a mean and its interval have the same decimals."""

from __future__ import annotations

import math
from collections.abc import Sequence

MOST_DECIMALS = 6
LARGE = 1e6
"""From here on an error is written with a power of ten."""


def measured(metric: str, mean: float, ci95: float) -> str:
    """``84.0 ± 0.8 %`` or ``1.92 ± 0.32``: the interval with two digits, the mean to match."""
    return measured_alike(metric, [(mean, ci95)])[0]


def measured_alike(metric: str, values: Sequence[tuple[float, float]]) -> list[str]:
    """As `measured`, with the same decimals for all: the cells of one column."""
    if metric == "accuracy":
        return [f"{100 * mean:.1f} ± {100 * ci95:.1f} %" for mean, ci95 in values]
    if any(abs(number) >= LARGE for pair in values for number in pair if math.isfinite(number)):
        return [f"{mean:.3e} ± {ci95:.1e}" for mean, ci95 in values]
    places = max((_decimals(ci95) for _, ci95 in values), default=0)
    return [f"{mean:.{places}f} ± {ci95:.{places}f}" for mean, ci95 in values]


def change(metric: str, before: float, after: float, ci95: float) -> str:
    """``19.3 → 84.0 ± 0.8 %``: what adapting brings, with the interval of the end."""
    first, last = measured_alike(metric, [(before, ci95), (after, ci95)])
    return f"{first.partition(' ')[0]} → {last}"


def number(metric: str, value: float) -> str:
    """One value without an interval: accuracy in percent, an error with four digits."""
    if metric == "accuracy":
        return f"{100 * value:.1f} %"
    return f"{value:.4g}" if abs(value) >= 10_000 else f"{value:#.4g}".rstrip(".")


def _decimals(ci95: float) -> int:
    """So many that an interval shows two digits."""
    if not math.isfinite(ci95) or ci95 <= 0:
        return 2
    return min(max(1 - math.floor(math.log10(ci95)), 0), MOST_DECIMALS)
