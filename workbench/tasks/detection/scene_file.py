"""A task of scenes from what a scene file holds, which may come from anywhere."""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import torch
from pydantic import Field
from torch import Tensor

from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked
from workbench.core.strict import Strict, strictly
from workbench.core.task import Split
from workbench.tasks.detection.scene import MOST_BOXES, Scene
from workbench.tasks.detection.source import SceneSource

MOST_SCENES = 200
Name = Annotated[str, Field(max_length=1000)]
Four = Annotated[list[float], Field(min_length=4, max_length=4)]


class SceneFile(Strict):
    """A support scene; ``pixels`` where it is a picture that was brought by hand."""

    name: Name
    boxes: Annotated[list[Four], Field(max_length=MOST_BOXES)]
    pixels: str = ""


class TaskFile(Strict):
    class_name: Name
    support: Annotated[list[SceneFile], Field(min_length=1, max_length=MOST_SCENES)]
    query: Annotated[list[Name], Field(min_length=1, max_length=MOST_SCENES)]


class Sets(NamedTuple):
    support: tuple[Scene, ...]
    query: tuple[Scene, ...]


def written(title: str, support: Sequence[Scene], query: Sequence[Scene]) -> dict[str, Any]:
    """A task of the class ``title`` in plain values."""
    told = [
        {"name": scene.name, "boxes": [list(box) for box in scene.boxes], **_brought(scene)}
        for scene in support
    ]
    return {"class_name": title, "support": told, "query": [scene.name for scene in query]}


def parsed(values: Any) -> TaskFile:
    """The values in their form; raises `BadInput` that names what is not."""
    return strictly(TaskFile, values, "task")


def sets_of(held: TaskFile, source: SceneSource, split: Split, class_index: int) -> Sets:
    """Both sets of a task again; raises `BadInput` that says what in the values cannot be."""
    support = tuple(
        _scene(source, split, class_index, one, f"task.support[{at}]")
        for at, one in enumerate(held.support)
    )
    query = tuple(source.scene_named(split, class_index, name) for name in held.query)
    names = [scene.name for scene in (*support, *query)]
    if len(set(names)) < len(names):
        raise BadInput("task", marked("holds a scene twice"))
    return Sets(support, query)


def _scene(
    source: SceneSource, split: Split, class_index: int, held: SceneFile, where: str
) -> Scene:
    boxes = [(b[0], b[1], b[2], b[3]) for b in held.boxes]
    if not held.pixels:
        return source.scene_named(split, class_index, held.name).with_boxes(boxes)
    pixels = _pixels(held.pixels, source.style.shape, where)
    return Scene(printable(held.name), pixels, (), brought=True).with_boxes(boxes)


def _brought(scene: Scene) -> dict[str, str]:
    if not scene.brought:
        return {}
    packed = zlib.compress(scene.pixels.contiguous().numpy().tobytes())
    return {"pixels": base64.b64encode(packed).decode()}


def _pixels(text: str, shape: tuple[int, int, int], where: str) -> Tensor:
    size, unpacking = math.prod(shape), zlib.decompressobj()
    try:
        data = unpacking.decompress(base64.b64decode(text, validate=True), size + 1)
    except (zlib.error, ValueError) as error:
        raise BadInput(where, marked("has damaged pixels ({0})").format(error)) from error
    if len(data) != size or not unpacking.eof:
        raise BadInput(where, marked("has damaged pixels (too few or too many)"))
    return torch.frombuffer(bytearray(data), dtype=torch.uint8).view(*shape)
