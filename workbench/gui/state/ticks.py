"""Round numbers for axes."""

from __future__ import annotations

import numpy as np


def whole_step(last: float, most: int) -> int:
    """The distance of ticks on whole numbers from 0 to ``last``, at most so many of them."""
    decades = (int(factor * 10**power) for power in range(9) for factor in (1, 2, 5))
    return next(every for every in decades if last / every <= most)


def round_up(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 5, 7 times a power of ten."""
    decade = 10.0 ** np.floor(np.log10(max(value, 1.0)))
    return float(next(m * decade for m in (1, 1.5, 2, 3, 5, 7, 10) if m * decade >= value))
