"""Task families, the tasks drawn from them, and the problem they pose to a model."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import torch
from torch import Generator, Tensor

from workbench.core.episode import Batch, Episode, moved, stack
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.objective import Objective
from workbench.core.params import has_record, recorded_fields
from workbench.core.pixel_scale import PixelScale
from workbench.core.seeds import generator
from workbench.core.units import Units

Split = Literal["train", "val", "test"]
SPLITS: tuple[Split, ...] = ("train", "val", "test")

Slot = tuple[int, ...]
"""The place of a support item: way and shot where there are classes; way 0 where there are none."""

Report = Callable[[str, float], None]
"""Progress of a long preparation: a sentence and a fraction in [0, 1]. May raise to cancel."""


def unheard(message: str, fraction: float) -> None:
    """The `Report` of work that nobody waits for, or that takes but a moment."""


@dataclass(frozen=True)
class ProblemSpec:
    """What a model must accept and produce. Sizes the model before a run starts."""

    objective: Objective
    input_shape: tuple[int, ...]
    outputs: int
    """Classes of one task (N-way), or dimensions of the predicted value."""
    vocabulary: int = 0
    """Above zero, inputs are whole numbers below it (token ids); else they are real numbers."""
    collected: bool = False
    """Whether the model meets its items by acting, so that they are others for other weights."""
    scale: PixelScale | None = None
    """What pixels are scaled by before a model meets them, once that is known."""

    @property
    def metric(self) -> str:
        """The name of the metric."""
        return self.objective.judged_by.name

    @property
    def chance(self) -> float | None:
        """The metric of guessing: 1/N for classification, nothing for values."""
        return self.objective.chance(self.outputs)

    @property
    def labels(self) -> bool:
        """Whether targets are classes, not values."""
        return self.objective.labels

    @property
    def metric_is_loss(self) -> bool:
        """Whether loss and metric are the same number."""
        return self.objective.metric_is_loss

    @property
    def is_image(self) -> bool:
        return len(self.input_shape) == 3

    @property
    def is_located(self) -> bool:
        """Whether it is asked where in an input something is."""
        return self.objective.located

    def example(self, items: int, like: Tensor | None = None) -> Tensor:
        """Inputs to try a model with, ``[items, *input_shape]``; the same at every call.

        Real numbers lie in [0, 1). ``like`` lends its device and precision.
        """
        draws, size = generator(0, "example"), (items, *self.input_shape)
        if self.vocabulary:
            drawn = torch.randint(self.vocabulary, size, generator=draws)
        else:
            drawn = torch.rand(size, generator=draws)
        return drawn if like is None else moved(drawn, like.device, like.dtype)


@dataclass(frozen=True)
class SplitInfo:
    """What stands in one split. ``None`` counts mean that tasks are drawn from a continuum."""

    classes: int | None
    items: int | None
    class_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassInfo:
    """A class of a split: its place in the data, its name, and how many items it has."""

    class_index: int
    name: str
    count: int


class Task(ABC):
    """One draw from a family; immutable. Editing the support set by hand gives a new task."""

    @property
    @abstractmethod
    def title(self) -> str:
        """A short description a person recognises the task by."""

    @property
    def class_names(self) -> tuple[str, ...]:
        """Of its classes in the data, label by label; none where classes are made for the task."""
        return ()

    def class_title(self, way: int) -> str:
        """What a class is called where the task is shown; empty where it has no name."""
        return self.class_names[way] if self.class_names else ""

    @property
    def traits(self) -> dict[str, float]:
        """Numbers that settle what is asked, by what they are called; none for most kinds."""
        return {}

    @property
    def units(self) -> Units | None:
        """Names and units of inputs and targets that were standardised; None for most kinds."""
        return None

    @property
    def known(self) -> bool:
        """Whether the answers to the query set are; else they are NaN, and so is every loss."""
        return True

    @abstractmethod
    def episode(self) -> Episode:
        """The single-task episode: ``support.x [N*K, ...]``, ``query.x [N*Q, ...]``."""

    @abstractmethod
    def with_support_files(self, files: Sequence[Path]) -> Task:
        """The same task with the support set read from the user's files.

        Raises `BadInput` naming the file that cannot be used.
        """

    def with_query_files(self, files: Sequence[Path]) -> Task:
        """The same task with the query set read from the user's files.

        Raises `BadInput` naming the file that cannot be used, and for kinds that read none.
        """
        raise BadInput(
            "--query",
            marked("this kind of task asks for no rows of a table"),
            marked("Leave it out"),
        )

    @abstractmethod
    def another_support(self, draws: Generator) -> Task:
        """The same classes, or the same curve, and the same query with other support items."""

    @abstractmethod
    def redrawn(self, fresh: Task, locked: Collection[Slot], draws: Generator) -> Task:
        """A fresh draw round what stays: the locked support items.

        With an item stays its class, or its curve, and what is asked of it. ``fresh`` is of the
        shape of this task.
        """

    @property
    @abstractmethod
    def slots(self) -> Collection[Slot]:
        """Of every support item; sorted, they are in the order of the support batch."""

    def with_item(self, slot: Slot, item: Any) -> Task:
        """The task with another support item at a slot; what an item is, the family says.

        Raises `BadInput` for an item that may not stand there, and for tasks whose items cannot
        be changed by hand.
        """
        raise BadInput(
            marked("Support set"),
            marked("its items cannot be changed by hand"),
            marked("Draw others"),
        )

    def without(self, slot: Slot) -> Task:
        """The task without a support item; raises `BadInput` where something must be left."""
        raise BadInput(
            marked("Support set"), marked("its items cannot be removed"), marked("Draw others")
        )

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """The task in plain values, as `TaskFamily.task_from_json` reads them back."""


class TaskFamily(ABC):
    """A distribution over tasks with train, val and test splits that share no class."""

    members: ClassVar[Literal["classes", "ids", "users"]] = "classes"
    """What `splits` counts and `class_list` lists."""

    def __init__(self, params: Any) -> None:
        self.params = params

    @property
    @abstractmethod
    def spec(self) -> ProblemSpec: ...

    @property
    @abstractmethod
    def items(self) -> int:
        """Items of one task at most, support and query together; known before `prepare`."""

    @abstractmethod
    def prepare(self, report: Report) -> None:
        """Load or generate the data once; must be called before sampling. Idempotent.

        Raises `BadInput` when the data or the parameters cannot give a single task.
        """

    @abstractmethod
    def splits(self) -> dict[Split, SplitInfo]: ...

    def class_list(self, split: Split) -> tuple[ClassInfo, ...]:
        """The classes of a split, for looking through; none where tasks come of a continuum."""
        return ()

    @abstractmethod
    def sample(self, split: Split, draws: Generator) -> Task:
        """Draw one task; a function of the state of ``draws`` alone."""

    @abstractmethod
    def task_from_json(self, values: dict[str, Any], split: Split) -> Task:
        """A task of a split again, from what `Task.to_json` wrote.

        The values may come from anywhere. Raises `BadInput` that says what in them cannot be.
        """

    def fitting(self, task: Task) -> TaskFamily:
        """The family whose tasks ask of a model what this one does: as many classes.

        Another than this one only for a task whose classes were changed by hand. Raises
        `BadInput` when meta-training tasks of that size cannot be drawn.
        """
        return self

    def draw(self, split: Split, seed: int) -> Task:
        """The task of a seed: what the window shows and the command line adapts to."""
        return self.sample(split, generator(seed, "task", split))

    def episodes(self, split: Split, count: int, draws: Generator) -> Episode:
        """Draw ``count`` tasks, stacked: ``support.x [count, N*K, ...]``."""
        return stack([self.sample(split, draws).episode() for _ in range(count)])

    def varied(self, **sizes: int) -> TaskFamily:
        """The same data cut into tasks of other sizes, e.g. ``ways=20``; shares the data.

        Raises `BadInput` when meta-training tasks of these sizes cannot be drawn.
        """
        other = copy.copy(self)
        other.params = type(self.params).model_validate({**self.params.model_dump(), **sizes})
        return other

    @property
    def joint_classes(self) -> int:
        """All classes of the train split, for training on them jointly.

        Raises `BadInput` for a family that makes the classes of every task anew.
        """
        raise BadInput(
            "algorithm.name",
            marked(
                "joint training needs classes that tasks share, and this family makes them anew"
            ),
            marked("Choose another algorithm"),
        )

    def joint(self, tasks: int, draws: Generator) -> Batch:
        """As many items as ``tasks`` tasks hold, ``x [tasks, n, ...]``, labelled over all classes.

        Where there are no classes, the points of the tasks themselves.
        """
        episodes = self.episodes("train", tasks, draws)
        support, query = episodes.support, episodes.query
        return Batch(torch.cat([support.x, query.x], 1), torch.cat([support.y, query.y], 1))

    def bounds(self, episodes: Episode) -> dict[str, Tensor]:
        """What the metric of each task is measured by, ``[T]``, by what it is called.

        Such as the best that can be earned, and what is earned without doing anything.
        """
        return {}

    def notes(self) -> tuple[str, ...]:
        """What the user should know about the data: skipped files, conversions."""
        return ()

    keeps_splits: ClassVar[bool] = False
    """Whether `settled` says which class is in which split."""

    asks: ClassVar[Literal["", "rows", "pictures"]] = ""
    """What can be asked of its own tasks: rows of a table in `units`, or pictures to search."""

    def settled(self) -> dict[str, Any]:
        """Fields of the parameters that a run records once the data is prepared.

        Such as which class is in which split; see `core.params.recorded`.
        """
        return {}

    @property
    def seen_classes(self) -> bool:
        """Whether validation and test ask of classes that are trained on; every number says so."""
        return False

    def departures(self) -> str:
        """What of the data is not as the parameters have recorded it; empty where all of it is."""
        return ""

    def is_of(self, params: Any) -> bool:
        """Whether preparing these parameters would come to the same.

        So it does where they have recorded what this family came to without a record.
        """
        if self.params == params:
            return True
        if type(params) is not type(self.params) or has_record(self.params):
            return False
        kept = {name: getattr(params, name) for name in recorded_fields(type(params))}
        bare = params.model_copy(update=dict.fromkeys(kept))
        return bool(self.params == bare) and kept == {**dict.fromkeys(kept), **self.settled()}

    @property
    def fingerprint(self) -> str:
        """A hash of the data and its splits, kept with every run."""
        return ""
