"""Which pictures of a folder or a zip have boxes, and which: by whatever form says so."""

from __future__ import annotations

import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TypeVar

from workbench.core.errors import BadInput
from workbench.core.files import as_text
from workbench.core.findings import Finding
from workbench.core.marked import marked
from workbench.tasks.annotated import coco, voc, yolo
from workbench.tasks.annotated.counted import Counted
from workbench.tasks.annotated.marks import Marked
from workbench.tasks.archives import Member
from workbench.tasks.image_bytes import opened
from workbench.tasks.image_trees import ImageFile, Tree

T = TypeVar("T")
FORMS = ("voc", "coco", "yolo")
TITLES = {"voc": "Pascal VOC", "coco": "COCO", "yolo": "YOLO"}
MAX_BYTES = {".xml": 2**22, ".json": 2**28, ".txt": 2**22, ".yaml": 2**20, ".yml": 2**20}
"""Of a file of annotations; more than that is skipped."""


@dataclass(frozen=True)
class Annotated:
    """A picture with its boxes."""

    file: ImageFile
    told: Marked


def read(found: Tree, form: str, counted: Counted) -> tuple[list[Annotated], tuple[str, ...]]:
    """Pictures with annotations, and notes; ``form`` is one of `FORMS`, or "found" for any.

    Raises `BadInput` at ``task.root`` where nothing says a box.
    """
    pictures = Pictures(found.images)
    told = {name: _READERS[name](found.beside, pictures, counted) for name in FORMS}
    held = {name: pictures.joined(told[name], counted) for name in FORMS if told[name]}
    wanted = {name: held[name] for name in held if form in ("found", name) and held[name]}
    if not wanted:
        raise _nothing(found, form, told, counted)
    best = max(wanted, key=lambda name: len(wanted[name]))
    notes: tuple[str, ...] = (marked("Boxes are read as {0}").format(TITLES[best]),)
    if len(held) > 1:
        others = ", ".join(TITLES[name] for name in held if name != best)
        text = marked("There are annotations as {0} as well, which are not used")
        notes = (*notes, Finding(text.format(others), where="task.form"))
    return wanted[best], notes


class Pictures:
    """Image files by what an annotation may call them."""

    def __init__(self, files: Sequence[ImageFile]) -> None:
        self._files = files
        self._by_stem: dict[str, list[ImageFile]] = defaultdict(list)
        for file in files:
            self._by_stem[file.place.stem.casefold()].append(file)

    def named(self, name: str, beside: str) -> ImageFile | None:
        """The picture of a name, without its suffix or with; of several the one nearest."""
        path = PurePosixPath(name.replace("\\", "/"))
        stems = (path.stem.casefold(), path.name.casefold())
        among = next((self._by_stem[stem] for stem in stems if stem in self._by_stem), [])
        near = {*path.parent.parts, *PurePosixPath(beside).parent.parts}
        scored = [(len(near.intersection(file.place.parent.parts)), file) for file in among]
        most = max((score for score, _ in scored), default=0)
        best = [file for score, file in scored if score == most]
        return best[0] if len(best) == 1 else None

    def joined(self, told: Sequence[Marked], counted: Counted) -> list[Annotated]:
        """Each annotation with its picture; those without are counted, and so is the reverse."""
        found: dict[str, Annotated] = {}
        for one in told:
            file = self.named(one.picture, one.told_in)
            if file is None:
                counted.add("annotations without a picture, left out", one.picture)
            elif str(file.place) in found:
                counted.add("second annotations of a picture, left out", one.picture)
            else:
                found[str(file.place)] = Annotated(file, one)
        for file in self._files if told else ():
            if str(file.place) not in found:
                counted.add("pictures without an annotation, left out", file.place.name)
        return sorted(found.values(), key=lambda one: one.file.place.name)

    def size(self, name: str, beside: str) -> tuple[int, int] | None:
        """Of a picture, as its file states it."""
        file = self.named(name, beside)
        try:
            return None if file is None else opened(file.read()).size
        except (BadInput, OSError, ValueError):
            return None


