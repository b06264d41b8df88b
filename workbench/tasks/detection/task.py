"""A task of few-shot detection: find things of one class, given scenes with boxes round some."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Generator

from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.task import Slot, Split, Task
from workbench.tasks.detection import support_files
from workbench.tasks.detection.scene import Box, Scene, targets
from workbench.tasks.detection.scene_file import written
from workbench.tasks.detection.source import SceneSource


@dataclass(frozen=True)
class SceneTask(Task):
    """One class, support scenes whose boxes a hand may change, and query scenes."""

    source: SceneSource
    split: Split
    class_index: int
    support: tuple[Scene, ...]
    query: tuple[Scene, ...]

    @property
    def title(self) -> str:
        return self.source.class_info(self.class_index).name

    @property
    def class_names(self) -> tuple[str, ...]:
        return (self.title,)

    @property
    def slots(self) -> list[Slot]:
        return [(0, shot) for shot in range(len(self.support))]

    def episode(self) -> Episode:
        return Episode(_batch(self.support), _batch(self.query))

    def with_item(self, slot: Slot, item: Scene | Sequence[Box]) -> SceneTask:
        """``item`` is another scene, or other boxes of the scene that stands there."""
        at = slot[1]
        if not isinstance(item, Scene):
            item = self.support[at].with_boxes(item)
        others = [*self.support[:at], *self.support[at + 1 :], *self.query]
        if any(item.name == other.name for other in others):
            raise BadInput(
                item.name,
                marked("is in this task already"),
                marked("Choose another scene"),
            )
        return self.with_support((*self.support[:at], item, *self.support[at + 1 :]))

    def without(self, slot: Slot) -> SceneTask:
        at = slot[1]
        return self.with_support((*self.support[:at], *self.support[at + 1 :]))

    def with_support_files(self, files: Sequence[Path]) -> SceneTask:
        """The support set from pictures with an annotation beside each: ``.xml``, else ``.txt``."""
        return self.with_support(support_files.read(files, self.title, self.source.style))

    def another_support(self, draws: Generator) -> SceneTask:
        held = {scene.name for scene in self.query}
        scenes = self.source.scenes_of(self.split, self.class_index, len(self.support), draws, held)
        return replace(self, support=scenes)

    def redrawn(self, fresh: Task, locked: Collection[Slot], draws: Generator) -> SceneTask:
        assert isinstance(fresh, SceneTask)
        if not locked:
            return fresh
        kept = {shot for _, shot in locked}
        held = {self.support[shot].name for shot in kept}
        count = len(self.support) - len(kept) + len(self.query)
        drawn = iter(self.source.scenes_of(self.split, self.class_index, count, draws, held))
        support = tuple(
            scene if shot in kept else next(drawn) for shot, scene in enumerate(self.support)
        )
        return replace(self, support=support, query=tuple(drawn))

    def to_json(self) -> dict[str, Any]:
        return written(self.title, self.support, self.query)

    def with_support(self, support: tuple[Scene, ...]) -> SceneTask:
        """With other support scenes; raises `BadInput` where none of them holds a box."""
        if not any(scene.boxes for scene in support):
            raise BadInput(
                marked("Support set"),
                marked("would hold no box at all"),
                marked("Leave one box in one scene"),
            )
        return replace(self, support=support)


def _batch(scenes: Sequence[Scene]) -> Batch:
    pixels = torch.stack([scene.pixels for scene in scenes])
    y = torch.stack([targets(scene.boxes) for scene in scenes])
    return Batch(pixels.to(torch.get_default_dtype()) / 255, y.to(torch.get_default_dtype()))
