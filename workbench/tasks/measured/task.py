"""One id with the rows a learner sees and those it is asked; rows may be changed by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Generator, Tensor

from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.task import Slot, Task
from workbench.core.units import Units
from workbench.tasks.measured.support_files import joined

MOST_ROWS = 10_000
"""Of a support set that is changed by hand or read from a file."""
Item = tuple[Sequence[float], Sequence[float]]
"""Inputs and outputs of a row, in the units of the data."""


@dataclass(frozen=True)
class Rows:
    """In the units of the data, in double precision."""

    x: Tensor
    """``[n, d]``"""
    y: Tensor
    """``[n, e]``"""

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, index: Tensor) -> Rows:
        return Rows(self.x[index], self.y[index])


@dataclass(frozen=True)
class MeasuredTask(Task):
    """Inputs and outputs are standardised for the learner by ``scaled``; here they are not."""

    name: str
    scaled: Units
    support: Rows
    query: Rows
    others: Rows
    """Rows of the same id that are in neither set: what another support set is drawn from."""

    @property
    def title(self) -> str:
        return self.name or marked("{0} rows of your own").format(len(self.support))

    @property
    def units(self) -> Units:
        return self.scaled

    @property
    def known(self) -> bool:
        return bool(torch.isfinite(self.query.y).all())

    @property
    def slots(self) -> set[Slot]:
        return {(0, index) for index in range(len(self.support))}

    def episode(self) -> Episode:
        return Episode(self._standard(self.support), self._standard(self.query))

    def _standard(self, rows: Rows) -> Batch:
        return Batch(self.scaled.x.standard(rows.x), self.scaled.y.standard(rows.y))

    def with_item(self, slot: Slot, item: Item) -> MeasuredTask:
        """The same id with other numbers in a support row."""
        x, y = self.support.x.clone(), self.support.y.clone()
        x[slot[-1]], y[slot[-1]] = self._numbers(item)
        return replace(self, support=Rows(x, y))

    def with_added(self, item: Item) -> MeasuredTask:
        """The same id with one more support row, behind the others."""
        if len(self.support) >= MOST_ROWS:
            raise BadInput(
                marked("Support set"),
                marked("holds {0:,} rows").format(MOST_ROWS),
                marked("Remove some first"),
            )
        x, y = self._numbers(item)
        rows = Rows(torch.cat([self.support.x, x[None]]), torch.cat([self.support.y, y[None]]))
        return replace(self, support=rows)

    def without(self, slot: Slot) -> MeasuredTask:
        """The same id without a support row; one must be left."""
        if len(self.support) == 1:
            raise BadInput(
                marked("Support set"),
                marked("its last row cannot be removed, there would be nothing to adapt to"),
                marked("Add another one first"),
            )
        kept = torch.arange(len(self.support)) != slot[-1]
        return replace(self, support=self.support[kept])

    def _numbers(self, item: Item) -> tuple[Tensor, Tensor]:
        x, y = (torch.tensor(list(part), dtype=torch.float64) for part in item)
        if x.shape != self.support.x.shape[1:] or y.shape != self.support.y.shape[1:]:
            raise BadInput(marked("Support set"), marked("a row has another number of columns"))
        return x, y

    def another_support(self, draws: Generator) -> MeasuredTask:
        """Other rows of the id; those it has already where it has no others."""
        return self._drawn(torch.zeros(len(self.support), dtype=torch.bool), draws)

    def redrawn(self, fresh: Task, locked: Collection[Slot], draws: Generator) -> MeasuredTask:
        """The id stays with its locked rows and what is asked of it."""
        held = torch.tensor([(0, index) in locked for index in range(len(self.support))])
        return self._drawn(held, draws)

    def _drawn(self, held: Tensor, draws: Generator) -> MeasuredTask:
        """Rows that are not held are drawn anew from all that are in no query set."""
        pool = Rows(*(torch.cat([a, b]) for a, b in (
            (self.support.x[~held], self.others.x), (self.support.y[~held], self.others.y)
        )))  # fmt: skip
        order = torch.randperm(len(pool), generator=draws)
        count = int((~held).sum())
        x, y = self.support.x.clone(), self.support.y.clone()
        drawn = pool[order[:count]]
        x[~held], y[~held] = drawn.x, drawn.y
        return replace(self, support=Rows(x, y), others=pool[order[count:]])

    def with_support_files(self, files: Sequence[Path]) -> MeasuredTask:
        """Rows of one's own from tables with the same columns; asked are those without outputs.

        Where every row has outputs, what lies about them is asked: even steps where there is one
        input, else the rows themselves.
        """
        rows = joined(files, self.scaled, MOST_ROWS)
        known = torch.isfinite(rows.y).all(1)
        if not known.any():
            raise BadInput(
                "--support",
                marked("no row has outputs, so there is nothing to adapt to"),
                marked("Write the outputs of some rows"),
            )
        support = Rows(rows.x[known], rows.y[known])
        asked = rows.x[~known] if not known.all() else _about(support.x)
        query = Rows(asked, torch.full((len(asked), rows.y.shape[1]), torch.nan).double())
        none = torch.zeros(0, dtype=torch.long)
        return replace(self, name="", support=support, query=query, others=support[none])

    def with_query_files(self, files: Sequence[Path]) -> MeasuredTask:
        """Rows of tables with the same inputs are asked; outputs that stand there judge."""
        found = joined(files, self.scaled, MOST_ROWS)
        return replace(self, query=Rows(found.x, found.y))

    def to_json(self) -> dict[str, Any]:
        """In the units of the data; outputs that are asked for are null."""
        sets = {"support": self.support, "query": self.query}
        parts = {
            f"{name}_{part}": _plain(getattr(rows, part))
            for name, rows in sets.items()
            for part in ("x", "y")
        }
        return {"id": self.name, **parts}


ABOUT = 100
"""Places at which the function through rows of one's own is computed."""


def _about(x: Tensor) -> Tensor:
    """Evenly spaced places, from a little before the first row to behind the last."""
    if x.shape[1] > 1:
        return x
    low, high = float(x.min()), float(x.max())
    room = 0.1 * (high - low) or 1.0
    return torch.linspace(low - room, high + room, ABOUT, dtype=torch.float64)[:, None]


def _plain(values: Tensor) -> list[list[float | None]]:
    return [[None if v != v else v for v in row] for row in values.tolist()]
