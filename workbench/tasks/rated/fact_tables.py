"""Tables about users or items: every column but key and title is something known of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.core.findings import Finding
from workbench.core.marked import marked
from workbench.tasks.rated.cells import opened
from workbench.tasks.rated.table import Facts

TITLES = ("title", "movie_title", "name", "item_name")
_SEPARATOR = "|"
"""Between the words of a cell where the heading does not say that it is a list."""


class Known(NamedTuple):
    """Where a table stands; no file means that nothing is known."""

    path: Path
    where: str
    """The field that the file was named in."""
    key: str = ""
    """The column that names the user or item, where it is not the first that has a usual name."""
    usual: tuple[str, ...] = ()
    title: str = ""
    """The column that people know an item by."""


def facts_of(known: Known, keys: Sequence[str]) -> tuple[Facts, tuple[str, ...], tuple[str, ...]]:
    """Of users or items by their keys: facts, what they are called, and notes.

    Raises `BadInput` where the table cannot be read at all.
    """
    if known.path == Path():
        return Facts(), tuple(keys), ()
    cells = opened(known.path, known.where)
    at = cells.place(known.key, known.usual, f"{known.where}.key", needed=False)
    key = max(at, 0)
    title = cells.place(known.title, TITLES, "task.title_column", needed=False)
    rows, ragged = dict[str, list[str]](), 0
    for _, row in cells.rows:
        ragged += len(row) != len(cells.names)
        if len(row) == len(cells.names):
            rows[row[key].strip()] = row
    told = [name for place, name in enumerate(cells.names) if place not in (key, title)]
    columns = {
        name: tuple(
            _words(rows[k][cells.names.index(name)], name in cells.lists) if k in rows else ()
            for k in keys
        )
        for name in told
    }
    names = tuple(rows[k][title].strip() or k if title >= 0 and k in rows else k for k in keys)
    return Facts(columns), names, _notes(known, keys, rows, ragged)


def _words(cell: str, is_list: bool) -> tuple[str, ...]:
    parts = cell.split(_SEPARATOR) if _SEPARATOR in cell else cell.split() if is_list else [cell]
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _notes(
    known: Known, keys: Sequence[str], rows: dict[str, list[str]], ragged: int
) -> tuple[str, ...]:
    missing = sum(key not in rows for key in keys)
    told = list[str]()
    if ragged:
        text = marked("{0}: {1:,} rows of more or fewer cells than the first left out")
        told.append(Finding(text.format(known.path.name, ragged), where=known.where))
    if missing:
        text = marked("{0} says nothing of {1:,} of {2:,} that are rated")
        told.append(Finding(text.format(known.path.name, missing, len(keys)), where=known.where))
    return tuple(told)
