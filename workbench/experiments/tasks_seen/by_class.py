"""Accuracy class by class, and what each is taken for, over all tasks of an evaluation.

Labels of a task say nothing by themselves: they are led back to the classes of the data.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.experiments.tasks_seen.seen import Seen
from workbench.experiments.tasks_seen.table import Row

_Z = 1.96


@dataclass(frozen=True)
class ClassResult:
    """The query items of one class, over all tasks that hold it."""

    name: str
    tasks: int
    items: int
    right: int
    low: float
    """Ends of the 95 % interval of the accuracy; see `interval`."""
    high: float
    confused_with: str
    """The class that most of its wrong items were taken for; empty where none was wrong."""
    confused: int
    """How many were."""

    @property
    def accuracy(self) -> float:
        return self.right / self.items


@dataclass(frozen=True)
class ByClass:
    """Of C classes, those with the lowest accuracy first."""

    results: tuple[ClassResult, ...]
    confusion: Tensor
    """``[C, C]``: items of the class of the row that were taken for the class of the column."""


def by_class(seen: Seen) -> ByClass | None:
    """Of the predictions after the last step; nothing where they or the classes are not kept."""
    if seen.predictions is None or not seen.classes:
        return None
    names = sorted({name for task in seen.classes for name in task})
    at = {name: place for place, name in enumerate(names)}
    places = torch.tensor([[at[name] for name in task] for task in seen.classes])
    wanted, found = (places.gather(1, labels) for labels in seen.predictions)
    size = len(names)
    pairs = (wanted * size + found).flatten()
    confusion = torch.bincount(pairs, minlength=size * size).view(size, size)
    results = [_result(names, place, confusion, wanted, found) for place in range(size)]
    order = sorted(range(size), key=lambda place: results[place].accuracy)
    return ByClass(tuple(results[place] for place in order), confusion[order][:, order])


def _result(
    names: list[str], place: int, confusion: Tensor, wanted: Tensor, found: Tensor
) -> ClassResult:
    own = wanted == place
    items = own.sum(1)
    held = items > 0
    right = (own & (found == place)).sum(1)[held]
    wrong = confusion[place].clone()
    wrong[place] = 0
    most = int(wrong.argmax())
    low, high = interval(right, items[held])
    return ClassResult(
        name=names[place],
        tasks=int(held.sum()),
        items=int(items.sum()),
        right=int(right.sum()),
        low=low,
        high=high,
        confused_with=names[most] if wrong[most] else "",
        confused=int(wrong[most]),
    )


def interval(right: Tensor, items: Tensor) -> tuple[float, float]:
    """95 % interval of ``right.sum() / items.sum()``, both ``[T]``, a task each.

    Wilson's (E. B. Wilson, JASA 22, 1927), which never leaves [0, 1] and is never of no width, for
    as many independent items as these are worth: items of one task share its support set, so that
    their number is divided by the design effect (L. Kish, "Survey Sampling", 1965, section 8.2),
    the variance of the share over tasks by that of independent items, where it is above 1.
    """
    count, share = float(items.sum()), float(right.sum() / items.sum())
    independent = share * (1 - share) / count
    tasks = len(items)
    if tasks > 1 and independent > 0:
        apart = right.double() - share * items
        between = tasks / (tasks - 1) * float(apart.square().sum()) / count**2
        count /= max(1.0, between / independent)
    middle = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    inside = share * (1 - share) / count + _Z**2 / (4 * count**2)
    reach = _Z * math.sqrt(inside) / (1 + _Z**2 / count)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def class_rows(found: ByClass) -> Iterator[Row]:
    """A heading, then a row a class; accuracy is a share of 1."""
    yield [
        *("class", "tasks", "items", "right", "accuracy", "low95", "high95"),
        *("most_confused_with", "confused_items"),
    ]
    for one in found.results:
        numbers = (one.tasks, one.items, one.right, one.accuracy, one.low, one.high)
        yield [one.name, *numbers, one.confused_with, one.confused]


def confusion_rows(found: ByClass) -> Iterator[Row]:
    """A heading with all classes, then a row a class: how many of its items went where."""
    names = [one.name for one in found.results]
    yield ["class", *names]
    for name, counts in zip(names, found.confusion.tolist(), strict=True):
        yield [name, *counts]
