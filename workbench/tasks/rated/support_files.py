"""Ratings of one's own from a CSV file: an item by its name, and the stars it is given."""

from __future__ import annotations

from pathlib import Path

from workbench.core.errors import BadInput, brief
from workbench.core.files import read_text
from workbench.core.marked import marked
from workbench.tasks.rated.pool import RatedPool
from workbench.tasks.tables.numbers import number_in
from workbench.tasks.tables.rows import delimiter_of, lines

MAX_BYTES = 2 * 2**20
HEADING = ("item", "rating")
_REMEDY = marked("Give a CSV file of item,rating rows, such as Toy Story,4")


def read(file: Path, pool: RatedPool) -> list[tuple[int, float]]:
    """Items and stars; with or without the heading ``item,rating``. Raises `BadInput`."""
    text = read_text(file, MAX_BYTES, remedy=_REMEDY)
    rows = list(lines(file, text, delimiter_of(text), str(file)))
    if rows and tuple(cell.strip().lower() for cell in rows[0][1]) == HEADING:
        rows = rows[1:]
    if not rows:
        raise BadInput(str(file), marked("holds no ratings"), _REMEDY)
    return [_rating(f"{file}, row {number}", cells, pool) for number, cells in rows]


def _rating(where: str, cells: list[str], pool: RatedPool) -> tuple[int, float]:
    if len(cells) != 2:
        raise BadInput(
            where, marked("has {0} cells, not item and rating").format(len(cells)), _REMEDY
        )
    name = cells[0].strip()
    item = pool.places.get(name.casefold())
    if item is None:
        raise BadInput(
            where,
            marked("there is no item {0}").format(brief(name)),
            marked("Write its name as in the data"),
        )
    return item, _stars(where, cells[1].strip())


def _stars(where: str, cell: str) -> float:
    try:
        return number_in(cell, decimal_comma=True)
    except ValueError as error:
        raise BadInput(where, marked("the rating {0}").format(error), _REMEDY) from error
