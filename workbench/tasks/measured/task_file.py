"""A task of measurements as a scene holds it."""

from __future__ import annotations

from typing import Annotated, Any

import torch
from pydantic import Field
from torch import Tensor

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.strict import Strict, strictly
from workbench.core.units import Units
from workbench.tasks.measured.rows import LARGEST
from workbench.tasks.measured.task import MOST_ROWS, MeasuredTask, Rows

Value = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
Values = Annotated[list[Value], Field(min_length=1, max_length=1000)]
Open = Annotated[list[Value | None], Field(min_length=1, max_length=1000)]
Table = Annotated[list[Values], Field(min_length=1, max_length=MOST_ROWS, fail_fast=True)]
OpenTable = Annotated[list[Open], Field(min_length=1, max_length=MOST_ROWS, fail_fast=True)]


class MeasuredFile(Strict):
    id: str = Field(max_length=200)
    support_x: Table
    support_y: Table
    query_x: Table
    query_y: OpenTable


def task_of(values: Any, units: Units, rows: Rows | None) -> MeasuredTask:
    """The task again; ``rows`` are all of its id where the data has it. Raises `BadInput`."""
    held = strictly(MeasuredFile, values, "task")
    support, query = (
        Rows(_table(x, len(units.x.names)), _table(y, len(units.y.names)))
        for x, y in ((held.support_x, held.support_y), (held.query_x, held.query_y))
    )
    if len(support.x) != len(support.y) or len(query.x) != len(query.y):
        raise BadInput("task", marked("has rows of inputs without a row of outputs"))
    others = support[torch.zeros(0, dtype=torch.long)] if rows is None else rows
    return MeasuredTask(held.id, units, support, query, _without(others, support, query))


def _table(values: list[Any], width: int) -> Tensor:
    if any(len(row) != width for row in values):
        raise BadInput("task", marked("has a row that has not {0} columns").format(width))
    filled = [[torch.nan if value is None else value for value in row] for row in values]
    return torch.tensor(filled, dtype=torch.float64)


def _without(rows: Rows, *taken: Rows) -> Rows:
    """The rows of an id that stand in no set of the task."""
    used = {tuple(row) for part in taken for row in torch.cat([part.x, part.y], 1).tolist()}
    every = torch.cat([rows.x, rows.y], 1).tolist()
    return rows[torch.tensor([tuple(row) not in used for row in every], dtype=torch.bool)]