def _voc(beside: Sequence[Member], pictures: Pictures, counted: Counted) -> list[Marked]:
    def one(member: Member) -> Marked | None:
        """Of the picture that is called as the file is; else of the one that it names."""
        stem = PurePosixPath(member.name).stem
        size = partial(pictures.size, stem, member.name)
        found = voc.read(_bytes(member), member.name, size, counted)
        known = pictures.named(stem, member.name) is not None
        return replace(found, picture=stem) if found is not None and known else found

    return list(_each(beside, (".xml",), one, counted))


def _coco(beside: Sequence[Member], pictures: Pictures, counted: Counted) -> list[Marked]:
    def one(member: Member) -> list[Marked] | None:
        return coco.read(_text(member), member.name, counted)

    return [told for part in _each(beside, (".json",), one, counted) for told in part]


def _yolo(beside: Sequence[Member], pictures: Pictures, counted: Counted) -> list[Marked]:
    names = _names(beside, counted)

    def one(member: Member) -> Marked | None:
        place = PurePosixPath(member.name)
        text = _text(member)
        known = pictures.named(place.stem, member.name) is not None
        if place.name.lower() in yolo.OTHER_TEXTS or not (known or yolo.looks_like(text)):
            return None
        return yolo.read(text, str(place.with_suffix("")), names, counted)

    return list(_each(beside, (".txt",), one, counted))


def _names(beside: Sequence[Member], counted: Counted) -> Mapping[int, str]:
    """Of YOLO's classes; empty where nothing says them."""
    for member in beside:
        place = PurePosixPath(member.name)
        reader = yolo.names_of_list if place.name.lower() in yolo.NAME_FILES else None
        if place.suffix.lower() in yolo.YAML:
            reader = yolo.names_of_yaml
        if reader is not None:
            try:
                names = reader(_text(member))
            except (BadInput, ValueError) as error:
                counted.add(_skipped(error), member.name)
                continue
            if names:
                return names
    return {}


def _each(
    beside: Sequence[Member],
    kinds: tuple[str, ...],
    reader: Callable[[Member], T | None],
    counted: Counted,
) -> Iterator[T]:
    """What the files of a kind say; one that cannot be read is counted with its reason."""
    for member in beside:
        if PurePosixPath(member.name).suffix.lower() not in kinds:
            continue
        try:
            found = reader(member)
        except (BadInput, OSError, ValueError, NotImplementedError, RuntimeError) as error:
            counted.add(_skipped(error), member.name)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            counted.add(f"files skipped: cannot be unpacked ({error})", member.name)
        else:
            if found is not None:
                yield found


def _skipped(error: Exception) -> str:
    problem = f"{error.where}: {error.problem}" if isinstance(error, BadInput) else str(error)
    return f"files skipped: {problem}"


def _bytes(member: Member) -> bytes:
    most = MAX_BYTES[PurePosixPath(member.name).suffix.lower()]
    if member.size > most:
        raise ValueError(f"is larger than {most // 2**20} MB")
    return member.read()


def _text(member: Member) -> str:
    data = (
        _bytes(member) if PurePosixPath(member.name).suffix.lower() in MAX_BYTES else member.read()
    )
    return as_text(data, Path(member.name))


_READERS = {"voc": _voc, "coco": _coco, "yolo": _yolo}


def _nothing(
    found: Tree, form: str, told: Mapping[str, list[Marked]], counted: Counted
) -> BadInput:
    """Why there is not a single picture with boxes."""
    if not found.images:
        problem = marked("holds no pictures")
    elif form != "found" and any(told.values()):
        problem = marked("holds no annotations as {0}").format(TITLES[form])
    else:
        problem = marked("holds pictures without annotations")
    reasons = "; ".join(counted.findings)
    return BadInput(
        "task.root",
        f"{problem} ({reasons})" if reasons else problem,
        marked("Put Pascal VOC .xml files, a COCO .json or YOLO .txt files beside the pictures"),
    )
