"""Series of numbers that grow while they are drawn: storage, smoothing, and thinning."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MAX_POINTS = 4000


class Series:
    """Columns of equal length in a buffer that doubles; ``column(0)`` is the x axis."""

    def __init__(self, columns: int) -> None:
        self._data = np.empty((columns, 1024))
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def clear(self) -> None:
        self._length = 0

    def extend(self, rows: list[tuple[float, ...]]) -> None:
        needed = self._length + len(rows)
        while needed > self._data.shape[1]:
            self._data = np.concatenate([self._data, np.empty_like(self._data)], axis=1)
        if rows:
            self._data[:, self._length : needed] = np.asarray(rows, dtype=float).T
        self._length = needed

    def column(self, index: int) -> Array:
        return self._data[index, : self._length]


def thinned(x: Array, y: Array, points: int = MAX_POINTS) -> tuple[Array, Array]:
    """At most ``points`` points that keep every bucket's minimum and maximum."""
    if len(x) <= points:
        return x, y
    size = -(-len(x) // (points // 2))
    buckets = -(-len(x) // size)
    folded = np.append(y, np.full(size * buckets - len(x), y[-1])).reshape(buckets, size)
    starts = np.arange(buckets) * size
    low = np.minimum(starts + folded.argmin(1), len(x) - 1)
    high = np.minimum(starts + folded.argmax(1), len(x) - 1)
    chosen = np.stack([np.minimum(low, high), np.maximum(low, high)], 1).ravel()
    chosen[-1] = len(x) - 1
    return x[chosen], y[chosen]


def smoothed(y: Array, window: int) -> Array:
    """A trailing mean over at most ``window`` values; the first values use what there is."""
    if window <= 1 or len(y) < 2:
        return y
    sums = np.cumsum(np.where(np.isfinite(y), y, 0.0))
    shifted = np.concatenate([np.zeros(min(window, len(y))), sums[:-window]])
    counts = np.minimum(np.arange(1, len(y) + 1), window)
    result: Array = (sums - shifted) / counts
    return result


def whole_step(last: float, most: int) -> int:
    """The distance of ticks on whole numbers from 0 to ``last``, at most so many of them."""
    decades = (int(factor * 10**power) for power in range(9) for factor in (1, 2, 5))
    return next(every for every in decades if last / every <= most)


def round_up(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 5, 7 times a power of ten."""
    decade = 10.0 ** np.floor(np.log10(max(value, 1.0)))
    return float(next(m * decade for m in (1, 1.5, 2, 3, 5, 7, 10) if m * decade >= value))
