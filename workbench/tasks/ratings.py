"""The user's own ratings: who rated what, and tables of what is known of users and items."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from workbench.core.errors import BadInput, Missing
from workbench.core.findings import Finding, Mend
from workbench.core.marked import marked
from workbench.core.params import param, recorded
from workbench.core.registry import register
from workbench.core.task import Report
from workbench.tasks import split_record
from workbench.tasks.rated import columns, fact_tables, reading
from workbench.tasks.rated.columns import Columns, recognised
from workbench.tasks.rated.fact_tables import Source
from workbench.tasks.rated.family import RatedFamily
from workbench.tasks.rated.params import RatedParams
from workbench.tasks.rated.splitting import Users
from workbench.tasks.rated.table import RatingTable
from workbench.tasks.split_record import Found, SplitRecord

FORMS = marked(
    "Give a CSV or TSV file of userId,itemId,rating rows whose first row names its columns"
)


class RatingsParams(RatedParams):
    name: Literal["ratings"] = "ratings"
    root: Path = param(
        Path(),
        marked("CSV or TSV file of ratings, one a row: user, item, stars."),
        more=marked("Columns may have types, as in user_id:token. A column of times is passed by."),
    )
    user_column: str = param(
        "", marked("Column of the users; empty finds it by a usual name."), column_of="root"
    )
    item_column: str = param(
        "", marked("Column of the items; empty finds it by a usual name."), column_of="root"
    )
    rating_column: str = param(
        "", marked("Column of the ratings; empty finds it by a usual name."), column_of="root"
    )
    lowest: float = param(1.0, marked("Lowest rating of the scale."), ge=-100, le=100)
    highest: float = param(5.0, marked("Highest rating of the scale."), ge=-100, le=100)
    item_table: Path = param(
        Path(),
        marked("Table of what is known of items, such as title and genres, if there is one."),
        advanced=True,
    )
    title_column: str = param(
        "",
        marked("Column that people know an item by; empty finds it by a usual name."),
        advanced=True,
        column_of="item_table",
    )
    user_table: Path = param(
        Path(),
        marked("Table of what is known of users, such as their age, if there is one."),
        advanced=True,
    )

    arrived: Literal["none", "train", "val", "test"] = param(
        "none",
        marked("The split that users take who came after the run whose splits are kept."),
        advanced=True,
    )
    record: SplitRecord | None = recorded()

    @property
    def settled_by(self) -> str:
        """What settles a split, so that a record of another one is known from it."""
        return f"{self.val_share:g}/{self.test_share:g} {self.split_seed} {self.user_column}"

    @property
    def given(self) -> Columns:
        """The columns that are named."""
        return Columns(self.user_column, self.item_column, self.rating_column)

    def columns(self, names: Sequence[str], numeric: Collection[str]) -> dict[str, tuple[str, ...]]:
        found = dict(zip(columns.FIELDS, recognised(names, self.given), strict=True))
        found["title_column"] = self.title_column or columns.called(names, columns.TITLES)
        return {field: tuple(filter(None, [name])) for field, name in found.items()}


@register("task", "ratings", title=marked("My ratings"), params=RatingsParams)
class OwnRatings(RatedFamily):
    """Learn the taste of a new user from a handful of ratings in your own data."""

    params: RatingsParams
    keeps_splits = True

    @property
    def scale(self) -> tuple[float, float]:
        return self.params.lowest, self.params.highest

    def table(self, report: Report) -> tuple[RatingTable, tuple[str, ...]]:
        params = self.params
        if params.root == Path():
            raise Missing("task.root", marked("no file is chosen"), FORMS)
        self._check_scale()
        read, notes = reading.read(params.root, params.given, self.scale, report)
        items = Source(params.item_table, "task.item_table", columns.ITEMS, params.title_column)
        users = Source(params.user_table, "task.user_table", columns.USERS)
        item_facts, titles, item_notes = fact_tables.read(items, read.items)
        user_facts, names, user_notes = fact_tables.read(users, read.users)
        told = replace(
            read, users=names, items=titles, user_facts=user_facts, item_facts=item_facts
        )
        return told, (*notes, *item_notes, *user_notes)

    def divided(self, table: RatingTable) -> Users:
        found = super().divided(table)
        record = self._recorded(table.users)
        return found if record is None else Found(table.users).placed(record, self.params.arrived)

    def settled(self) -> dict[str, Any]:
        names, settled_by = self.pool.table.users, self.params.settled_by
        return {"record": split_record.recorded(names, self.users, settled_by)}

    def departures(self) -> str:
        names = self.pool.table.users
        record = self._recorded(names)
        if record is None:
            return ""
        found = Found(names, sort=split_record.USERS)
        return "; ".join(found.departures(self.users, record))

    def notes(self) -> tuple[str, ...]:
        """Told what came of the split that a run has recorded, where one has."""
        if self.params.record is None:
            return super().notes()
        kept = self._recorded(self.pool.table.users) is not None
        told = split_record.KEPT if kept else Finding(split_record.NOT_OF_THIS)
        return (*super().notes(), told)

    def _recorded(self, names: Sequence[str]) -> SplitRecord | None:
        return split_record.of_this(self.params.record, self.params.settled_by, names)

    def _check_scale(self) -> None:
        low, high = self.scale
        if low >= high:
            raise BadInput(
                "task.highest",
                marked("the scale begins at {0:g} and ends at {1:g}").format(low, high),
                marked("Give a highest rating above the lowest"),
                Mend("task.highest", low + 4),
            )
