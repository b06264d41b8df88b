"""Pictures of one's own that stand beside a task, as a scene keeps them: pixels, name, class."""

from __future__ import annotations

import base64
import hashlib
import math
import zlib
from dataclasses import dataclass
from typing import Annotated, Any

import torch
from pydantic import Field
from torch import Tensor

from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked
from workbench.core.strict import Strict, strictly
from workbench.tasks.image_task_file import Line

Strokes = tuple[tuple[tuple[float, float], ...], ...]
Name = Annotated[str, Field(max_length=1000)]


class BesideFile(Strict):
    name: Name
    label: Name | None
    shape: list[int]
    pixels: str
    sha256: Name
    """Of the pixels."""
    strokes: Annotated[list[Line], Field(max_length=10_000, default=[], fail_fast=True)]


@dataclass(frozen=True, eq=False)
class Beside:
    """``pixels [C, H, W]``, uint8; ``label`` the title of its class in the data, if one is said."""

    name: str
    label: str | None
    pixels: Tensor
    strokes: Strokes = ()

    def to_json(self) -> dict[str, Any]:
        data = self.pixels.contiguous().numpy().tobytes()
        return {
            "name": self.name,
            "label": self.label,
            "shape": list(self.pixels.shape),
            "pixels": base64.b64encode(zlib.compress(data)).decode(),
            "sha256": hashlib.sha256(data).hexdigest(),
            "strokes": [[list(point) for point in line] for line in self.strokes],
        }


def opened(values: Any, shape: tuple[int, ...]) -> Beside:
    """One that was kept; raises `BadInput` where it is damaged, or of another ``shape``."""
    held = strictly(BesideFile, values, "own")
    name = printable(held.name, 200)
    if held.shape != list(shape):
        raise BadInput(name, marked("is of another size"))
    size = math.prod(shape)
    try:
        data = zlib.decompressobj().decompress(base64.b64decode(held.pixels), size + 1)
    except (zlib.error, ValueError) as error:
        raise BadInput(name, marked("has damaged pixels ({0})").format(error)) from error
    if len(data) != size or hashlib.sha256(data).hexdigest() != held.sha256:
        raise BadInput(name, marked("has damaged pixels"))
    pixels = torch.frombuffer(bytearray(data), dtype=torch.uint8).view(*shape)
    strokes = tuple(tuple((x, y) for x, y in line) for line in held.strokes)
    return Beside(name, held.label, pixels, strokes)
