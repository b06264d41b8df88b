"""The user's own ratings: who rated what, and tables of what is known of users and items."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from workbench.core.errors import BadInput, Missing
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.task import Report
from workbench.tasks.rated import reading
from workbench.tasks.rated.fact_tables import Known
from workbench.tasks.rated.family import RatedFamily
from workbench.tasks.rated.params import RatedParams
from workbench.tasks.rated.table import RatingTable

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
        "", marked("Column of the users; empty finds it by a usual name."), max_length=200
    )
    item_column: str = param(
        "", marked("Column of the items; empty finds it by a usual name."), max_length=200
    )
    rating_column: str = param(
        "", marked("Column of the ratings; empty finds it by a usual name."), max_length=200
    )
    lowest: float = param(1.0, marked("Lowest rating of the scale."), ge=-1000, le=1000)
    highest: float = param(5.0, marked("Highest rating of the scale."), ge=-1000, le=1000)
    item_table: Path = param(
        Path(),
        marked("Table of what is known of items, such as title and genres, if there is one."),
        advanced=True,
    )
    user_table: Path = param(
        Path(),
        marked("Table of what is known of users, such as their age, if there is one."),
        advanced=True,
    )
    title_column: str = param(
        "",
        marked("Column of the item table that people know an item by; empty finds it."),
        max_length=200,
        advanced=True,
    )


@register("task", "ratings", title=marked("My ratings"), params=RatingsParams)
class OwnRatings(RatedFamily):
    """Learn the taste of a new user from a handful of ratings in your own data."""

    params: RatingsParams

    @property
    def scale(self) -> tuple[float, float]:
        return self.params.lowest, self.params.highest

    def table(self, report: Report) -> tuple[RatingTable, tuple[str, ...]]:
        params = self.params
        if params.root == Path():
            raise Missing("task.root", marked("no file is chosen"), FORMS)
        if params.lowest >= params.highest:
            raise BadInput(
                "task.highest",
                marked("the scale ends at {0:g} and begins at {1:g}").format(*reversed(self.scale)),
                marked("Give a highest rating above the lowest"),
                Mend("task.highest", params.lowest + 4),
            )
        columns = reading.Columns(params.user_column, params.item_column, params.rating_column)
        table, notes, keys = reading.read(params.root, columns, self.scale, report)
        users = Known(params.user_table, "task.user_table", "", reading.USERS)
        items = Known(params.item_table, "task.item_table", "", reading.ITEMS, params.title_column)
        told, further = reading.with_facts(table, keys, users, items)
        return told, (*notes, *further)
