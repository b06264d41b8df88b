"""Whether pictures lie beside boxes, by a look at few files: decodes no picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath

from workbench.core.errors import BadInput
from workbench.core.task import unheard
from workbench.tasks.annotated import coco, voc, yolo
from workbench.tasks.archives import Member
from workbench.tasks.image_trees import tree

KINDS = (".xml", ".json", ".txt")
"""Of files that may hold boxes."""
TRIED = 5
"""Files of each kind."""
MAX_BYTES = 2**28


def holds_boxes(root: Path) -> bool:
    """Of a folder or a zip; False also where it cannot be read, which is for others to say."""
    try:
        with tree(root, unheard) as found:
            stems = {file.place.stem.casefold() for file in found.images}
            return any(_is_told(kind, found.beside, stems) for kind in KINDS)
    except (BadInput, OSError):
        return False


def _is_told(kind: str, beside: Sequence[Member], stems: set[str]) -> bool:
    """By the first files of a kind; a text must be called as a picture is."""
    mine = (member for member in beside if PurePosixPath(member.name).suffix.lower() == kind)
    if kind == ".txt":
        mine = (m for m in mine if PurePosixPath(m.name).stem.casefold() in stems)
    return any(_says_boxes(kind, data) for data in _contents(islice(mine, TRIED)))


def _contents(members: Iterable[Member]) -> Iterable[bytes]:
    for member in members:
        if 0 < member.size <= MAX_BYTES:
            try:
                yield member.read()
            except Exception:
                continue


def _says_boxes(kind: str, data: bytes) -> bool:
    if kind == ".json":
        return all(sign in data for sign in coco.SIGNS)
    if kind == ".txt":
        return yolo.looks_like(data.decode("utf-8", "replace"))
    try:
        return voc.parsed(data).tag == voc.ROOT
    except ValueError:
        return False
