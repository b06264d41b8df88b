"""Invented characters: an endless supply of few-shot handwriting that needs no download.

Thirty alphabets of 22 characters, each drawn by 20 people; 20 alphabets are for training, 5 for
validation and 5 for the test, so that not even the habits of a test alphabet were ever seen. How
hard they are is calibrated against Omniglot: see benchmarks/glyph_calibration.py.
"""

from __future__ import annotations

from itertools import islice
from typing import Literal

import numpy as np
import torch

from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.seeds import generator
from workbench.core.task import Report, Split
from workbench.tasks import pool_cache, shipped_pool
from workbench.tasks.glyph_art.alphabet import invent_alphabet, invent_name
from workbench.tasks.glyph_art.drawer import draw
from workbench.tasks.glyph_art.render import render
from workbench.tasks.image_params import ImageParams
from workbench.tasks.image_pool import ImagePool
from workbench.tasks.images import ImageFamily
from workbench.tasks.pictures import ImageStyle

STYLE = ImageStyle(size=28, ink_is_one=True)
BOX = 0.67
"""The part of an image's side that a character spans."""
ALPHABETS: dict[Split, int] = {"train": 20, "val": 5, "test": 5}
CHARACTERS = 22
DRAWERS = 20
VERSION = 1
"""Raised whenever the same seed would give other pixels."""


class GlyphsParams(ImageParams):
    name: Literal["glyphs"] = "glyphs"
    rotations: bool = param(
        True, marked("Turn each class by 0°, 90°, 180° or 270°, anew in each task.")
    )
    glyph_seed: int = param(
        0, marked("Settles the alphabets and everything drawn in them."), ge=0, advanced=True
    )
    split_seed: int = param(
        0,
        marked("Settles which alphabets are for training, validation and test."),
        more=marked("0 takes them in the order in which they were invented."),
        ge=0,
        advanced=True,
    )

    @property
    def settled_by(self) -> str:
        return f"{self.glyph_seed} {self.split_seed}"


@register("task", "glyphs", title=marked("Glyphs"), params=GlyphsParams)
class Glyphs(ImageFamily):
    """Tell invented characters of unseen alphabets apart from one example each."""

    params: GlyphsParams
    style = STYLE

    def prepare(self, report: Report) -> None:
        if hasattr(self, "pool"):
            return
        seed = self.params.glyph_seed
        self.pool = shipped_pool.load(shipped_name(seed)) or _kept_pool(seed, report)
        self._divide(self._split)

    def _split(self) -> dict[Split, tuple[int, ...]]:
        order = list(range(sum(ALPHABETS.values())))
        if seed := self.params.split_seed:
            order = torch.randperm(
                len(order), generator=generator(seed, "glyphs", "split")
            ).tolist()
        alphabets = iter(order)
        return {
            split: tuple(sorted(c for a in islice(alphabets, count) for c in _characters(a)))
            for split, count in ALPHABETS.items()
        }


def _characters(alphabet: int) -> range:
    """The class indices of an alphabet."""
    return range(alphabet * CHARACTERS, (alphabet + 1) * CHARACTERS)


def shipped_name(seed: int) -> str:
    """Of the file that comes with the program, if there is one for this seed."""
    return f"glyphs-{VERSION}-{seed}"


def _kept_pool(seed: int, report: Report) -> ImagePool:
    """Drawn, unless an earlier start has drawn it."""
    key = ("glyphs", VERSION, seed)
    pool = pool_cache.load(key)
    if pool is None:
        pool = draw_pool(seed, report)
        pool_cache.keep(key, pool)
    return pool


def draw_pool(seed: int, report: Report) -> ImagePool:
    """Invent and draw everything; the same seed gives the same pixels."""
    total = sum(ALPHABETS.values())
    images, names = [], []
    for number in range(total):
        report(f"Drawing alphabet {number + 1} of {total}", number / total)
        draws = np.random.default_rng([seed, number])
        drawings = draw(invent_alphabet(CHARACTERS, draws), DRAWERS, draws)
        images.append(render(drawings, STYLE.size, BOX))
        alphabet = invent_name(draws)
        names += [f"{alphabet}/{index + 1:02d}" for index in range(CHARACTERS)]
    starts = tuple(range(0, total * CHARACTERS * DRAWERS + 1, DRAWERS))
    pixels = torch.from_numpy(np.concatenate(images)).view(-1, *STYLE.shape)
    return ImagePool(pixels, tuple(names), starts)
