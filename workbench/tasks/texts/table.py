"""Sentences in a table: comma, semicolon or tab between the cells, names in the first row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from workbench.core.errors import BadInput, brief, printable
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.tasks.tables.rows import OFFERED, delimiter_of, lines
from workbench.tasks.tables.rows import cells as counted
from workbench.tasks.texts.corpus import Labelled


class Columns(NamedTuple):
    """The names of the columns; empty for one that is not asked for."""

    text: str = "text"
    label: str = "label"
    split: str = ""
    group: str = ""


def table_rows(
    path: Path, text: str, columns: Columns, where: str = "task.root"
) -> Iterator[Labelled]:
    """The rows of a table; raises `BadInput` that names the row, or the columns there are."""
    delimiter = delimiter_of(text, {name for name in columns if name})
    rows = lines(path, text, delimiter, where)
    _, names = next(rows)
    places = [_place(path, field, name, names) for field, name in columns._asdict().items()]
    for number, cells in rows:
        if len(cells) != len(names):
            problem = marked("{0}, row {1}, has {2} where {3} have names").format(
                path, number, counted(len(cells)), len(names)
            )
            raise BadInput(
                where, problem, marked("Put a cell that holds a comma or a line end in quotes")
            )
        yield Labelled(*("" if at is None else cells[at] for at in places))


def _place(path: Path, field: str, name: str, names: list[str]) -> int | None:
    if not name:
        return None
    found = [at for at, other in enumerate(names) if other.strip() == name]
    if len(found) == 1:
        return found[0]
    there = ", ".join(printable(other.strip(), 40) for other in names[:20])
    what = "more than one column" if found else "no column"
    problem = marked("{0} has {1} {2}; its columns are {3}").format(path, what, brief(name), there)
    where = f"task.{field}_column"
    offered = [Mend(where, other.strip()) for other in names[:OFFERED] if other.strip()]
    raise BadInput(where, problem, marked("Name one of them"), *offered)
