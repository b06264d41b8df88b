"""A person's own support set and the pictures to be predicted: two folders, or zip archives.

The support set has a folder of pictures for each class. The pictures to be predicted may lie
anywhere; one that lies in a folder named as a class is labelled, and predictions are scored on it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import torch
from torch import Tensor

from workbench.core.episode import Batch
from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked
from workbench.core.task import Report
from workbench.tasks.image_trees import ImageFile, image_files, load_pool, read_image, told
from workbench.tasks.pictures import ImageStyle, without_warnings

MOST = 100_000
"""Pictures to be predicted at once."""


@dataclass(frozen=True)
class Examples:
    """A support set: ``batch.x [n, C, H, W]`` as a model meets it, ``batch.y [n]`` in ``names``."""

    names: tuple[str, ...]
    batch: Batch
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """Pictures to be predicted: ``pixels [n, C, H, W]``, uint8."""

    files: tuple[str, ...]
    """Their places in the folder."""
    pixels: Tensor
    labels: tuple[int | None, ...]
    """The class of each, where its folder says it."""
    notes: tuple[str, ...] = ()


def read_examples(root: Path, style: ImageStyle, report: Report) -> Examples:
    """The support set of a folder; raises `BadInput` at ``--support`` when there is none in it."""
    with _named("--support"), image_files(root, report) as found:
        loose = [file for file in found if file.place.parent == PurePosixPath(".")]
        classes = [file for file in found if file.place.parent != PurePosixPath(".")]
        pool, notes = load_pool(classes, style, report)
    if len(pool.class_names) < 2:
        raise BadInput(
            "--support",
            marked("{0} has {1} folders of pictures, and at least two classes are needed").format(
                root, len(pool.class_names)
            ),
            marked("Put the pictures of each class into a folder of its own"),
        )
    ways = range(len(pool.class_names))
    y = torch.tensor([way for way in ways for _ in range(pool.count(way))])
    beside = told([f"{file.place}: lies in no class folder" for file in loose])
    batch = Batch(style.inputs(pool.images.float() / 255), y)
    return Examples(pool.class_names, batch, (*notes, *beside))


def read_asked(root: Path, style: ImageStyle, names: tuple[str, ...], report: Report) -> Asked:
    """The pictures of a folder, an archive or a single file, in the order of their places.

    Raises `BadInput` at ``--query`` when no picture in it can be used.
    """
    with _asked_files(root, report) as found:
        read = _read(found[:MOST], style, names, report)
    passed = [
        *read.notes,
        *(f"{file.place}: is beyond the first {MOST:,}" for file in found[MOST:]),
    ]
    if not read.files:
        raise BadInput(
            "--query",
            marked("{0} has no picture that can be used").format(root),
            marked("Give a folder with pictures"),
        )
    return replace(read, notes=told(passed))


def read_dropped(
    places: Sequence[Path], style: ImageStyle, names: tuple[str, ...], most: int, report: Report
) -> Asked:
    """The pictures of several files, folders and archives; ``notes`` say what is passed over.

    The first ``most`` are read. Nothing is raised: where none can be used, none is returned.
    """
    parts: list[Asked] = [_read((), style, names, report)]
    passed: list[str] = []
    for place in places:
        left = most - sum(len(part.files) for part in parts)
        try:
            with _asked_files(place, report) as found:
                parts.append(_read(found[:left], style, names, report))
            passed += parts[-1].notes
            passed += [f"{file.place}: is beyond the first {most}" for file in found[left:]]
            passed += [] if found else [f"{place.name}: has no picture"]
        except BadInput as error:
            passed.append(f"{place.name}: {error.problem}")
    return Asked(
        tuple(file for part in parts for file in part.files),
        torch.cat([part.pixels for part in parts]),
        tuple(label for part in parts for label in part.labels),
        told(passed),
    )


def _read(
    found: Sequence[ImageFile], style: ImageStyle, names: tuple[str, ...], report: Report
) -> Asked:
    """As many of the files as can be used; ``notes`` has a line ``place: reason`` for any other."""
    files: list[str] = []
    pixels: list[Tensor] = []
    labels: list[int | None] = []
    passed: list[str] = []
    with without_warnings():
        for number, file in enumerate(found):
            report(marked("Reading pictures"), number / len(found))
            image = read_image(style, file)
            if isinstance(image, str):
                passed.append(f"{file.place}: {image}")
                continue
            files.append(printable(str(file.place)))
            pixels.append(image)
            labels.append(_label(file.place, names))
    held = torch.stack(pixels) if pixels else torch.empty(0, *style.shape, dtype=torch.uint8)
    return Asked(tuple(files), held, tuple(labels), tuple(passed))


def shown_before(asked: Asked, examples: Batch, style: ImageStyle) -> tuple[bool, ...]:
    """Of each picture, whether the very same stands in the support set."""
    known = {_bytes(x) for x in examples.x}
    return tuple(_bytes(style.inputs(pixels.float() / 255)) in known for pixels in asked.pixels)


@contextmanager
def _asked_files(root: Path, report: Report) -> Iterator[list[ImageFile]]:
    if root.is_file() and root.suffix.lower() != ".zip":
        yield [ImageFile(PurePosixPath(root.name), root.stat().st_size, root.read_bytes, "")]
        return
    with _named("--query"), image_files(root, report) as found:
        yield found


@contextmanager
def _named(flag: str) -> Iterator[None]:
    """What is wrong with a folder is said of the flag that it was given with."""
    try:
        yield
    except BadInput as error:
        raise BadInput(flag, error.problem, error.remedy) from error


def _label(place: PurePosixPath, names: tuple[str, ...]) -> int | None:
    """The class whose name a folder above the picture has; the nearest one counts."""
    folded = {_folded(name): way for way, name in enumerate(names)}
    parents = [place.parent, *place.parent.parents][:-1]
    candidates = [str(parent) for parent in parents] + [parent.name for parent in parents]
    return next((folded[_folded(c)] for c in candidates if _folded(c) in folded), None)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _bytes(pixels: Tensor) -> bytes:
    return pixels.contiguous().numpy().tobytes()
