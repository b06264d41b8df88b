"""What families of scenes share: one class a task, splits that share none, floors, scene files."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection
from typing import Any, Literal

import torch
from torch import Generator, Tensor

from workbench.core.detection import WIDTH, Detection
from workbench.core.episode import Episode
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.params import Params, param
from workbench.core.seeds import generator
from workbench.core.task import SPLITS, ClassInfo, ProblemSpec, Split, SplitInfo, TaskFamily
from workbench.core.template import random_boxes, template_boxes
from workbench.tasks.detection import scene_file
from workbench.tasks.detection.scene import CELLS, Scene
from workbench.tasks.detection.task import SceneTask
from workbench.tasks.pictures import ImageStyle


class SceneParams(Params):
    """Sizes of a task of scenes."""

    shots: int = param(3, marked("Annotated scenes to learn from."), symbol="K", ge=1, le=50)
    queries: int = param(10, marked("Scenes the learner is judged on."), symbol="Q", ge=1, le=100)
    judged_by: Literal["ap50", "mean_iou"] = param(
        "ap50",
        marked("What tasks are judged by: average precision at an overlap of half, or mean IoU."),
        more=marked(
            "AP50 counts every box that is told, right or wrong, over all query scenes of a task "
            "together. Mean IoU is how well as many boxes as are annotated lie, strongest first."
        ),
    )


class SceneFamily(TaskFamily):
    """Tasks of one class each; a family of its own says where scenes come from."""

    params: Any
    asks = "pictures"
    classes: dict[Split, tuple[int, ...]]
    channels: int
    side: int
    """Pixels of a scene's side."""

    @abstractmethod
    def class_info(self, class_index: int) -> ClassInfo:
        """Name of a class, and how many scenes it has."""

    @abstractmethod
    def scenes_of(
        self, split: Split, class_index: int, count: int, draws: Generator, besides: Collection[str]
    ) -> tuple[Scene, ...]:
        """So many other scenes of a class, none of them named in ``besides``."""

    @abstractmethod
    def scene_named(self, split: Split, class_index: int, name: str) -> Scene:
        """A scene again, by its name; raises `BadInput` where there is none."""

    @property
    def spec(self) -> ProblemSpec:
        shape = (self.channels, self.side, self.side)
        return ProblemSpec(Detection(self.params.judged_by), shape, CELLS * WIDTH)

    @property
    def style(self) -> ImageStyle:
        """How pictures are read that a hand brings."""
        return ImageStyle(self.side, self.channels)

    @property
    def items(self) -> int:
        return int(self.params.shots + self.params.queries)

    def class_list(self, split: Split) -> tuple[ClassInfo, ...]:
        return tuple(self.class_info(index) for index in self.classes[split])

    def splits(self) -> dict[Split, SplitInfo]:
        found = dict[Split, SplitInfo]()
        for split in SPLITS:
            members = self.class_list(split)
            names = tuple(one.name for one in members)
            found[split] = SplitInfo(len(members), sum(one.count for one in members), names)
        return found

    def sample(self, split: Split, draws: Generator) -> SceneTask:
        own = generator(int(torch.randint(2**31, (), generator=draws)), "scenes", split)
        among = self.classes[split]
        chosen = among[int(torch.randint(len(among), (), generator=own))]
        shots = self.params.shots
        scenes = self.scenes_of(split, chosen, shots + self.params.queries, own, ())
        return SceneTask(self, split, chosen, scenes[:shots], scenes[shots:])

    def bounds(self, episodes: Episode) -> dict[str, Tensor]:
        """Floors that learn nothing: the support crops held against every place, and chance."""
        support, query = episodes.support, episodes.query
        metric = self.spec.objective.metric
        told = torch.stack(
            [template_boxes(*each) for each in zip(support.x, support.y, query.x, strict=True)]
        )
        return {
            marked("template matching"): metric(told, query.y),
            marked("random boxes"): metric(random_boxes(support.y, query.x), query.y),
        }

    def task_from_json(self, values: dict[str, Any], split: Split) -> SceneTask:
        held = scene_file.parsed(values)
        chosen = self._class_named(held.class_name, split)
        support, query = scene_file.sets_of(held, self, split, chosen)
        return SceneTask(self, split, chosen, support, query).with_support(support)

    def _class_named(self, name: str, split: Split) -> int:
        """The class of a split by its name; raises `BadInput`."""
        for index in self.classes[split]:
            if self.class_info(index).name == name:
                return index
        raise BadInput(
            "task.class_name", marked("is no class of the {0} split ({1})").format(split, name)
        )
