"""Tables about users or items: every column but key and title is something known of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.core.findings import Finding
from workbench.core.marked import marked
from workbench.tasks.rated.columns import TITLES, bare, called, is_list, written
from workbench.tasks.rated.table import Facts
from workbench.tasks.tables.table import Table, read_table, rows_counted

BAR = "|"
"""Between the words of a cell where the heading does not say that it is a list."""


class Source(NamedTuple):
    """Where a table stands; no file means that nothing is known."""

    path: Path
    where: str
    """The field that the file was named in."""
    keys: tuple[str, ...]
    """Usual names of the column with the user or item; else it is the first."""
    title: str = ""
    """The column that people know an item by; empty for a usual name."""


class Told(NamedTuple):
    facts: Facts
    names: tuple[str, ...]
    """What users or items are called."""
    notes: tuple[str, ...]


def read(source: Source, keys: Sequence[str]) -> Told:
    """Of users or items by their keys; raises `BadInput` where the table cannot be read at all."""
    if source.path == Path():
        return Told(Facts(), tuple(keys), ())
    table = read_table(source.path, source.where, "names")
    key = table.names.index(called(table.names, source.keys) or table.names[0])
    wanted = written(table.names, source.title) or called(table.names, TITLES)
    title = table.column(wanted, "task.title_column") if wanted else key
    rows: dict[str, list[str]] = {}
    for row in table.rows:
        rows.setdefault(row.cells[key].strip(), row.cells)
    columns = {
        bare(name): tuple(_words(rows[k][at], name) if k in rows else () for k in keys)
        for at, name in enumerate(table.names)
        if at not in (key, title)
    }
    names = tuple(rows[k][title].strip() or k if k in rows else k for k in keys)
    return Told(
        Facts(columns),
        _apart(names),
        (*_notes(source, table), *_twice(source, table, rows), *_missing(source, keys, rows)),
    )


def _words(cell: str, name: str) -> tuple[str, ...]:
    parts = cell.split(BAR) if BAR in cell else cell.split() if is_list(name) else [cell]
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _apart(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names of which none is another's: a number behind those that stand more than once."""
    counts, seen = Counter(names), Counter[str]()
    told = list[str]()
    for name in names:
        seen[name] += 1
        told.append(f"{name} ({seen[name]})" if counts[name] > 1 else name)
    return tuple(told)


def _notes(source: Source, table: Table) -> list[str]:
    """What was found in reading it, at its own field and by its name."""
    return [Finding(f"{source.path.name}: {note}", where=source.where) for note in table.notes]


def _twice(source: Source, table: Table, rows: dict[str, list[str]]) -> list[str]:
    """The first row of each is what is known of it."""
    count = len(table.rows) - len(rows)
    if not count:
        return []
    text = marked("{0}: {1} of what an earlier row tells of, left out")
    return [Finding(text.format(source.path.name, rows_counted(count)), where=source.where)]


def _missing(source: Source, keys: Sequence[str], rows: dict[str, list[str]]) -> list[str]:
    count = sum(key not in rows for key in keys)
    if not count:
        return []
    text = marked("{0} says nothing of {1:,} of the {2:,} that are rated or rate")
    return [Finding(text.format(source.path.name, count, len(keys)), where=source.where)]
