"""What stands in a task of images: items of a pool, and pictures from outside."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from torch import Tensor

from workbench.tasks.kept_pixels import KeptPixels

T = TypeVar("T")


@dataclass(frozen=True)
class ImagePool:
    """All images of a family, class after class: ``images [M, C, H, W]``, uint8."""

    images: Tensor
    class_names: tuple[str, ...]
    starts: tuple[int, ...]
    """Where each class begins, and the end: one more entry than there are classes."""
    given: tuple[str, ...] = ()
    """The split each class was found in, ``""`` for none; empty where the data knows no splits."""
    kept: KeptPixels | None = None
    """The file that ``images`` lie in, where they are not in memory."""

    def count(self, class_index: int) -> int:
        return self.starts[class_index + 1] - self.starts[class_index]

    def image(self, class_index: int, index: int) -> Tensor:
        """``[C, H, W]``, uint8."""
        return self.images[self.starts[class_index] + index]

    def at(self, places: Tensor) -> Tensor:
        """``[..., C, H, W]``, uint8, a copy of the images at these places of the pool."""
        found = self.images[places]
        if self.kept is not None:
            self.kept.looked_at(places.numel())
        return found

    def noted(self, kind: str, of: str, compute: Callable[[], T]) -> T:
        """What was computed of the pixels, kept beside their file where they have one."""
        return compute() if self.kept is None else self.kept.noted(kind, of, compute)

    def fingerprint(self, rest: bytes) -> str:
        """SHA-256 of all pixels and the ``rest``."""
        if self.kept is not None:
            return self.kept.fingerprint(rest)
        digest = hashlib.sha256(self.images.numpy().tobytes())
        digest.update(rest)
        return digest.hexdigest()


@dataclass(frozen=True)
class TaskClass:
    """A class of one task: a class of the pool, turned by quarter turns."""

    class_index: int
    rotation: int = 0
    name: str = field(default="", compare=False, repr=False)
    """What a person calls it in this task, e.g. since its support images were drawn by hand."""


@dataclass(frozen=True)
class Item:
    """An image of the pool, turned by quarter turns."""

    class_index: int
    index: int
    rotation: int = 0

    def to_json(self) -> list[int]:
        return [self.class_index, self.index, self.rotation]


Stroke = tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class Picture:
    """An image from outside the pool, drawn by hand or read from a file."""

    pixels: Tensor
    """``[C, H, W]``, float in [0, 1]."""
    label: str
    strokes: tuple[Stroke, ...] = ()
    """Where it was drawn: points in the unit square, stroke by stroke, to be drawn on."""

    def to_json(self) -> dict[str, Any]:
        data = zlib.compress(self.pixels.float().contiguous().numpy().tobytes())
        return {
            "pixels": base64.b64encode(data).decode(),
            "shape": list(self.pixels.shape),
            "label": self.label,
            "strokes": [[list(point) for point in stroke] for stroke in self.strokes],
        }


Entry = Item | Picture
Entries = tuple[tuple[Entry, ...], ...]
"""Indexed by way, then by shot or query."""


def identity(entry: Entry) -> object:
    """The same image under any turn is the same image."""
    return (entry.class_index, entry.index) if isinstance(entry, Item) else entry
