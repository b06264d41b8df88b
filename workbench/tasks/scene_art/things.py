"""What lies in invented scenes: classes with names, splits, and drawings of each."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from numpy.random import Generator
from torch.nn import functional as F

from workbench.core.seeds import generator
from workbench.core.task import Split, unheard
from workbench.tasks.glyphs import Glyphs as GlyphFamily
from workbench.tasks.glyphs import GlyphsParams
from workbench.tasks.images import split_classes
from workbench.tasks.scene_art.shapes import SIZES, Array, cut, drawn, invent

CLASSES, HELD_OUT = 60, 12
"""Of shapes; held out for validation, and as many for the test."""

DRAWINGS = 30
"""Of each shape, turned and stretched every way."""

Classes = dict[Split, tuple[int, ...]]


class Things(Protocol):
    names: tuple[str, ...]

    def divided(self, seed: int) -> Classes:
        """Which classes are for which split."""

    def drawn(self, class_index: int, draws: Generator) -> Array:
        """One drawing, ink in [0, 1], cut to its ink."""


class Shapes:
    """Invented outlines in five fills; of each class so many drawings as `DRAWINGS` says."""

    def __init__(self, seed: int) -> None:
        shapes = invent(CLASSES, np.random.default_rng([seed, CLASSES]))
        self.names = tuple(f"{shape.fill} {at + 1}" for at, shape in enumerate(shapes))
        self._drawings = [
            [drawn(shape, np.random.default_rng([seed, at, number])) for number in range(DRAWINGS)]
            for at, shape in enumerate(shapes)
        ]

    def divided(self, seed: int) -> Classes:
        return split_classes(CLASSES, HELD_OUT, HELD_OUT, generator(seed, "scenes", "split"))

    def drawn(self, class_index: int, draws: Generator) -> Array:
        return self._drawings[class_index][int(draws.integers(DRAWINGS))]


class Glyphs:
    """The characters of the family `glyphs`, each by twenty people."""

    def __init__(self, seed: int) -> None:
        self._family = GlyphFamily(GlyphsParams(glyph_seed=seed))
        self._family.prepare(unheard)
        self.names = self._family.pool.class_names

    def divided(self, seed: int) -> Classes:
        family = GlyphFamily(self._family.params.model_copy(update={"split_seed": seed}))
        family.prepare(unheard)
        return dict(family.classes)

    def drawn(self, class_index: int, draws: Generator) -> Array:
        pool = self._family.pool
        low, high = pool.starts[class_index], pool.starts[class_index + 1]
        image = pool.images[int(draws.integers(low, high))]
        ink = cut(np.asarray(image[0].numpy() / 255, dtype=np.float32))
        scale = draws.uniform(*SIZES) / max(ink.shape)
        size = [max(round(side * scale), 3) for side in ink.shape]
        resized = F.interpolate(torch.from_numpy(ink.copy())[None, None], size, mode="area")
        return np.asarray(resized[0, 0], dtype=np.float32)
