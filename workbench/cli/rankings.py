"""What ``adapt`` says of a task of ratings: the items in the order of what is predicted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from torch import Tensor

from workbench import terminal
from workbench.cli.table import print_table
from workbench.core.algorithm import AdaptStep
from workbench.core.errors import BadInput, brief
from workbench.core.marked import marked
from workbench.experiments.session import Learner
from workbench.tasks.rated.rated_task import RatedTask, Rating

COLUMNS = ("item", "predicted", "rated")
Told = dict[str, Any]


def told(
    learner: Learner,
    task: RatedTask,
    steps: int,
    last: AdaptStep,
    asked: Sequence[str] | None,
) -> Told:
    """Print and return the ranking; with names ``asked`` what is predicted of these items."""
    ranking = _ranked(task, last.query_outputs)
    _print(ranking)
    if not asked:
        return {"ranking": ranking}
    other = replace(task, query=tuple(_asked(task, name) for name in asked))
    *_, end = learner.adapt(other.episode(), steps)
    answers = _ranked(other, end.query_outputs)
    _print(answers)
    return {"ranking": ranking, "asked": answers}


def _asked(task: RatedTask, name: str) -> Rating:
    item = task.pool.places.get(name.strip().casefold())
    if item is None:
        raise BadInput(
            "--ask",
            marked("there is no item {0}").format(brief(name)),
            marked("Write its name as in the data"),
        )
    given = task.given(item)
    return Rating(item, math.nan if given is None else given)


def _ranked(task: RatedTask, outputs: Tensor) -> list[Told]:
    """The highest first; what is not finite is null in JSON."""
    pairs = zip(task.query, outputs.flatten().tolist(), strict=True)
    rows = [
        {
            "item": task.name(rating.item),
            "predicted": value if math.isfinite(value) else None,
            "rated": None if math.isnan(rating.stars) else rating.stars,
        }
        for rating, value in pairs
    ]
    return sorted(rows, key=lambda row: -math.inf if row["predicted"] is None else row["predicted"],
                  reverse=True)  # fmt: skip


def _print(rows: Sequence[Told]) -> None:
    terminal.write()
    cells = [
        (
            row["item"],
            "–" if row["predicted"] is None else f"{row['predicted']:.2f}",
            "–" if row["rated"] is None else f"{row['rated']:g}",
        )
        for row in rows
    ]
    print_table(COLUMNS, cells)
