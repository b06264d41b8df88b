"""Rows sorted by the id of their task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.tasks.measured.rows import Numbers
from workbench.tasks.measured.task import Rows

MANY = 2000
"""Rows of an id that are shuffled whole to draw some; of more, some are picked."""


@dataclass(frozen=True)
class Ids:
    """The rows of each id stand together, in the order of the file."""

    names: tuple[str, ...]
    starts: tuple[int, ...]
    """Of the rows of each id, and behind the last one."""
    rows: Rows
    splits: tuple[str, ...]
    """The word that the table says of each id: empty for none, two words for more than one."""

    def count(self, index: int) -> int:
        return self.starts[index + 1] - self.starts[index]

    def of(self, indices: Sequence[int]) -> Rows:
        """All rows of some ids."""
        places = [torch.arange(self.starts[i], self.starts[i + 1]) for i in indices]
        return self.rows[torch.cat(places)]

    def drawn(self, index: int, count: int, draws: torch.Generator) -> Tensor:
        """The places of as many rows of an id, none of them twice."""
        there = self.count(index)
        if there <= MANY:
            return self.starts[index] + torch.randperm(there, generator=draws)[:count]
        found: dict[int, None] = {}
        while len(found) < count:
            found |= dict.fromkeys(torch.randint(there, (count,), generator=draws).tolist())
        return self.starts[index] + torch.tensor(list(found)[:count])

    def others(self, index: int, taken: Tensor) -> Tensor:
        """The places of the rows of an id that are not among these."""
        free = torch.ones(self.count(index), dtype=torch.bool)
        free[taken - self.starts[index]] = False
        return self.starts[index] + free.nonzero()[:, 0]


def ids_of(numbers: Numbers) -> Ids:
    """Ids in the order in which they are met."""
    place: dict[str, int] = {}
    for name in numbers.ids:
        place.setdefault(name, len(place))
    which = torch.tensor([place[name] for name in numbers.ids])
    order = torch.argsort(which, stable=True)
    counts = torch.bincount(which, minlength=len(place))
    starts = [0, *torch.cumsum(counts, 0).tolist()]
    words: list[dict[str, None]] = [{} for _ in place]
    for name, word in zip(numbers.ids, numbers.splits, strict=True):
        words[place[name]][word] = None
    rows = Rows(numbers.x[order], numbers.y[order])
    return Ids(tuple(place), tuple(starts), rows, tuple(" and ".join(one) for one in words))
