"""What families share whose classes lie in the data: sizes, splits, and tasks of some of them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Sequence, Sized
from dataclasses import replace
from typing import Any, Protocol, TypeVar, cast

from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.params import Params, param
from workbench.core.task import SPLITS, ClassInfo, Split, SplitInfo, Task, TaskFamily

LEAST_WAYS = 2


class WayShotParams(Params):
    """Sizes of a classification task."""

    ways: int = param(5, marked("Classes to tell apart in each task."), symbol="N", ge=2, le=1000)
    shots: int = param(
        1, marked("Labelled items of each class to learn from."), symbol="K", ge=1, le=1000
    )
    queries: int = param(
        5, marked("Items of each class the learner is judged on."), symbol="Q", ge=1, le=1000
    )


def of_at_most(images: int, sizes: Any) -> tuple[Mend, ...]:
    """What makes shots and queries of ``sizes`` add up to so many, where one field can."""
    if sizes.shots < images:
        return (Mend("task.queries", images - sizes.shots),)
    if sizes.queries < images:
        return (Mend("task.shots", images - sizes.queries),)
    return ()


class ClassFamily(TaskFamily):
    """Tasks of N classes out of those of a split; `prepare` fills ``classes``."""

    params: Any
    classes: dict[Split, tuple[int, ...]]
    """Of each split, by their places in the data."""

    def __init__(self, params: Any) -> None:
        super().__init__(params)
        self._notes: tuple[str, ...] = ()

    @abstractmethod
    def class_info(self, class_index: int) -> ClassInfo:
        """Name and size of a class."""

    @property
    def items(self) -> int:
        return int(self.params.ways * (self.params.shots + self.params.queries))

    def class_list(self, split: Split) -> tuple[ClassInfo, ...]:
        return tuple(self.class_info(index) for index in self.classes[split])

    def splits(self) -> dict[Split, SplitInfo]:
        return {split: _split_info(self.class_list(split)) for split in SPLITS}

    def notes(self) -> tuple[str, ...]:
        return self._notes

    def fitting(self, task: Task) -> TaskFamily:
        ways = len(cast(ClassTask, task).classes)
        return self if ways == self.params.ways else self.varied(ways=ways)


class ClassTask(Protocol):
    """A task that holds a row of items for each of its classes."""

    @property
    def classes(self) -> tuple[Any, ...]: ...

    @property
    def support(self) -> tuple[Any, ...]: ...

    @property
    def query(self) -> tuple[Any, ...]: ...


T = TypeVar("T", bound=ClassTask)


def without_class(task: T, way: int) -> T:
    """The task without one of its classes; raises `BadInput` where two would not be left."""
    if len(task.classes) <= LEAST_WAYS:
        raise BadInput(
            "classes", marked("two are the least to tell apart"), marked("Add another one first")
        )
    kept = [at for at in range(len(task.classes)) if at != way]
    changed: T = replace(
        cast(Any, task),
        classes=tuple(task.classes[at] for at in kept),
        support=tuple(task.support[at] for at in kept),
        query=tuple(task.query[at] for at in kept),
    )
    return changed


def check_rows(classes: Sized, support: Sized, query: Sized) -> None:
    """Of a task from a scene: a row a class in both sets, else `BadInput`."""
    if not len(classes) == len(support) == len(query):
        counts = f"{len(classes)} classes, {len(support)} support and {len(query)} query rows"
        raise BadInput("task", marked("has {0}").format(counts))


def check_class(class_index: int, at: int, among: Collection[int], split: str) -> None:
    """Of a task from a scene: class number ``at`` is one of the split's, else `BadInput`."""
    if class_index not in among:
        raise BadInput(
            f"task.classes[{at}]",
            marked("is no class of the {0} split ({1})").format(split, class_index),
        )


def _split_info(members: Sequence[ClassInfo]) -> SplitInfo:
    return SplitInfo(len(members), sum(m.count for m in members), tuple(m.name for m in members))
