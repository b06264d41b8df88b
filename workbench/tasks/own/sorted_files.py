"""Picture files with their classes and splits, and what could not be used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.tasks.image_trees import ImageFile

ORDER = ("", "train", "val", "test")


@dataclass(frozen=True)
class SortedFiles:
    """What a source says; files of one class of one split stand together."""

    files: list[ImageFile]
    notes: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    """Of every file that is passed over, ``place: reason``."""

    @property
    def has_splits(self) -> bool:
        return any(file.split for file in self.files)


def together(files: Iterable[ImageFile]) -> list[ImageFile]:
    """By split, class and place."""
    return sorted(files, key=lambda f: (ORDER.index(f.split), f.class_name, f.place))
