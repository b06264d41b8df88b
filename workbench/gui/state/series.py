"""Numbers that grow while they are drawn, held once: nothing is copied to make room for more."""

from __future__ import annotations

from typing import Any, Protocol, overload

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

Array = NDArray[np.float64]
Places = NDArray[np.int64]
CHUNK_BYTES = 2**21
"""Of a chunk; the system gives its pages when they are first written."""


class Sliced(Protocol):
    """An array, a column that grows, or what is worked out from one when it is asked for."""

    def __len__(self) -> int: ...

    @overload
    def __getitem__(self, part: int) -> float: ...

    @overload
    def __getitem__(self, part: slice) -> Array: ...


class Numbers(Sliced, Protocol):
    """What a line is drawn of: an array or a column."""

    def take(self, places: Places, /) -> Array: ...


class Column:
    """One kind of values in chunks of equal size; growing adds a chunk and moves none.

    A part within one chunk is a view, a longer one a copy.
    """

    def __init__(self, dtype: DTypeLike = np.float64) -> None:
        self._dtype = np.dtype(dtype)
        self._chunk = CHUNK_BYTES // self._dtype.itemsize
        self._chunks: list[NDArray[Any]] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def extend(self, values: NDArray[Any]) -> None:
        while len(values):
            chunk, at = divmod(self._length, self._chunk)
            if chunk == len(self._chunks):
                self._chunks.append(np.empty(self._chunk, self._dtype))
            now, values = values[: self._chunk - at], values[self._chunk - at :]
            self._chunks[chunk][at : at + len(now)] = now
            self._length += len(now)

    def __getitem__(self, part: Any) -> Any:
        """A value, or those of a slice without a step."""
        if not isinstance(part, slice):
            chunk, at = divmod(range(self._length)[part], self._chunk)
            return self._chunks[chunk][at]
        first, last, _ = part.indices(self._length)
        size = self._chunk
        pieces = [
            self._chunks[number][max(first - number * size, 0) : last - number * size]
            for number in range(first // size, -(-last // size))
        ]
        if len(pieces) == 1:
            return pieces[0]
        return np.concatenate(pieces) if pieces else np.empty(0, self._dtype)

    def take(self, places: Places) -> NDArray[Any]:
        """The values at places in ascending order."""
        edges = np.searchsorted(places, np.arange(len(self._chunks) + 1) * self._chunk)
        found = [
            chunk[places[first:last] - number * self._chunk]
            for number, chunk in enumerate(self._chunks)
            if (first := edges[number]) < (last := edges[number + 1])
        ]
        return np.concatenate(found) if found else np.empty(0, self._dtype)

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self[:], dtype)


class Series:
    """Columns of equal length; ``column(0)`` is the x axis."""

    def __init__(self, columns: int) -> None:
        self._columns = [Column() for _ in range(columns)]

    def __len__(self) -> int:
        return len(self._columns[0])

    def clear(self) -> None:
        """Columns that were handed out keep what they hold."""
        self._columns = [Column() for _ in self._columns]

    def extend(self, rows: ArrayLike) -> None:
        """``rows [N, columns]``."""
        table = np.asarray(rows, dtype=float).reshape(-1, len(self._columns))
        for column, values in zip(self._columns, table.T, strict=True):
            column.extend(values)

    def column(self, index: int) -> Column:
        return self._columns[index]
