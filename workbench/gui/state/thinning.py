"""Which of very many points are drawn: the lowest and the highest of every bucket, both ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.gui.state.series import Array, Column, Places, Sliced

MAX_POINTS = 4000
FINEST = 64
"""Values of the smallest bucket whose extremes are kept."""
FAN = 16
"""Buckets of one level that make one of the next."""
AT_ONCE = 2**16
"""Values that are taken into buckets at a time: a few milliseconds."""
EXTREMES = np.dtype([("low", "f8"), ("high", "f8"), ("low_at", "i8"), ("high_at", "i8")])
"""Of a bucket: its lowest and its highest finite value, NaN without one, and where they stand."""

Extremes = NDArray[Any]


@dataclass(frozen=True)
class Thinned:
    """Places in ascending order, the values there, and whether more is to be drawn than this."""

    places: Places
    values: Array
    unfinished: bool = False


class Pyramid:
    """The extremes of buckets of 64 values, of 1,024, of 16,384 and so on, each worked out once.

    So a long curve costs what is drawn of it. The last ``loose`` values of the source may still
    change, as those of a smoothed line do, and stand in no bucket yet.
    """

    def __init__(self, source: Sliced, loose: int = 0) -> None:
        self.source, self._loose = source, loose
        self._levels = [Column(EXTREMES)]

    @property
    def _known(self) -> int:
        return len(self._levels[0]) * FINEST

    @property
    def _behind(self) -> bool:
        """Whether whole buckets have come that are not worked out yet."""
        return len(self.source) - self._loose - self._known >= FINEST

    def thinned(self, first: int, last: int, points: int) -> Thinned:
        """At most so many of the places from ``first`` up to ``last``; all where there are fewer.

        Of each bucket the lowest and the highest finite value in the order in which they stand,
        and both ends as they are; a bucket without a finite value is a gap. Buckets keep their
        places as the curve grows, so that it does not flicker; the first may begin before
        ``first``. Of very many new values some are worked out now, and the curve ends with them:
        ask again while it is `unfinished`.
        """
        if last - first <= points:
            return Thinned(np.arange(first, last), self.source[first:last])
        width = _width(last - first, points)
        if width < FINEST:
            start = first // width * width
            found = _extremes(self.source[start:last], start, width)
            return _with_ends(found, self.source, start, last)
        self._catch_up()
        return self._from_buckets(first, self._known if self._behind else last, width)

    def _from_buckets(self, first: int, last: int, width: int) -> Thinned:
        """Of the coarsest level that is fine enough."""
        level = max(at for at in range(len(self._levels)) if _size(at) <= width)
        group = -(-width // _size(level))
        start = first // (group * _size(level)) * group * _size(level)
        found = _folded(self._entries(level, start, last), group)
        return replace(_with_ends(found, self.source, start, last), unfinished=self._behind)

    def _catch_up(self) -> None:
        """Work out what has come, but no more than is quickly done."""
        settled = len(self.source) - self._loose
        start, last = self._known, min(settled // FINEST * FINEST, self._known + AT_ONCE)
        if last <= start:
            return
        self._levels[0].extend(_extremes(self.source[start:last], start, FINEST))
        for level, above in zip(self._levels, self._levels[1:], strict=False):
            above.extend(_folded(level[len(above) * FAN : len(level) // FAN * FAN], FAN))
        while len(top := self._levels[-1]) >= FAN:
            self._levels.append(Column(EXTREMES))
            self._levels[-1].extend(_folded(top[: len(top) // FAN * FAN], FAN))

    def _entries(self, level: int, start: int, last: int) -> Extremes:
        """Those of a level's buckets from ``start`` on, and of what stands in none of them yet."""
        size = _size(level)
        whole = self._levels[level][start // size : last // size]
        rest = start + len(whole) * size
        return np.concatenate([whole, _extremes(self.source[rest:last], rest, size)])


def thinned(x: Array, y: Array, points: int = MAX_POINTS) -> tuple[Array, Array]:
    """At most so many points of a whole curve that grows no more; see `Pyramid.thinned`."""
    if len(x) <= points:
        return x, y
    found = _with_ends(_extremes(y, 0, _width(len(x), points)), y, 0, len(y))
    return x[found.places], found.values


def _width(count: int, points: int) -> int:
    """Of the buckets, so that with one begun before the others there are no more points."""
    return -(-count // (points // 2 - 2))


def _size(level: int) -> int:
    size: int = FINEST * FAN**level
    return size


def _extremes(values: Array, start: int, size: int) -> Extremes:
    """Of buckets of so many values, the first of which stands at ``start``."""
    finite = np.where(np.isfinite(values), values, np.nan)
    low, high = _outermost(finite, finite, size)
    return _made(finite[low], finite[high], start + low, start + high)


def _folded(found: Extremes, size: int) -> Extremes:
    """So many buckets made into one."""
    low, high = _outermost(found["low"], found["high"], size)
    return _made(
        found["low"][low], found["high"][high], found["low_at"][low], found["high_at"][high]
    )


def _outermost(lows: Array, highs: Array, size: int) -> tuple[Places, Places]:
    """Where in each bucket the lowest and the highest stands; the first place of one of NaN."""
    starts = np.arange(0, len(lows), size)
    return (
        starts + _rows(lows, size, np.inf).argmin(1),
        starts + _rows(highs, size, -np.inf).argmax(1),
    )


def _rows(values: Array, size: int, nothing: float) -> Array:
    """``[buckets, size]``, the last one filled up."""
    count = -(-len(values) // size)
    rows = np.full(count * size, nothing)
    rows[: len(values)] = np.where(np.isnan(values), nothing, values)
    return rows.reshape(count, size)


def _made(low: Array, high: Array, low_at: Places, high_at: Places) -> Extremes:
    made = np.empty(len(low), EXTREMES)
    made["low"], made["high"], made["low_at"], made["high_at"] = low, high, low_at, high_at
    return made


def _with_ends(found: Extremes, source: Sliced, first: int, last: int) -> Thinned:
    """Of each bucket what comes first, then the other; no place twice."""
    if not len(found):
        return Thinned(np.empty(0, np.int64), np.empty(0))
    turned = (found["low_at"] > found["high_at"])[:, None]
    places = _pairs(found["low_at"], found["high_at"], turned)
    values = _pairs(found["low"], found["high"], turned)
    places = np.concatenate([[first], places, [last - 1]])
    values = np.concatenate([[source[first]], values, [source[last - 1]]])
    once = np.diff(places, prepend=-1) > 0
    return Thinned(places[once], values[once])


def _pairs(low: NDArray[Any], high: NDArray[Any], turned: NDArray[np.bool_]) -> NDArray[Any]:
    return np.where(turned, np.stack([high, low], 1), np.stack([low, high], 1)).ravel()
