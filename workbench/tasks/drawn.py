"""The shortest way to a family of one's own: tasks that are tensors, drawn from a seed.

Such a family says what settles a task (centres, a slope) and how its items are drawn. It has no
data on disk and a continuum of tasks, so its splits differ in nothing but the draws.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Generator, Tensor

from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.params import Params, param
from workbench.core.seeds import generator
from workbench.core.task import Report, Slot, Split, SplitInfo, Task, TaskFamily

MOST_ITEMS = 10_000
"""Of a support set that was edited by hand."""
MOST_TRAITS = 8


class DrawnParams(Params):
    """What every family of drawn tasks asks for."""

    shots: int = param(5, marked("Support items of a class, or points."), symbol="K", ge=1, le=50)
    queries: int = param(10, marked("Query items of a class, or points."), ge=1, le=200)


@dataclass(frozen=True)
class DrawnTask(Task):
    """A task of tensors; items of a class stand together."""

    family: DrawnFamily
    truth: Tensor
    """What settles the task."""
    support: Batch
    query: Batch

    @property
    def title(self) -> str:
        return f"{self.family.params.name} {self.truth.flatten()[0]:.2f}"

    @property
    def traits(self) -> dict[str, float]:
        """The numbers of `truth`, as long as there are few of them."""
        numbers = self.truth.flatten().tolist()
        if len(numbers) > MOST_TRAITS:
            return {}
        return {marked("truth {0}").format(at): float(n) for at, n in enumerate(numbers, 1)}

    @property
    def slots(self) -> list[Slot]:
        """Class and shot, in the order of the support batch; the class of a value is 0."""
        classes = (
            self.support.y.tolist() if self.support.y.dim() == 1 else [0] * len(self.support.y)
        )
        seen: dict[int, int] = {}
        found = list[Slot]()
        for way in classes:
            seen[way] = seen.get(way, -1) + 1
            found.append((way, seen[way]))
        return found

    def with_item(self, slot: Slot, item: tuple[Tensor, Tensor]) -> DrawnTask:
        """``item`` is an input and its target; an item of another class moves to its class."""
        x, y = self.support.x.clone(), self.support.y.clone()
        at = self.slots.index(slot)
        x[at], y[at] = item
        return self._with_support(x, y)

    def without(self, slot: Slot) -> DrawnTask:
        kept = [at for at, one in enumerate(self.slots) if one != slot]
        return self._with_support(self.support.x[kept], self.support.y[kept])

    def _with_support(self, x: Tensor, y: Tensor) -> DrawnTask:
        """Items of a class stand together; every class keeps one at least."""
        if y.dim() == 1:
            ways = self.family.spec.outputs
            if sorted(set(y.tolist())) != list(range(ways)):
                raise BadInput(
                    marked("Support set"),
                    marked("a class would have no item"),
                    marked("Leave it one"),
                )
            order = y.argsort(stable=True)
            x, y = x[order], y[order]
        elif not len(y):
            raise BadInput(
                marked("Support set"),
                marked("the last item cannot be removed"),
                marked("Change it instead"),
            )
        return replace(self, support=Batch(x, y))

    def episode(self) -> Episode:
        return Episode(self.support, self.query)

    def with_support_files(self, files: Sequence[Path]) -> Task:
        raise BadInput(
            "--support", marked("these tasks are drawn and have no files"), marked("Choose a seed")
        )

    def another_support(self, draws: Generator) -> DrawnTask:
        """As many items of every class as there are, which need not be equally many."""
        slots = self.slots
        most = 1 + max(shot for _, shot in slots)
        x, y = self.family.items_of(self.truth, most, draws)
        rows = [way * most + shot for way, shot in slots]
        return replace(self, support=Batch(x[rows], y[rows]))

    def redrawn(self, fresh: Task, locked: Collection[Slot], draws: Generator) -> DrawnTask:
        support = self.another_support(draws).support
        x, y = support.x.clone(), support.y.clone()
        for at, slot in enumerate(self.slots):
            if slot in locked:
                x[at], y[at] = self.support.x[at], self.support.y[at]
        return replace(self, support=Batch(x, y))

    def to_json(self) -> dict[str, Any]:
        return {name: part.tolist() for name, part in _tensors(self).items()}


class DrawnFamily(TaskFamily):
    """A continuum of tasks; see `truth` and `items_of`, and the ``spec`` of every family."""

    params: Any
    task: ClassVar[type[DrawnTask]] = DrawnTask
    """The type of its tasks: a type of its own is what a face of its own is found by."""

    @abstractmethod
    def truth(self, draws: Generator) -> Tensor:
        """What settles a task, drawn from ``draws`` alone."""

    @abstractmethod
    def items_of(self, truth: Tensor, each: int, draws: Generator) -> tuple[Tensor, Tensor]:
        """Inputs ``[N*each, *input_shape]`` and targets of ``each`` items of every class.

        Class by class. Where there are no classes, ``each`` points.
        """

    @property
    def items(self) -> int:
        ways = self.spec.outputs if self.spec.labels else 1
        return int(ways * (self.params.shots + self.params.queries))

    def prepare(self, report: Report) -> None:
        report("Nothing to prepare", 1.0)

    def splits(self) -> dict[Split, SplitInfo]:
        return {split: SplitInfo(None, None) for split in ("train", "val", "test")}

    def sample(self, split: Split, draws: Generator) -> DrawnTask:
        own = generator(int(torch.randint(2**31, (), generator=draws)), "drawn", split)
        truth = self.truth(own)
        query = Batch(*self.items_of(truth, self.params.queries, own))
        return self.task(self, truth, Batch(*self.items_of(truth, self.params.shots, own)), query)

    def task_from_json(self, values: dict[str, Any], split: Split) -> DrawnTask:
        parts = {
            name: self._read(values, name, like)
            for name, like in _tensors(self.sample(split, generator(0, "drawn"))).items()
        }
        x, y, query = parts["support_x"], parts["support_y"], parts["query_x"]
        if len(x) != len(y) or len(x) > MOST_ITEMS:
            counts = f"{len(x):,} support_x and {len(y):,} support_y"
            raise BadInput(
                "scene",
                marked("has {0}").format(counts),
                marked("As many of both, {0:,} at most").format(MOST_ITEMS),
            )
        whole = self.task(self, parts["truth"], Batch(x, y), Batch(query, parts["query_y"]))
        return whole._with_support(x, y)

    def _read(self, values: dict[str, Any], name: str, like: Tensor) -> Tensor:
        try:
            found = torch.tensor(values.get(name), dtype=like.dtype)
        except (TypeError, ValueError, RuntimeError) as error:
            raise BadInput("scene", marked("{0} is not made of numbers").format(name)) from error
        edited = name.startswith("support") and found.dim() == like.dim() and len(found)
        if found.shape[int(bool(edited)) :] != like.shape[int(bool(edited)) :]:
            sizes = f"{list(found.shape)}, not {list(like.shape)}"
            raise BadInput(
                "scene",
                marked("{0} has the shape {1}").format(name, sizes),
                marked("Choose the scene's settings"),
            )
        most = self._most(name)
        if not torch.isfinite(found).all() or (most and not 0 <= found.min() <= found.max() < most):
            raise BadInput(
                "scene", marked("{0} holds numbers that are none of this family").format(name)
            )
        return found

    def _most(self, name: str) -> int:
        """What class or token numbers must stay below; 0 for real numbers."""
        if name.endswith("_y"):
            return self.spec.outputs if self.spec.labels else 0
        return self.spec.vocabulary if name.endswith("_x") else 0


def _tensors(task: DrawnTask) -> dict[str, Tensor]:
    support, query = task.support, task.query
    return {
        "truth": task.truth,
        "support_x": support.x,
        "support_y": support.y,
        "query_x": query.x,
        "query_y": query.y,
    }
