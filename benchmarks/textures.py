"""Twelve classes of generated textures that look like photographs: for docs/own-pictures.md.

    python benchmarks/textures.py FOLDER [--each 30] [--new 3]

``FOLDER/photographs`` has a folder a class, ``FOLDER/new`` other pictures of them.
Direction, size, colours, light and noise are drawn for every picture; the same at every call.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.random import Generator, default_rng
from PIL import Image, ImageDraw, ImageFilter

SIDE = 96
Colour = tuple[int, int, int]
Plane = np.ndarray


class Ground:
    """Places of all pixels, turned by some degrees, with what is drawn for the picture."""

    def __init__(self, draws: Generator) -> None:
        self.draws = draws
        y, self.x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
        turn = draws.uniform(-0.35, 0.35)
        self.u = self.x * math.cos(turn) + y * math.sin(turn)
        self.w = -self.x * math.sin(turn) + y * math.cos(turn)
        self.size, self.phase = draws.uniform(0.8, 1.25), draws.uniform(0, 6.28)
        self.fine = self.noise(2) * 0.25

    def noise(self, grain: int, wide: int = 1, high: int = 1) -> Plane:
        shape = (max(2, SIDE // (grain * high)), max(2, SIDE // (grain * wide)))
        small = Image.fromarray(self.draws.normal(size=shape).astype(np.float32))
        return np.asarray(small.resize((SIDE, SIDE), Image.Resampling.BICUBIC))

    def colour(self, about: Colour) -> Plane:
        return np.clip(np.array(about) + self.draws.integers(-18, 18, 3), 0, 255)

    def between(self, values: Plane, dark: Colour, light: Colour) -> Plane:
        """The values as colours from ``dark`` to ``light``."""
        low, high = self.colour(dark), self.colour(light)
        share = np.clip((values - values.min()) / (np.ptp(values) + 1e-6), 0, 1)[..., None]
        return low * (1 - share) + high * share


def bark(g: Ground) -> Plane:
    waves = np.sin(g.u / (3.5 * g.size) + g.noise(10, 1, 2) * 1.5 + g.phase) + g.fine
    return g.between(waves, (60, 42, 28), (140, 110, 80))


def bricks(g: Ground) -> Plane:
    high, wide = 12 * g.size, 26 * g.size
    shifted = g.u + np.floor(g.w / high) % 2 * wide / 2
    clay = g.between(g.noise(8) * 0.5 + g.fine, (150, 60, 45), (190, 100, 75))
    clay[(g.w % high < 2.2) | (shifted % wide < 2.2)] = g.colour((190, 185, 175))
    return clay


def clouds(g: Ground) -> Plane:
    soft = g.noise(24) + 0.5 * g.noise(12) + 0.2 * g.noise(6)
    return g.between(soft, (90, 140, 205), (245, 246, 250))


def dunes(g: Ground) -> Plane:
    waves = np.sin(g.w / (9 * g.size) + g.noise(30) * 1.2 + g.phase) + 0.3 * g.fine
    return g.between(waves, (190, 140, 80), (240, 205, 150))


def feathers(g: Ground) -> Plane:
    bent = g.u + abs((g.w % (24 * g.size)) - 12 * g.size) * 1.6
    return g.between(np.sin(bent / (2.2 * g.size)) + g.fine, (70, 80, 95), (205, 210, 220))


def grass(g: Ground) -> Plane:
    return g.between(g.noise(3, 1, 5) + 0.4 * g.noise(12), (35, 80, 25), (130, 180, 70))


def honeycomb(g: Ground) -> Plane:
    a, across, along = 7.5 * g.size, g.u / 2, g.w * 0.866
    waves = (
        np.cos(g.u / a * 2) + np.cos((across + along) / a * 2) + np.cos((across - along) / a * 2)
    )
    return g.between(np.clip(waves, -1.2, 1) + 0.2 * g.fine, (200, 130, 20), (250, 210, 100))


def knitwear(g: Ground) -> Plane:
    rows = np.abs(np.sin(g.u / (4 * g.size)))
    loops = rows * np.abs(np.sin(g.w / (3 * g.size) + rows * 2)) + 0.4 * g.fine
    return g.between(loops, (100, 30, 60), (200, 110, 140))


def marble(g: Ground) -> Plane:
    bent = (g.u + g.w) / (22 * g.size) + 2.2 * g.noise(20) + g.noise(9) * 0.5
    return g.between(-np.power(np.abs(np.sin(bent)), 0.3), (235, 235, 232), (120, 122, 130))


def pebbles(g: Ground) -> Plane:
    sheet, draw = _sheet(g)
    for _ in range(110):
        x, y = g.draws.uniform(0, SIDE, 2)
        r, grey = g.draws.uniform(4, 10) * g.size, int(g.draws.integers(120, 215))
        fill = (grey, grey - 8, grey - 18)
        draw.ellipse((x - r, y - r * 0.75, x + r, y + r * 0.75), fill, (70, 66, 60))
    return np.asarray(sheet).astype(float)


def scales(g: Ground) -> Plane:
    sheet, draw = _sheet(g)
    r, base = 9 * g.size, g.colour((40, 120, 110))
    for row in range(-2, int(SIDE / (r * 0.8)) + 3):
        for column in range(-1, int(SIDE / (2 * r)) + 2):
            x, y = column * 2 * r + (row % 2) * r, SIDE - row * r * 0.8
            light = g.draws.uniform(0.7, 1.2)
            fill = tuple(int(min(255, part * light)) for part in base)
            draw.ellipse((x - r, y - r, x + r, y + r), fill, (20, 50, 48))
    return np.asarray(sheet).astype(float)


def water(g: Ground) -> Plane:
    waves = np.sin(g.w / (4 * g.size) + g.noise(14) * 1.8 + g.phase)
    waves = waves + 0.5 * np.sin((g.u + g.w) / (7 * g.size)) + g.fine
    return g.between(waves, (20, 60, 95), (120, 180, 200))


TEXTURES: tuple[Callable[[Ground], Plane], ...] = (
    bark, bricks, clouds, dunes, feathers, grass,
    honeycomb, knitwear, marble, pebbles, scales, water,
)  # fmt: skip


def _sheet(g: Ground) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    ground = np.tile(g.colour((70, 66, 60)), (SIDE, SIDE, 1)).astype("uint8")
    sheet = Image.fromarray(ground)
    return sheet, ImageDraw.Draw(sheet)


def picture(texture: Callable[[Ground], Plane], draws: Generator) -> Image.Image:
    """A texture in uneven light, with the noise and softness of a camera."""
    ground = Ground(draws)
    surface = texture(ground)
    light = draws.uniform(0.75, 1.2)
    slope = 0.25 * (ground.x / SIDE - 0.5) * draws.uniform(-1, 1)
    seen = surface * light * (1 + slope)[..., None] + draws.normal(0, 7, surface.shape)
    return Image.fromarray(np.clip(seen, 0, 255).astype("uint8")).filter(
        ImageFilter.GaussianBlur(0.5)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=30, help="pictures of each class")
    parser.add_argument("--new", type=int, default=3, help="new ones of each class")
    asked = parser.parse_args()
    for number, texture in enumerate(TEXTURES):
        for part, count, first in (("photographs", asked.each, 0), ("new", asked.new, 1000)):
            folder = asked.folder / part / texture.__name__
            folder.mkdir(parents=True, exist_ok=True)
            for at in range(count):
                made = picture(texture, default_rng([number, first + at]))
                made.save(folder / f"{texture.__name__}-{at:02d}.jpg", quality=88)


if __name__ == "__main__":
    main()
