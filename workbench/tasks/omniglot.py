"""Omniglot: 1,623 handwritten characters of 50 alphabets, each drawn by 20 people.

B. M. Lake, R. Salakhutdinov, J. B. Tenenbaum, "Human-level concept learning through probabilistic
program induction", Science 350 (2015). Prepared as the MAML authors do: 28x28 pixels by Lanczos,
ink = 1, characters mixed over alphabets and split 1100/100/423, then turned by quarter turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Literal

import torch
from torch import Generator, Tensor

from workbench.core import places
from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.seeds import generator
from workbench.core.task import SPLITS, Report, Split
from workbench.tasks import pool_cache
from workbench.tasks.alphabets import WithinAlphabet, split_alphabets
from workbench.tasks.augmentation import AugmentedParams
from workbench.tasks.image_pool import ImagePool
from workbench.tasks.image_trees import ImageFile, image_files, load_pool, readable
from workbench.tasks.images import ImageFamily, split_classes
from workbench.tasks.omniglot_download import fetch
from workbench.tasks.pictures import ImageStyle

STYLE = ImageStyle(size=28, ink_is_one=True)
CHARACTERS = 1623
"""In both sets together; the published split leaves 100 of them for validation, 423 for test."""
VAL, TEST = 100, 423
SETS = ("images_background", "images_evaluation")
DOWNLOADED = "omniglot-py"
"""The folder below the root in which torchvision, too, keeps the archives."""

LEVELS = 3
"""Parts of a path: alphabet, character, file."""


class OmniglotParams(AugmentedParams):
    name: Literal["omniglot"] = "omniglot"
    root: Path = param(
        Path(),
        marked("Folder or .zip with alphabet/character/*.png; empty for the program's own folder."),
    )
    download: bool = param(
        False,
        marked("Download the official archives into the root if they are not there."),
        advanced=True,
        fetches=True,
        more=marked(
            "Opening a run or a scene never downloads anything, whatever it was made with."
        ),
    )
    rotations: bool = param(
        True, marked("Turn each class by 0°, 90°, 180° or 270°, anew in each task.")
    )
    split: Literal["characters", "alphabets"] = param(
        "characters",
        marked("Hold out single characters, as MAML's authors do, or whole alphabets."),
        advanced=True,
    )
    train_alphabets: int = param(
        0,
        marked("Alphabets to train on where whole ones are held out; 0 for all that are left."),
        ge=0,
        le=50,
        advanced=True,
    )
    held_out: Literal["as_training", "within_alphabet"] = param(
        "as_training",
        marked("Draw validation and test tasks as in training, or as Lake's one-shot trials."),
        more=marked(
            "Lake, Salakhutdinov and Tenenbaum (2019): all characters of a "
            "task come from one alphabet and stand upright; the support "
            "images are by one drawer, the query images by another. With "
            "more shots or queries there are as many drawers, none of them "
            "in both sets."
        ),
        advanced=True,
    )
    split_seed: int = param(
        0, marked("Settles what is for training, validation and test."), ge=0, advanced=True
    )

    @property
    def settled_by(self) -> str:
        return f"{self.split} {self.train_alphabets} {self.split_seed}"


@register("task", "omniglot", title=marked("Omniglot"), params=OmniglotParams)
class Omniglot(ImageFamily):
    """Tell handwritten characters of unseen kinds apart from one example each."""

    params: OmniglotParams
    style = STYLE

    def prepare(self, report: Report) -> None:
        if hasattr(self, "pool"):
            return
        if self.params.download:
            fetch(self._root / DOWNLOADED, self._missing(), report)
        self.pool, self._notes = _read(self._root, report)
        self._divide(self._split)

    def _split(self) -> dict[Split, tuple[int, ...]]:
        draws = generator(self.params.split_seed, "omniglot")
        if self.params.split == "characters":
            return self._split_characters(draws)
        classes, told = split_alphabets(self.pool, self.params.train_alphabets, draws)
        self._notes += (told,)
        return classes

    def _split_characters(self, draws: Generator) -> dict[Split, tuple[int, ...]]:
        characters = len(self.pool.class_names)
        val, test = round(characters * VAL / CHARACTERS), round(characters * TEST / CHARACTERS)
        if characters != CHARACTERS:
            self._notes += (
                f"{characters} of Omniglot's {CHARACTERS} characters are here; they are split "
                f"{characters - val - test}/{val}/{test}, in the proportions of 1100/100/423",
            )
        return split_classes(characters, val, test, draws)

    def _draw(self, split: Split, draws: Generator) -> tuple[Tensor, Tensor, Tensor]:
        if not self._within(split):
            return super()._draw(split, draws)
        ways, items = self.params.ways, self.params.shots + self.params.queries
        classes, picked = self._one_shot.draw(split, ways, items, draws)
        return classes, torch.zeros(ways, dtype=torch.long), picked

    def _check(self, splits: Sequence[Split] = SPLITS) -> None:
        super()._check(splits)
        for split in filter(self._within, splits):
            self._one_shot.check(split, self.params.ways, self.params.shots + self.params.queries)

    def _within(self, split: Split) -> bool:
        return split != "train" and self.params.held_out == "within_alphabet"

    @cached_property
    def _one_shot(self) -> WithinAlphabet:
        return WithinAlphabet(self.pool, self.classes)

    def _missing(self) -> tuple[str, ...]:
        """The sets that do not lie there unpacked; none where the root is an archive."""
        with readable(self._root):
            if self._root.is_file():
                return ()
            return tuple(name for name in SETS if not (self._root / name).is_dir())

    @property
    def _root(self) -> Path:
        return self.params.root if self.params.root != Path() else places.data("data", "omniglot")


def _read(root: Path, report: Report) -> tuple[ImagePool, tuple[str, ...]]:
    with readable(root):
        parts = _parts(root)
    if not parts:
        raise BadInput(
            "task.root",
            marked("there is no Omniglot at {0}").format(root),
            marked(
                "Give a folder or .zip with alphabet/character/*.png, or switch task.download on"
            ),
            Mend("task.download", True),
            Mend("task.root"),
        )
    with ExitStack() as stack:
        found = [f for part in parts for f in stack.enter_context(image_files(part, report))]
        named = [_named(file) for file in found if len(file.place.parts) >= LEVELS]
        # images_background_small1 holds again what stands in images_background.
        once = {file.place: file for file in named}
        files = sorted(once.values(), key=lambda file: file.place)
        if not files:
            raise BadInput(
                "task.root",
                marked("{0} holds no alphabet/character/*.png").format(root),
                marked("Give Omniglot's own folder or archive"),
            )
        return _pool(files, parts, report)


def _pool(
    files: list[ImageFile], parts: list[Path], report: Report
) -> tuple[ImagePool, tuple[str, ...]]:
    """Decode the files, or take what was decoded of exactly these files before."""
    stamps = [(str(part.resolve()), part.stat().st_mtime_ns) for part in parts]
    key = ("omniglot", STYLE, stamps, [(str(file.place), file.size) for file in files])
    pool = pool_cache.load(key)
    if pool is not None:
        return pool, ()
    pool, skipped = load_pool(files, STYLE, report)
    if not skipped:
        pool_cache.keep(key, pool)
    return pool, skipped


def _parts(root: Path) -> list[Path]:
    """The official sets below a root, as folders or archives, or else the root itself."""
    if not root.exists():
        return []
    folders = (root, root / DOWNLOADED)
    found = [f / name for f in folders for name in SETS if (f / name).is_dir()]
    found = found or [f / f"{n}.zip" for f in folders for n in SETS if (f / f"{n}.zip").is_file()]
    return found or [root]


def _named(file: ImageFile) -> ImageFile:
    """Only alphabet/character/file counts, whatever folders stand above it."""
    place = PurePosixPath(*file.place.parts[-LEVELS:])
    return ImageFile(place, file.size, file.read, str(place.parent))
