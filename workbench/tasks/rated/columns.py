"""Which columns of a table are users, items, ratings and titles: by their usual names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.core.errors import BadInput, printable
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.tasks.tables.rows import OFFERED
from workbench.tasks.tables.table import Table

USERS = ("userid", "user", "uid", "reviewerid", "customerid")
ITEMS = ("itemid", "item", "iid", "movieid", "movie", "productid", "asin", "bookid", "isbn")
RATINGS = ("rating", "ratings", "stars", "score", "overall")
TITLES = ("title", "movietitle", "itemtitle", "name", "itemname", "booktitle")
TIMES = ("timestamp", "time", "date", "unixreviewtime")
_TYPED = re.compile(r"^(.*):(token|token_seq|float|float_seq)$")
FIELDS = ("user_column", "item_column", "rating_column")


class Columns(NamedTuple):
    """Names of columns; empty where the table has none."""

    user: str = ""
    item: str = ""
    rating: str = ""


def recognised(names: Sequence[str], given: Columns) -> Columns:
    """The columns that ``given`` names, and for what it leaves empty those of a usual name."""
    usual = (USERS, ITEMS, RATINGS)
    return Columns(*(own or called(names, known) for own, known in zip(given, usual, strict=True)))


def chosen(table: Table, given: Columns) -> tuple[int, int, int]:
    """The places of users, items and ratings; raises `BadInput` at the field of one at fault."""
    found = recognised(table.names, Columns(*(written(table.names, name) for name in given)))
    for field, name in zip(FIELDS, found, strict=True):
        if not name:
            raise _unknown(table, field)
    user, item, rating = (
        table.column(name, f"task.{field}") for field, name in zip(FIELDS, found, strict=True)
    )
    if len({user, item, rating}) < len(FIELDS):
        raise BadInput(
            "task.item_column",
            marked("one column is used for more than one thing"),
            marked("Use each column once"),
        )
    return user, item, rating


def called(names: Sequence[str], known: Sequence[str]) -> str:
    """The first of the names that is a usual one; empty where none is."""
    plain = {_plain(bare(name)): name for name in reversed(names)}
    return next((plain[name] for name in known if name in plain), "")


def written(names: Sequence[str], name: str) -> str:
    """A name as the table writes it: ``user_id`` may stand there with its type behind."""
    return next((other for other in names if bare(other) == name), name)


def bare(name: str) -> str:
    """A name without its type, as in ``user_id:token``."""
    found = _TYPED.match(name)
    return found[1] if found else name


def is_list(name: str) -> bool:
    """Whether the heading says that the cells of a column hold several words."""
    found = _TYPED.match(name)
    return bool(found) and name.endswith("_seq")


def settings_of(path: Path) -> dict[str, str]:
    """The fields of a family of ratings for a table and those that lie beside it."""
    beside = {
        "item_table": [path.with_suffix(".item"), *_beside(path, ("movies", "items", "books"))],
        "user_table": [path.with_suffix(".user"), *_beside(path, ("users",))],
    }
    there = {
        field: next((str(file) for file in files if file != path and file.is_file()), "")
        for field, files in beside.items()
    }
    return {"root": str(path), **{field: file for field, file in there.items() if file}}


def _beside(path: Path, names: Sequence[str]) -> list[Path]:
    return [path.with_name(f"{name}{path.suffix}") for name in names]


def _plain(name: str) -> str:
    return re.sub(r"[ _.-]", "", name.strip().casefold())


def _unknown(table: Table, field: str) -> BadInput:
    there = ", ".join(printable(name, 40) for name in table.names[:20])
    return BadInput(
        f"task.{field}",
        marked("none of the columns of {0} has a usual name; there are {1}").format(
            table.path, there
        ),
        marked("Name one of them"),
        *(Mend(f"task.{field}", name) for name in table.names[:OFFERED]),
    )
