"""Ratings of the user's own: a table of them, and tables of what is known of users and items."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from workbench.core.errors import BadInput
from workbench.core.findings import Finding
from workbench.core.marked import marked
from workbench.core.task import Report
from workbench.tasks.rated.cells import opened
from workbench.tasks.rated.fact_tables import Known, facts_of
from workbench.tasks.rated.table import RatingTable, table_of

USERS = ("userid", "user_id", "user", "uid")
ITEMS = ("itemid", "item_id", "item", "movieid", "movie_id", "movie", "iid")
RATINGS = ("rating", "stars", "score")
TOLD = 3
"""Rows of a kind of fault that are named; the others are counted."""


@dataclass
class Columns:
    """Names of columns; an empty one is found by a usual name."""

    user: str = ""
    item: str = ""
    rating: str = ""


@dataclass
class Faults:
    """What could not be used, by what is wrong with it."""

    rows: dict[str, list[int]] = field(default_factory=dict)

    def add(self, what: str, row: int) -> None:
        self.rows.setdefault(what, []).append(row)

    def told(self, path: Path) -> Iterable[Finding]:
        for what, rows in self.rows.items():
            named = ", ".join(str(row) for row in rows[:TOLD])
            more = marked(" and {0:,} more").format(len(rows) - TOLD) if len(rows) > TOLD else ""
            text = marked("{0}: {1:,} left out, {2} (row {3}{4})")
            yield Finding(text.format(path.name, len(rows), what, named, more))


def read(
    root: Path, columns: Columns, scale: tuple[float, float], report: Report
) -> tuple[RatingTable, tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]]:
    """The ratings, what was left out, and the names of users and items as the file has them."""
    report("Reading ratings", 0.0)
    cells, faults = opened(root, "task.root"), Faults()
    at = (
        cells.place(columns.user, USERS, "task.user_column"),
        cells.place(columns.item, ITEMS, "task.item_column"),
        cells.place(columns.rating, RATINGS, "task.rating_column"),
    )
    users, items = dict[str, int](), dict[str, int]()
    stars = dict[tuple[int, int], float]()
    for number, row in cells.rows:
        found = _usable(row, at, len(cells.names), scale)
        if isinstance(found, str):
            faults.add(found, number)
            continue
        user, item, given = found
        pair = users.setdefault(user, len(users)), items.setdefault(item, len(items))
        if pair in stars:
            faults.add(marked("the same user and item again; the last one counts"), number)
        stars[pair] = given
    if not stars:
        told = "; ".join(faults.told(root))
        problem = marked("{0} holds no rating that can be used").format(root)
        raise BadInput("task.root", f"{problem} ({told})" if told else problem)
    keys = tuple(users), tuple(items)
    rows = [(user, item, given) for (user, item), given in stars.items()]
    return table_of(*keys, rows), tuple(faults.told(root)), keys


def _usable(
    row: list[str], at: tuple[int, int, int], columns: int, scale: tuple[float, float]
) -> tuple[str, str, float] | str:
    """User, item and stars; else what is wrong with the row."""
    if len(row) != columns:
        return marked("rows of more or fewer cells than the first")
    user, item, cell = (row[place].strip() for place in at)
    if not user or not item:
        return marked("rows without a user or an item")
    value = number_of(cell)
    if value is None:
        return marked("ratings that are no numbers")
    low, high = scale
    if not low <= value <= high:
        return marked("ratings outside {0:g} to {1:g}").format(low, high)
    return user, item, value


def number_of(cell: str) -> float | None:
    """A number with a decimal point or comma; None for anything else, NaN among it."""
    if not cell.isascii() or "_" in cell:
        return None
    try:
        value = float(cell.replace(",", ".") if cell.count(",") == 1 else cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def with_facts(
    table: RatingTable, keys: tuple[tuple[str, ...], tuple[str, ...]], users: Known, items: Known
) -> tuple[RatingTable, tuple[str, ...]]:
    """The table with what two further tables tell, and notes."""
    user_facts, _, user_notes = facts_of(users, keys[0])
    item_facts, titles, item_notes = facts_of(items, keys[1])
    called = replace(table, items=_apart(titles), user_facts=user_facts, item_facts=item_facts)
    return called, (*user_notes, *item_notes)


def _apart(titles: tuple[str, ...]) -> tuple[str, ...]:
    """Names of which none is another's: a number behind those that stand more than once."""
    counts, seen = Counter(titles), Counter[str]()
    names = list[str]()
    for title in titles:
        seen[title] += 1
        names.append(f"{title} ({seen[title]})" if counts[title] > 1 else title)
    return tuple(names)
