"""A curve made smooth: the mean of the values around each."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.gui.state.series import Array, Sliced


class Smoothed:
    """What `smoothed` gives of numbers that grow, worked out for the part that is asked for."""

    def __init__(self, source: Sliced, reach: int) -> None:
        self.source, self.reach = source, reach

    def __len__(self) -> int:
        return len(self.source)

    def __getitem__(self, part: Any) -> Any:
        """A value, or those of a slice without a step."""
        if not isinstance(part, slice):
            at = range(len(self))[part]
            return self[at : at + 1][0]
        first, last, _ = part.indices(len(self))
        start = max(first - self.reach - 1, 0)
        around = self.source[start : last + self.reach]
        return smoothed(around, self.reach)[first - start : max(last, first) - start]


def smoothed(y: Array, reach: int) -> Array:
    """The mean of the values up to ``reach`` before and after each; it does not lag behind them.

    Where fewer values come after than before, a line is fitted to them instead: a mean would stand
    where the values were, not where they are. At the start the window shrinks on both sides. Only
    finite values count; NaN where a window has none. No sum reaches beyond its window, so that one
    huge value spoils none of those far from it.
    """
    count = len(y)
    if reach < 1 or count < 3:
        return y
    fine = np.isfinite(y)
    settled = max(count - reach, 1)
    sums = _windows(np.where(fine, y, 0.0), settled, reach)
    counts = _windows(fine.astype(float), settled, reach)
    means = np.divide(sums, counts, out=np.full(settled, np.nan), where=counts > 0)
    first = max(settled - reach, 0)
    return np.concatenate([means, _fitted(y[first:], settled - first, reach)])


def _windows(values: Array, settled: int, reach: int) -> Array:
    """The sums of the values around each of the first ``settled``, as far on either side."""
    size, start = 2 * reach + 1, min(reach, settled)
    shrunk = np.cumsum(values[: 2 * start])[::2]
    blocks = np.zeros(-(-len(values) // size) * size).reshape(-1, size)
    blocks.ravel()[: len(values)] = values
    upto, onwards = blocks.cumsum(1).ravel(), blocks[:, ::-1].cumsum(1)[:, ::-1].ravel()
    first = np.arange(settled - start)
    # A window is the end of one block and the beginning of the next, or a whole one.
    return np.concatenate(
        [shrunk, onwards[first] + np.where(first % size, upto[first + size - 1], 0)]
    )


def _fitted(y: Array, first: int, reach: int) -> Array:
    """At each place from ``first`` on, of the straight line through the finite values that begin
    ``reach`` before it, and never beyond them all."""
    at = np.arange(first, len(y))
    since = np.maximum(at - reach, 0)
    fine, x = np.isfinite(y), np.arange(len(y), dtype=float) - len(y)
    weight, values = fine.astype(float), np.where(fine, y, 0.0)
    parts: list[Array] = [weight, weight * x, values, weight * x * x, values * x]
    number, xs, ys, squares, products = (_from_the_end(part, np.add)[since] for part in parts)
    spread = number * squares - xs * xs
    slope = np.divide(number * products - xs * ys, spread, out=np.zeros(len(at)), where=number > 2)
    share = np.divide(1.0, number, out=np.full(len(at), np.nan), where=number > 0)
    line = ys * share + slope * (at - len(y) - xs * share)
    low = _from_the_end(np.where(fine, y, np.inf), np.minimum)[since]
    high = _from_the_end(np.where(fine, y, -np.inf), np.maximum)[since]
    clipped: Array = np.clip(line, low, high)
    return clipped


def _from_the_end(values: Array, put_together: np.ufunc) -> Array:
    found: Array = put_together.accumulate(values[::-1])[::-1]
    return found
