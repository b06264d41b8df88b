"""What the strangers' families share: a task that holds its tensors, drawn from a seed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Generator, Tensor

from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.params import Params, param
from workbench.core.seeds import generator
from workbench.core.task import Report, Split, SplitInfo, Task, TaskFamily


class FewParams(Params):
    shots: int = param(3, "Support items of a class, or points.", ge=1, le=50)
    queries: int = param(4, "Query items of a class, or points.", ge=1, le=50)


@dataclass(frozen=True)
class HeldTask(Task):
    """A task of tensors; items of a class stand together."""

    family: Strangers
    truth: Tensor
    """What settles the task: centres, a slope."""
    x: Tensor
    y: Tensor
    query: Batch

    @property
    def title(self) -> str:
        return f"{self.family.params.name} {self.truth.flatten()[0]:.2f}"

    @property
    def slots(self) -> set[tuple[int, int]]:
        each = self.family.params.shots
        return {divmod(item, each) for item in range(len(self.y))}

    def episode(self) -> Episode:
        return self.family.episode_of(self)

    def with_support_files(self, files: Sequence[Path]) -> Task:
        raise BadInput("--support", "such tasks have no files", "Choose a seed")

    def another_support(self, draws: Generator) -> Task:
        x, y = self.family.items_of(self.truth, self.family.params.shots, draws)
        return replace(self, x=x, y=y)

    def redrawn(self, fresh: Task, locked: Collection[tuple[int, int]], draws: Generator) -> Task:
        other = self.another_support(draws)
        assert isinstance(other, HeldTask)
        x, y = other.x.clone(), other.y.clone()
        for way, shot in locked:
            item = way * self.family.params.shots + shot
            x[item], y[item] = self.x[item], self.y[item]
        return replace(self, x=x, y=y)

    def to_json(self) -> dict[str, Any]:
        parts = {"truth": self.truth, "x": self.x, "y": self.y}
        parts |= {"query_x": self.query.x, "query_y": self.query.y}
        return {name: part.tolist() for name, part in parts.items()}


class Strangers(TaskFamily):
    """A continuum of tasks; what differs is how a task is settled and its items drawn."""

    params: Any

    @abstractmethod
    def truth(self, draws: Generator) -> Tensor:
        """What settles a task."""

    @abstractmethod
    def items_of(self, truth: Tensor, each: int, draws: Generator) -> tuple[Tensor, Tensor]:
        """Inputs and targets of that many items of each class, class by class."""

    def episode_of(self, task: HeldTask) -> Episode:
        return Episode(Batch(task.x, task.y), task.query)

    @property
    def items(self) -> int:
        return 2 * (self.params.shots + self.params.queries)

    def prepare(self, report: Report) -> None:
        report("Nothing to prepare", 1.0)

    def splits(self) -> dict[Split, SplitInfo]:
        return {split: SplitInfo(None, None) for split in ("train", "val", "test")}

    def sample(self, split: Split, draws: Generator) -> Task:
        own = generator(int(torch.randint(2**31, (), generator=draws)), "strangers", split)
        truth = self.truth(own)
        query = Batch(*self.items_of(truth, self.params.queries, own))
        return HeldTask(self, truth, *self.items_of(truth, self.params.shots, own), query)

    def task_from_json(self, values: dict[str, Any], split: Split) -> Task:
        like = self.draw(split, 0).episode()
        x, y = like.support.x.dtype, like.support.y.dtype
        query = Batch(
            torch.tensor(values["query_x"], dtype=x), torch.tensor(values["query_y"], dtype=y)
        )
        support = torch.tensor(values["x"], dtype=x), torch.tensor(values["y"], dtype=y)
        return HeldTask(self, torch.tensor(values["truth"]), *support, query)
