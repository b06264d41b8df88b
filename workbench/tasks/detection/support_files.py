"""Support scenes from the user's files: pictures, each with an ``.xml`` or ``.txt`` beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.core.errors import BadInput, printable
from workbench.core.files import as_text, read_file
from workbench.core.marked import marked
from workbench.tasks.annotated import voc, yolo
from workbench.tasks.annotated.collection import box_of
from workbench.tasks.annotated.counted import Counted
from workbench.tasks.annotated.marks import Marked
from workbench.tasks.detection.scene import Scene
from workbench.tasks.image_bytes import opened
from workbench.tasks.pictures import ImageStyle, read_picture

MOST = 50
MAX_BYTES = 2**22
_REMEDY = marked("Put a Pascal VOC .xml or a YOLO .txt of the same name beside the picture")


def read(files: Sequence[Path], title: str, style: ImageStyle) -> tuple[Scene, ...]:
    """A scene a picture; of several classes the one called ``title``. Raises `BadInput`."""
    if not 1 <= len(files) <= MOST:
        raise BadInput(
            "--support",
            marked("{0:,} pictures were given").format(len(files)),
            marked("Give 1 to {0}, each with an annotation beside it").format(MOST),
        )
    return tuple(_scene(file, title, style) for file in files)


def _scene(file: Path, title: str, style: ImageStyle) -> Scene:
    pixels = (read_picture(file, style) * 255).round().byte()
    marks = _annotation(file).marks
    names = {mark.name for mark in marks}
    own = [m for m in marks if len(names) == 1 or m.name.casefold() == title.casefold()]
    if not own:
        told = ", ".join(sorted(map(printable, names))) or marked("no box")
        raise BadInput(
            str(file),
            marked("has no box of {0} beside it ({1})").format(title, told),
            marked("Annotate one class, or name it {0}").format(title),
        )
    scene = Scene(printable(str(file)), pixels, (), brought=True)
    return scene.with_boxes([box_of(mark.edges) for mark in own])


def _annotation(file: Path) -> Marked:
    counted = Counted()
    for suffix in (".xml", ".txt"):
        beside = file.with_suffix(suffix)
        if beside.exists():
            data = read_file(beside, MAX_BYTES, remedy=_REMEDY)
            try:
                found = _read(data, beside, file, counted)
            except ValueError as error:
                raise BadInput(str(beside), str(error), _REMEDY) from error
            if found is not None:
                return found
    raise BadInput(str(file), marked("has no annotation beside it"), _REMEDY)


def _read(data: bytes, beside: Path, file: Path, counted: Counted) -> Marked | None:
    if beside.suffix == ".txt":
        return yolo.read(as_text(data, beside), beside.name, {}, counted)
    return voc.read(data, beside.name, lambda: opened(file.read_bytes()).size, counted)
