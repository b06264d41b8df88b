"""The user's own images: folders of classes, with splits or without, or arrays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from workbench.core.errors import BadInput, Missing
from workbench.core.findings import Finding
from workbench.core.marked import marked
from workbench.core.params import param, recorded
from workbench.core.registry import register
from workbench.core.seeds import generator
from workbench.core.task import Report, Split
from workbench.tasks import split_record
from workbench.tasks.augmentation import AugmentedParams
from workbench.tasks.image_trees import ImageFile, told
from workbench.tasks.images import ImageFamily
from workbench.tasks.own import dealing, picture_cache, twice
from workbench.tasks.own.dealing import Shares
from workbench.tasks.own.sorted_files import SortedFiles
from workbench.tasks.own.source import opened
from workbench.tasks.pictures import ImageStyle
from workbench.tasks.split_names import mapped
from workbench.tasks.split_record import Found, SplitRecord

SHARED = marked("The same classes are in every split: no number here is of unseen classes")
SCALE_KEPT = marked(
    "Pixels are scaled by the numbers that the run has recorded, not by those of this data"
)


class ImageFolderParams(AugmentedParams):
    name: Literal["image_folder"] = "image_folder"
    root: Path = param(
        Path(),
        marked("Folder with a folder of images for each class, a .zip of it, or an .npz file."),
        more=marked(
            "Folders such as train, val and test above the classes are the splits, and so are "
            "lists such as train.csv beside them. An .npz file holds images and labels."
        ),
    )
    splits: Literal["found", "drawn", "shared"] = param(
        "found",
        marked("Keep the splits of the data, draw them anew by class, or share all classes."),
        more=marked(
            "Found: as folders or lists say; where they say none, drawn by class. Shared: the "
            "same classes in every split, with other images; numbers are then of classes that "
            "were trained on, and say so."
        ),
    )
    image_size: int = param(
        28, marked("Images are resized to this many pixels a side."), unit="px", ge=8, le=256
    )
    colour: Literal["grey", "rgb"] = param("grey", marked("Keep one channel or three."))
    invert: bool = param(
        False, marked("Exchange dark and light, so that dark ink on light paper counts as 1.")
    )
    resize: Literal["stretch", "crop", "pad"] = param(
        "stretch",
        marked("Stretch an image that is no square, cut its middle out, or pad it."),
        advanced=True,
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
    split_names: str = param(
        "",
        marked("Names that stand for splits, such as basis=train, holdout=test."),
        advanced=True,
    )
    split_file: Path = param(
        Path(),
        marked("List of splits (.csv, .txt, .json) or a folder of them; empty for one beside."),
        advanced=True,
    )
    new_classes: Literal["none", "train", "val", "test"] = param(
        "none",
        marked("The split that classes take which came after the run whose splits are kept."),
        advanced=True,
    )
    record: SplitRecord | None = recorded()

    @property
    def settled_by(self) -> str:
        """What settles a split, so that a record of another one is known from it."""
        shares = f"{self.val_share:g}/{self.test_share:g}"
        return f"{self.splits} {shares} {self.split_seed} {self.split_names} {self.split_file.name}"


@register("task", "image_folder", title=marked("My images"), params=ImageFolderParams)
class ImageFolder(ImageFamily):
    """Tell classes of your own images apart: a folder for each class."""

    params: ImageFolderParams
    keeps_splits = True

    def __init__(self, params: ImageFolderParams) -> None:
        channels = 1 if params.colour == "grey" else 3
        self.style = ImageStyle(params.image_size, channels, params.invert, params.resize)
        super().__init__(params)

    def prepare(self, report: Report) -> None:
        if hasattr(self, "pool"):
            return
        root = self.params.root
        if root == Path():
            raise Missing(
                "task.root",
                marked("no folder is chosen"),
                marked("Choose a folder of class folders, a .zip or an .npz, or drop it anywhere"),
            )
        mapping = mapped(self.params.split_names, "task.split_names")
        with opened(root, self.params.split_file, mapping, report) as found:
            pool, skipped = picture_cache.load(root, self._dealt(found), self.style, report)
        skipped = (*skipped, *told(found.passed, "passed over"))
        if not pool.class_names:
            raise BadInput(
                "task.root",
                marked("{0} holds no class folders with readable images{1}").format(
                    root, _first(skipped)
                ),
                marked("Make a folder for each class and put its images inside"),
            )
        self.pool = pool
        self._notes = (*found.notes, *skipped)
        self._divide(self._split)
        self._notes += tuple(self._worth())

    def _worth(self) -> Iterator[Finding]:
        """What makes numbers on this data worth less."""
        if self._shares_classes:
            yield Finding(SHARED, where="task.splits")
        else:
            yield from twice.letters(self.pool, self._divided)
        yield from twice.pictures(self.pool, self._divided)
        if self.params.record is not None and self._record is None:
            yield Finding(split_record.NOT_OF_THIS)
            if self.params.scales and self.params.recorded_scale(self.style) is not None:
                yield Finding(SCALE_KEPT)

    def _dealt(self, found: SortedFiles) -> list[ImageFile]:
        """The files with the splits that they are to be in, as far as files settle it."""
        if self.params.splits == "drawn":
            return dealing.pooled(found.files)
        if self.params.splits == "shared":
            needed = self.params.shots + self.params.queries
            shares = Shares(self.params.val_share, self.params.test_share, needed)
            return found.files if found.has_splits else dealing.shared(found.files, shares)
        twice.refuse_classes(found.files)
        return found.files

    def _split(self) -> dict[Split, tuple[int, ...]]:
        params, record = self.params, self._record
        if record is not None:
            self._notes += (split_record.KEPT,)
            return self._found.placed(record, params.new_classes)
        shares = Shares(params.val_share, params.test_share, params.ways)
        draws = generator(params.split_seed, "image_folder")
        divided = dealing.classes(self.pool, shares, draws)
        self._notes += dealing.drawn(self.pool, divided)
        return divided

    def settled(self) -> dict[str, Any]:
        if self._foreign is not None:
            return {}
        names, settled_by = self.pool.class_names, self.params.settled_by
        record = split_record.recorded(names, self._divided, settled_by)
        return {**super().settled(), "record": record}

    @property
    def seen_classes(self) -> bool:
        return self._shares_classes and self._foreign is None

    def departures(self) -> str:
        record = self._record
        return "" if record is None else "; ".join(self._found.departures(self._divided, record))

    @property
    def _record(self) -> SplitRecord | None:
        """What a run has recorded, where it is of this data and of these settings."""
        params = self.params
        return split_record.of_this(params.record, params.settled_by, self.pool.class_names)

    @property
    def _found(self) -> Found:
        return Found(self.pool.class_names, self.pool.given, self._shares_classes)

    @property
    def _shares_classes(self) -> bool:
        return self.params.splits == "shared"


def _first(skipped: tuple[str, ...]) -> str:
    """The first file that was skipped, with the reason; behind how many there were."""
    return f" ({skipped[0]}; {skipped[1]})" if len(skipped) > 1 else ""
