"""The user's own images: a folder for each class, one level deep or two."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.seeds import generator
from workbench.core.task import Report
from workbench.tasks.classes import WayShotParams
from workbench.tasks.image_trees import ImageFile, image_files, load_pool
from workbench.tasks.images import ImageFamily, split_classes
from workbench.tasks.pictures import ImageStyle

READY_MADE = {"train", "training", "val", "valid", "validation", "test", "testing", "eval"}
"""Folders that are splits, not groups: one class may stand in several of them."""

LEVELS = (2, 3)
"""Path lengths of class/file and of group/class/file."""


class ImageFolderParams(WayShotParams):
    name: Literal["image_folder"] = "image_folder"
    root: Path = param(
        Path(), marked("Folder with a folder of images for each class, or a .zip of it.")
    )
    image_size: int = param(
        28, marked("Images are resized to this many pixels a side."), unit="px", ge=8, le=256
    )
    colour: Literal["grey", "rgb"] = param("grey", marked("Keep one channel or three."))
    invert: bool = param(
        False, marked("Exchange dark and light, so that dark ink on light paper counts as 1.")
    )
    rotations: bool = param(False, marked("Turn each class by quarter turns, anew in each task."))
    val_share: float = param(
        0.2, marked("Share of the classes kept for validation."), ge=0.05, le=0.6, advanced=True
    )
    test_share: float = param(
        0.2, marked("Share of the classes kept for the test."), ge=0.05, le=0.6, advanced=True
    )
    split_seed: int = param(
        0,
        marked("Settles which classes are for training, validation and test."),
        ge=0,
        advanced=True,
    )


@register("task", "image_folder", title=marked("My images"), params=ImageFolderParams)
class ImageFolder(ImageFamily):
    """Tell classes of your own images apart: a folder for each class."""

    params: ImageFolderParams

    def __init__(self, params: ImageFolderParams) -> None:
        super().__init__(params)
        channels = 1 if params.colour == "grey" else 3
        self.style = ImageStyle(params.image_size, channels, params.invert)

    def prepare(self, report: Report) -> None:
        if hasattr(self, "pool"):
            return
        root = self.params.root
        if root == Path():
            raise BadInput(
                "task.root",
                marked("no folder is chosen"),
                marked("Choose a folder of class folders"),
            )
        with image_files(root, report) as found:
            files = [file for file in found if len(file.place.parts) in LEVELS]
            files, pooled = _without_ready_made(files)
            pool, skipped = load_pool(files, self.style, report)
        if not pool.class_names:
            raise BadInput(
                "task.root",
                marked("{0} holds no class folders with readable images{1}").format(
                    root, _first(skipped)
                ),
                marked("Make a folder for each class and put its images inside"),
            )
        self.pool = pool
        self._notes = (*pooled, *skipped)
        self._divide(self._split)

    def _split(self) -> dict[Literal["train", "val", "test"], tuple[int, ...]]:
        count = len(self.pool.class_names)
        val, test = (
            max(1, round(count * s)) for s in (self.params.val_share, self.params.test_share)
        )
        if val + test >= count:
            raise BadInput(
                "task.root",
                marked("{0} has {1} classes, too few for three splits").format(
                    self.params.root, count
                ),
                marked("Give at least {0} classes, or lower the shares").format(
                    3 * self.params.ways
                ),
            )
        return split_classes(count, val, test, generator(self.params.split_seed, "image_folder"))


def _first(skipped: tuple[str, ...]) -> str:
    """The first file that was skipped, with the reason; behind how many there were."""
    return f" ({skipped[0]}; {skipped[1]})" if len(skipped) > 1 else ""


def _without_ready_made(files: list[ImageFile]) -> tuple[list[ImageFile], tuple[str, ...]]:
    """Classes of folders such as train and test are pooled under their own names."""
    groups = {str(file.place.parent.parent).lower() for file in files}
    if not files or not groups <= READY_MADE:
        return files, ()
    pooled = [replace(file, class_name=file.place.parent.name) for file in files]
    note = "The classes of the folders train, val and test were pooled and split by class"
    return sorted(pooled, key=lambda file: (file.class_name, file.place)), (note,)
