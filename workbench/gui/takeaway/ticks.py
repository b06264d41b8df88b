"""Where the numbers of an axis stand, and how they are written."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from workbench.gui.style import words

Tick = tuple[float, str]
Ticks = Sequence[Tick]
FACTORS = (1, 2, 5)
PLAIN = (1e-4, 1e5)
"""Steps and values between these are written without a power of ten."""


def linear(low: float, high: float, most: int, whole: bool = False) -> list[Tick]:
    """At most so many round numbers between two ends; ``whole`` ones have no decimals."""
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return []
    least = math.floor(math.log10(span)) - 3
    steps = (factor * 10.0**power for power in range(least, least + 6) for factor in FACTORS)
    step = next(s for s in steps if span / s <= most and not (whole and s < 1))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    places = max(-math.floor(math.log10(step) + 1e-9), 0)
    far = max(abs(low), abs(high)) >= PLAIN[1] or step < PLAIN[0]
    values = [number * step for number in range(first, last + 1)]
    return [(v, words.short(v + 0.0) if far else f"{v + 0.0:.{places}f}") for v in values]


def logarithmic(low: float, high: float, most: int) -> list[Tick]:
    """Between two decimal logarithms: powers of ten, and 2 and 5 times where these are few."""
    powers = np.arange(math.floor(low), math.ceil(high) + 1)
    powers = powers[:: max(-(-len(powers) // most), 1)]
    found = _within(low, high, [10.0**power for power in powers])
    if len(found) >= 3:
        return found
    found = _within(low, high, [factor * 10.0**power for power in powers for factor in FACTORS])
    if len(found) >= 2:
        return found
    return [(math.log10(v), text) for v, text in linear(10**low, 10**high, most) if v > 0]


def _within(low: float, high: float, values: Sequence[float]) -> list[Tick]:
    logs = [(math.log10(value), value) for value in values]
    return [(log, words.short(value)) for log, value in logs if low - 1e-9 <= log <= high + 1e-9]
