"""A task of images as it stands in a scene: read back strictly, whoever wrote it.

What `ImageTask.to_json` wrote comes back; what no hand can make in the lab is refused: an image
that is asked for and shown, a class twice, a class of another split.
"""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, Any

import torch
from pydantic import Field
from torch import Tensor

from workbench.core.errors import BadInput, brief, printable
from workbench.core.marked import marked
from workbench.core.strict import Shape, Strict, strictly
from workbench.tasks.classes import LEAST_WAYS, check_class, check_rows
from workbench.tasks.image_pool import Entries, Entry, ImagePool, Item, Picture, TaskClass, identity
from workbench.tasks.image_task import ImageTask
from workbench.tasks.pictures import ImageStyle

MAX_ITEMS = 100_000
MAX_PICTURES = 256 * 2**20
"""Bytes of all pictures of a task, unpacked."""

Whole = Annotated[int, Field(ge=0, le=2**31)]
Turn = Annotated[int, Field(ge=0, le=3)]
Row = Annotated[list[Any], Field(min_length=1, max_length=1000)]
Rows = Annotated[list[Row], Field(max_length=1000, fail_fast=True)]
Near = Annotated[float, Field(ge=-1000, le=1000)]
Point = Annotated[list[Near], Field(min_length=2, max_length=2, fail_fast=True)]
Line = Annotated[list[Point], Field(min_length=1, max_length=100_000, fail_fast=True)]


Name = Annotated[str, Field(max_length=1000)]


class TaskFile(Strict):
    classes: Annotated[list[list[int]], Field(min_length=LEAST_WAYS, max_length=1000)]
    names: Annotated[list[Name], Field(max_length=1000, default=[])]
    """What a person calls the classes, empty where nothing was said."""
    support: Rows
    query: Rows


class ClassFile(Strict):
    class_index: Whole
    rotation: Turn


class ItemFile(Strict):
    class_index: Whole
    index: Whole
    rotation: Turn


class PictureFile(Strict):
    pixels: str
    shape: list[int]
    label: Annotated[str, Field(max_length=1000)]
    strokes: Annotated[list[Line], Field(max_length=10_000, default=[], fail_fast=True)]


def opened(
    values: Any, pool: ImagePool, style: ImageStyle, among: Collection[int], split: str
) -> ImageTask:
    """The task in a pool, its classes ``among`` those of the split; raises `BadInput`."""
    held = strictly(TaskFile, values, "task")
    _check_counts(held, math.prod(style.shape) * 4)
    classes = tuple(_class(row, at, set(among), split) for at, row in enumerate(held.classes))
    support = _rows("support", held.support, pool, style)
    query = _rows("query", held.query, pool, style)
    _check_apart(classes, support, query)
    task = ImageTask(pool, style, classes, support, query)
    for way, name in enumerate(held.names):
        task = task.with_name(way, name)
    for where, entry in _placed("support", support):
        if isinstance(entry, Picture):
            task.refuse_asked(where, entry)
    return task


def _check_counts(held: TaskFile, size: int) -> None:
    check_rows(held.classes, held.support, held.query)
    if held.names and len(held.names) != len(held.classes):
        raise BadInput("task.names", marked("has not one name for each class"))
    if len({len(row) for row in held.query}) > 1:
        raise BadInput("task.query", marked("asks for more images of one class than of another"))
    entries = [entry for rows in (held.support, held.query) for row in rows for entry in row]
    if len(entries) > MAX_ITEMS:
        raise BadInput(
            "task", marked("holds {0} images, more than {1}").format(len(entries), MAX_ITEMS)
        )
    if sum(isinstance(entry, dict) for entry in entries) * size > MAX_PICTURES:
        raise BadInput("task", marked("holds more than 256 MB of pictures"))


def _class(row: list[int], at: int, among: Collection[int], split: str) -> TaskClass:
    found = _fields(ClassFile, row, f"task.classes[{at}]")
    check_class(found.class_index, at, among, split)
    return TaskClass(found.class_index, found.rotation)


def _rows(name: str, rows: list[list[Any]], pool: ImagePool, style: ImageStyle) -> Entries:
    return tuple(
        tuple(
            _entry(entry, f"task.{name}[{way}][{shot}]", pool, style.shape)
            for shot, entry in enumerate(row)
        )
        for way, row in enumerate(rows)
    )


def _entry(values: Any, where: str, pool: ImagePool, shape: Sequence[int]) -> Entry:
    if isinstance(values, dict):
        return _picture(strictly(PictureFile, values, where), where, shape)
    found = _fields(ItemFile, values, where)
    within = found.class_index < len(pool.class_names)
    if not within or found.index >= pool.count(found.class_index):
        raise BadInput(
            where,
            marked("there is no image {0} of class {1}").format(found.index, found.class_index),
        )
    return Item(found.class_index, found.index, found.rotation)


def _fields(shape: type[Shape], row: Any, where: str) -> Shape:
    """A row of numbers as the shape whose fields they are, in order."""
    names = tuple(shape.model_fields)
    if not isinstance(row, list) or len(row) != len(names):
        raise BadInput(where, marked("{0} is not {1}").format(brief(row), ", ".join(names)))
    return strictly(shape, dict(zip(names, row, strict=True)), where)


def _picture(held: PictureFile, where: str, shape: Sequence[int]) -> Picture:
    if held.shape != list(shape):
        raise BadInput(
            where, marked("is a picture of {0}, not {1}").format(brief(held.shape), list(shape))
        )
    strokes = tuple(tuple((x, y) for x, y in line) for line in held.strokes)
    return Picture(_pixels(held.pixels, where, shape), printable(held.label), strokes)


def _pixels(text: str, where: str, shape: Sequence[int]) -> Tensor:
    size = math.prod(shape) * 4
    unpacking = zlib.decompressobj()
    try:
        data = unpacking.decompress(base64.b64decode(text, validate=True), size + 1)
    except (zlib.error, ValueError) as error:
        raise BadInput(where, marked("has damaged pixels ({0})").format(error)) from error
    if len(data) != size or not unpacking.eof or unpacking.unused_data:
        raise BadInput(where, marked("has damaged pixels (too few or too many)"))
    pixels = torch.frombuffer(bytearray(data), dtype=torch.float32).view(*shape)
    if not ((pixels >= 0) & (pixels <= 1)).all():
        raise BadInput(where, marked("has pixels that are not between 0 and 1"))
    return pixels


def _check_apart(classes: Sequence[TaskClass], support: Entries, query: Entries) -> None:
    """No class and no image twice; what is asked of a class is of that class, turned as it is."""
    seen: dict[object, str] = {}
    for way, chosen in enumerate(classes):
        _once(seen, ("class", chosen.class_index), f"task.classes[{way}]", "class")
    for where, entry in (*_placed("support", support), *_placed("query", query)):
        if isinstance(entry, Item):
            _once(seen, identity(entry), where, "image")
    for way, row in enumerate(query):
        for shot, entry in enumerate(row):
            own = isinstance(entry, Item) and TaskClass(entry.class_index, entry.rotation)
            if own != classes[way]:
                raise BadInput(
                    f"task.query[{way}][{shot}]", marked("is not of class {0}").format(way + 1)
                )


def _once(seen: dict[object, str], what: object, where: str, word: str) -> None:
    if what in seen:
        raise BadInput(where, marked("the same {0} as {1}").format(word, seen[what]))
    seen[what] = where


def _placed(name: str, rows: Entries) -> Iterator[tuple[str, Entry]]:
    for way, row in enumerate(rows):
        for shot, entry in enumerate(row):
            yield f"task.{name}[{way}][{shot}]", entry
