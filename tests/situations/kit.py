"""A situation: somebody's files, the settings, and what is expected of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.unit.tasks.conftest import noise

SIZES = {"ways": 2, "shots": 1, "queries": 1, "image_size": 8}
LETTERS = [f"class{n:02}" for n in range(12)]


@dataclass(frozen=True)
class Situation:
    """``make`` writes the files below a folder and returns the root, or root and more settings."""

    what: str
    make: Callable[[Path], Path]
    settings: Mapping[str, Any] = field(default_factory=dict)
    classes: tuple[int, int, int] | None = None
    """Of meta-training, validation and test; None where the data is refused."""
    says: str = ""
    """Words of the notes, the warnings or the refusal."""
    where: str = "task.root"
    """The field that a refusal names."""


def split_tree(
    names: Iterable[str], sizes: Iterable[int] = (6, 3, 3), images: int = 3
) -> Callable[[Path], Path]:
    """Folders of these names with so many classes each, all of them different."""

    def make(folder: Path) -> Path:
        first = 0
        for name, size in zip(names, sizes, strict=True):
            classes = [f"class{n:02}" for n in range(first, first + size)]
            numbered(folder / name, classes, images, first)
            first += size
        return folder

    return make


def numbered(root: Path, classes: Iterable[str], images: int, first: int) -> Path:
    """As `fill`, with pictures that are like none of another ``first``."""
    for number, name in enumerate(classes, first):
        (root / name).mkdir(parents=True, exist_ok=True)
        for index in range(images):
            noise(1000 * number + index, 10).save(root / name / f"{index}.png")
    return root


def classes(*sizes: int) -> Callable[[Path], Path]:
    """A folder of classes with so many pictures each."""

    def make(folder: Path) -> Path:
        for number, size in enumerate(sizes):
            numbered(folder, [f"class{number:02}"], size, number)
        return folder

    return make


def flat(folder: Path, count: int = 12, images: int = 3) -> list[str]:
    """Pictures side by side in ``images/``; their names."""
    (folder / "images").mkdir()
    names = [f"n{n:02}_{i}.png" for n in range(count) for i in range(images)]
    for number, name in enumerate(names):
        noise(number, 10).save(folder / "images" / name)
    return names


def zipped(folder: Path, prefix: str = "", slash: str = "/", flags: int = 0) -> Path:
    """The twelve classes in an archive."""
    tree = numbered(folder / "tree", LETTERS, 3, 0)
    file = folder / "pictures.zip"
    with zipfile.ZipFile(file, "w") as made:
        for picture in sorted(tree.rglob("*.png")):
            place = f"{prefix}{picture.relative_to(tree).as_posix()}"
            made.writestr(place.replace("/", slash), picture.read_bytes())
    return file


def deep(folder: Path, dtype: str, kind: str, high: float) -> Path:
    """Twelve classes of pictures with numbers from 0 to ``high`` in each."""
    for number, name in enumerate(LETTERS):
        (folder / name).mkdir()
        for index in range(2):
            values = np.random.default_rng(10 * number + index).random((10, 10)) * high
            Image.fromarray(values.astype(dtype)).save(folder / name / f"{index}.{kind}")
    return folder


def encoded(kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    noise(77, 10).save(stream, kind, **options)
    return stream.getvalue()


def beside(make: Callable[[Path], Path], place: str, data: bytes = b"x") -> Callable[[Path], Path]:
    """The same with one more file."""

    def made(folder: Path) -> Path:
        root = make(folder)
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_bytes(data)
        return root

    return made


TWELVE = classes(*[3] * 12)
