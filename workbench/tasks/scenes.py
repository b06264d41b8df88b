"""Invented scenes: find things of one class among others, in a picture of 64 x 64.

Sixty classes of shapes, of which 36 are for training, 12 for validation and 12 for the test; or
the characters of `glyphs` with its splits by alphabet. Distractors are of other classes of the
same split, so that no picture of meta-training shows a held-out class.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from typing import Literal

import numpy as np
import torch
from torch import Generator

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.task import ClassInfo, Report, Split
from workbench.tasks.detection.family import SceneFamily, SceneParams
from workbench.tasks.detection.scene import Box, Scene
from workbench.tasks.scene_art.composing import Place, composed
from workbench.tasks.scene_art.things import Glyphs, Shapes, Things

SIDE = 64
TWICE = 0.3
"""Share of the scenes that show two things of the class."""
SCENES = 10_000
"""Of every class."""


class ScenesParams(SceneParams):
    name: Literal["scenes"] = "scenes"
    things: Literal["shapes", "glyphs"] = param(
        "shapes", marked("What lies in the scenes: invented shapes, or invented characters.")
    )
    distractors: int = param(3, marked("Things of other classes in a scene, at most."), ge=0, le=6)
    scene_seed: int = param(
        0, marked("Settles the classes and everything drawn of them."), ge=0, advanced=True
    )
    split_seed: int = param(
        0,
        marked("Settles which classes are for training, validation and test."),
        ge=0,
        advanced=True,
    )


@register("task", "scenes", title=marked("Scenes"), params=ScenesParams)
class Scenes(SceneFamily):
    """Find things of one class among others in invented scenes."""

    params: ScenesParams
    channels = 1
    side = SIDE

    def prepare(self, report: Report) -> None:
        if hasattr(self, "classes"):
            return
        report("Inventing classes", 0.0)
        self.classes = self.things.divided(self.params.split_seed)

    @cached_property
    def things(self) -> Things:
        made = Shapes if self.params.things == "shapes" else Glyphs
        return made(self.params.scene_seed)

    def class_info(self, class_index: int) -> ClassInfo:
        return ClassInfo(class_index, self.things.names[class_index], SCENES)

    def scenes_of(
        self, split: Split, class_index: int, count: int, draws: Generator, besides: Collection[str]
    ) -> tuple[Scene, ...]:
        found: dict[str, Scene] = {}
        while len(found) < count:
            name = str(int(torch.randint(SCENES, (), generator=draws)))
            if name not in besides:
                found[name] = self.scene_named(split, class_index, name)
        return tuple(found.values())

    def scene_named(self, split: Split, class_index: int, name: str) -> Scene:
        if not (name.isascii() and name.isdigit() and int(name) < SCENES):
            raise BadInput("task", marked("{0} is no number of a scene").format(name))
        seeds = [self.params.scene_seed, class_index, int(name)]
        draws = np.random.default_rng(seeds)
        own = 1 + int(draws.random() < TWICE)
        others = [one for one in self.classes[split] if one != class_index]
        asked = [class_index] * own
        asked += draws.choice(others, min(self.params.distractors, len(others)), False).tolist()
        drawings = [self.things.drawn(one, draws) for one in asked]
        picture, places = composed(drawings, SIDE, draws)
        pixels = torch.from_numpy(np.rint(255 * picture).astype(np.uint8))[None]
        return Scene(name, pixels, tuple(_box(place) for place in places[:own]))


def _box(place: Place) -> Box:
    left, top, width, height = place
    return (
        (left + width / 2) / SIDE,
        (top + height / 2) / SIDE,
        width / SIDE,
        height / SIDE,
    )
