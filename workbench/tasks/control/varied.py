"""The numbers that make tasks of one environment, as a person writes them in one line.

``length=0.25, 0.5, 1; mass=0.1..0.3``: a list names the values of a parameter, two dots a range
that it is drawn from. Lists of one line go together, the first of each with the first of another.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.task import Split

WHERE = "task.vary"
_REMEDY = marked("Write name=1, 2, 3 or name=0.5..2, several of them with ; between")


@dataclass(frozen=True)
class Varied:
    """Names with ranges ``(low, high)`` or lists of as many values each."""

    names: tuple[str, ...]
    ranges: dict[str, tuple[float, float]]
    lists: dict[str, tuple[float, ...]]

    @classmethod
    def of(cls, text: str) -> Varied:
        """Read a line; raises `BadInput` that says what is wrong in it."""
        names, ranges, lists = list[str](), {}, {}
        for part in filter(str.strip, text.split(";")):
            name, equals, values = (piece.strip() for piece in part.partition("="))
            if not (equals and name.isidentifier()):
                raise BadInput(WHERE, marked("{0!r} names no parameter").format(part), _REMEDY)
            if name in names:
                raise BadInput(WHERE, marked("{0} stands twice").format(name), _REMEDY)
            names.append(name)
            if ".." in values:
                ranges[name] = _range(name, values)
            else:
                lists[name] = tuple(_number(value) for value in values.split(","))
        if not names:
            raise BadInput(WHERE, marked("says nothing that tells tasks apart"), _REMEDY)
        if len({len(values) for values in lists.values()}) > 1:
            raise BadInput(
                WHERE, marked("its lists are of different lengths"), marked("They go together")
            )
        if not ranges:
            _refuse_twice(lists)
        return cls(tuple(names), ranges, lists)

    @property
    def choices(self) -> int:
        """Entries of every list; 0 where there are ranges alone."""
        return min(map(len, self.lists.values()), default=0)

    def dealt(self, split: Split) -> list[int]:
        """The entries of a split: of four in a row two, one and one."""
        turns = {"train": (0, 2), "val": (1,), "test": (3,)}[split]
        return [at for at in range(self.choices) if at % 4 in turns]

    def drawn(self, entries: list[int], draws: Generator) -> Tensor:
        """``[p]`` in the order of the names, lists from one of these entries."""
        at = entries[int(torch.randint(len(entries), (), generator=draws))] if entries else 0
        share = torch.rand(len(self.names), generator=draws).tolist()
        found = []
        for name, part in zip(self.names, share, strict=True):
            if name in self.lists:
                found.append(self.lists[name][at])
            else:
                low, high = self.ranges[name]
                found.append(low + part * (high - low))
        return torch.tensor(found)


def _range(name: str, values: str) -> tuple[float, float]:
    low, _, high = values.partition("..")
    found = (_number(low), _number(high))
    if found[0] >= found[1]:
        raise BadInput(
            WHERE,
            marked("the range of {0} ends at {1:g} and begins at {2:g}").format(name, *found[::-1]),
            marked("Write the lower end first"),
        )
    return found


def _refuse_twice(lists: dict[str, tuple[float, ...]]) -> None:
    """The same numbers once more would be one task in two splits."""
    tasks = list(zip(*lists.values(), strict=True))
    for values in tasks:
        if tasks.count(values) > 1:
            told = ", ".join(f"{name} {at:g}" for name, at in zip(lists, values, strict=True))
            raise BadInput(
                WHERE, marked("{0} stands in its lists twice").format(told), marked("Take one away")
            )


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise BadInput(WHERE, marked("{0!r} is no number").format(text.strip()), _REMEDY) from error
    if not math.isfinite(value):
        raise BadInput(WHERE, marked("{0} is not finite").format(text.strip()), _REMEDY)
    return value
