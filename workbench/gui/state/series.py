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


def smoothed(y: Array, reach: int) -> Array:
    """The mean of the values up to ``reach`` before and after each; it does not lag behind them.

    Where fewer values come after than before, a line is fitted to them instead: a mean would stand
    where the values were, not where they are. At the start the window shrinks on both sides.
    """
    count = len(y)
    if reach < 1 or count < 3:
        return y
    index = np.arange(count)
    before = np.minimum(index, reach)
    result = _means(y, index - before, np.minimum(index + before, count - 1))
    for at in range(max(count - reach, 1), count):
        result[at] = _fitted(y[max(at - reach, 0) :], min(at, reach))
    return result


def _means(y: Array, first: NDArray[np.int_], last: NDArray[np.int_]) -> Array:
    """Of the finite values of each window, its last one included."""
    fine = np.isfinite(y)
    sums = np.concatenate([[0.0], np.cumsum(np.where(fine, y, 0.0))])
    counts = np.concatenate([[0], np.cumsum(fine)])
    total, number = sums[last + 1] - sums[first], counts[last + 1] - counts[first]
    means: Array = np.divide(total, number, out=np.full(len(y), np.nan), where=number > 0)
    return means


def _fitted(y: Array, at: int) -> float:
    """The straight line through the finite values, read at a place, and never beyond them all."""
    x = np.arange(len(y)) - at
    x, y = x[np.isfinite(y)], y[np.isfinite(y)]
    if len(y) < 3:
        return float(y.mean()) if len(y) else float("nan")
    spread = x - x.mean()
    slope = float(spread @ y / (spread @ spread))
    return float(np.clip(y.mean() - slope * x.mean(), y.min(), y.max()))


def whole_step(last: float, most: int) -> int:
    """The distance of ticks on whole numbers from 0 to ``last``, at most so many of them."""
    decades = (int(factor * 10**power) for power in range(9) for factor in (1, 2, 5))
    return next(every for every in decades if last / every <= most)


def round_up(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 5, 7 times a power of ten."""
    decade = 10.0 ** np.floor(np.log10(max(value, 1.0)))
    return float(next(m * decade for m in (1, 1.5, 2, 3, 5, 7, 10) if m * decade >= value))
