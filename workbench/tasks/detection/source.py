"""Where the scenes of a task come from, as the task sees it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from torch import Generator

from workbench.core.task import ClassInfo, ProblemSpec, Split
from workbench.tasks.detection.scene import Scene
from workbench.tasks.pictures import ImageStyle


class SceneSource(Protocol):
    """A family of scenes."""

    @property
    def spec(self) -> ProblemSpec:
        """The problem that its tasks pose."""

    @property
    def style(self) -> ImageStyle:
        """The form of its pictures, which those that a hand brings are read in."""

    def class_info(self, class_index: int) -> ClassInfo:
        """Name of a class, and how many scenes it has."""

    def scenes_of(
        self, split: Split, class_index: int, count: int, draws: Generator, besides: Collection[str]
    ) -> tuple[Scene, ...]:
        """So many other scenes of a class, none of them named in ``besides``."""

    def scene_named(self, split: Split, class_index: int, name: str) -> Scene:
        """A scene again, by its name; raises `BadInput` where there is none."""
