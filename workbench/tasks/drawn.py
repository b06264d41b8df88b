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
from workbench.core.params import Params, param
from workbench.core.seeds import generator
from workbench.core.task import Report, Split, SplitInfo, Task, TaskFamily


class DrawnParams(Params):
    """What every family of drawn tasks asks for."""

    shots: int = param(5, "Support items of a class, or points.", symbol="K", ge=1, le=50)
    queries: int = param(10, "Query items of a class, or points.", ge=1, le=200)


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
    def slots(self) -> set[tuple[int, int]]:
        return {divmod(item, self.family.params.shots) for item in range(len(self.support.y))}

    def episode(self) -> Episode:
        return Episode(self.support, self.query)

    def with_support_files(self, files: Sequence[Path]) -> Task:
        raise BadInput("--support", "these tasks are drawn and have no files", "Choose a seed")

    def another_support(self, draws: Generator) -> DrawnTask:
        shots = self.family.params.shots
        return replace(self, support=Batch(*self.family.items_of(self.truth, shots, draws)))

    def redrawn(self, fresh: Task, locked: Collection[tuple[int, int]], draws: Generator) -> Task:
        support = self.another_support(draws).support
        x, y = support.x.clone(), support.y.clone()
        for way, shot in locked:
            item = way * self.family.params.shots + shot
            x[item], y[item] = self.support.x[item], self.support.y[item]
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
        support = Batch(parts["support_x"], parts["support_y"])
        return self.task(self, parts["truth"], support, Batch(parts["query_x"], parts["query_y"]))

    def _read(self, values: dict[str, Any], name: str, like: Tensor) -> Tensor:
        try:
            found = torch.tensor(values.get(name), dtype=like.dtype)
        except (TypeError, ValueError, RuntimeError) as error:
            raise BadInput("scene", f"{name} is not made of numbers") from error
        if found.shape != like.shape:
            sizes = f"{list(found.shape)}, not {list(like.shape)}"
            raise BadInput("scene", f"{name} has the shape {sizes}", "Choose the scene's settings")
        most = self._most(name)
        if not torch.isfinite(found).all() or (most and not 0 <= found.min() <= found.max() < most):
            raise BadInput("scene", f"{name} holds numbers that are none of this family")
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
