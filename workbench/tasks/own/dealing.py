"""Which classes are for meta-training, validation and test where the data leaves that open."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import torch
from torch import Generator

from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.task import SPLITS, Split
from workbench.tasks.class_sizes import LEAST_IMAGES
from workbench.tasks.classes import LEAST_WAYS
from workbench.tasks.image_pool import ImagePool
from workbench.tasks.image_trees import ImageFile
from workbench.tasks.own.sorted_files import together
from workbench.tasks.own.twice import same_name

Classes = dict[Split, tuple[int, ...]]


@dataclass(frozen=True)
class Shares:
    """Of the classes: how many are held out, and how many a split has at least if it can."""

    val: float
    test: float
    least: int

    def cut(self, count: int) -> tuple[int, int]:
        """Sizes of validation and test out of ``count``; never so large that a split lacks."""
        val, test = (max(1, round(count * share)) for share in (self.val, self.test))
        if count < 3 * self.least:
            return val, test
        val = min(max(val, self.least), count - 2 * self.least)
        return val, min(max(test, self.least), count - self.least - val)


def classes(pool: ImagePool, shares: Shares, draws: Generator) -> Classes:
    """Those that were found in a split stay there; a split that none was found in is drawn.

    Classes of a single image can stand in no task, and are in no split. Raises `BadInput`.
    """
    usable = [c for c in range(len(pool.class_names)) if pool.count(c) >= LEAST_IMAGES]
    if not usable:
        raise BadInput(
            "task.root",
            marked("none of the {0:,} classes has two images").format(len(pool.class_names)),
            marked("Give each class an image to learn from and one to be asked, at least"),
        )
    given = pool.given or ("",) * len(pool.class_names)
    found: Classes = {s: tuple(c for c in usable if given[c] == s) for s in SPLITS}
    open_ones = [c for c in usable if not given[c]] if not pool.given else list(found["train"])
    missing = [s for s in SPLITS[1:] if not found[s]]
    if not missing:
        return found
    val, test = _sizes(len(open_ones), shares, missing)
    order = torch.randperm(len(open_ones), generator=draws).tolist()
    cut, end = len(open_ones) - val - test, len(open_ones) - test
    dealt: Classes = {"val": _taken(open_ones, order[cut:end])}
    dealt["test"] = _taken(open_ones, order[end:])
    dealt["train"] = _taken(open_ones, order[:cut])
    return {s: dealt[s] if s == "train" else found[s] or dealt[s] for s in SPLITS}


def drawn(pool: ImagePool, divided: Classes) -> tuple[str, ...]:
    """Which splits the data lacked, so that some of its training classes were drawn for them."""
    if not pool.given:
        return ()
    lacking = [split for split in SPLITS[1:] if split not in pool.given]
    return tuple(
        f"No split of the data is {split}: {len(divided[split])} of its training classes were drawn"
        for split in lacking
    )


def _taken(among: Sequence[int], places: Sequence[int]) -> tuple[int, ...]:
    return tuple(sorted(among[place] for place in places))


def _sizes(count: int, shares: Shares, missing: Sequence[Split]) -> tuple[int, int]:
    """Of validation and test, where they are to be drawn; raises `BadInput` for too few classes."""
    val, test = shares.cut(count)
    val, test = (val if "val" in missing else 0), (test if "test" in missing else 0)
    parts = 1 + len(missing)
    if count - val - test < 1 or count < parts * shares.least:
        most = count // parts
        problem = marked(
            "{0} classes are too few for {1} splits of {2} ways without a common class"
        )
        remedy = (
            marked("Use at most {0} ways, or choose shared in task.splits: the same classes in all")
            if most >= LEAST_WAYS
            else marked(
                "Choose shared in task.splits: the same classes, other images in each split"
            )
        )
        raise BadInput(
            "task.ways" if most >= LEAST_WAYS else "task.splits",
            problem.format(count, parts, shares.least),
            remedy.format(most),
            *([Mend("task.ways", most)] if most >= LEAST_WAYS else []),
            Mend("task.splits", "shared"),
        )
    return val, test


def pooled(files: Sequence[ImageFile]) -> list[ImageFile]:
    """Splits forgotten: the images of one class name stand together, wherever they lay."""
    first: dict[str, str] = {}
    for file in files:
        first.setdefault(same_name(file.class_name), file.class_name)
    return together(
        replace(file, class_name=first[same_name(file.class_name)], split="") for file in files
    )


def shared(files: Sequence[ImageFile], shares: Shares) -> list[ImageFile]:
    """Every class in every split: the images of each are dealt, in an order of their names' hash.

    So a new image changes the place of few others.
    """
    return together(_dealt(files, shares))


def _dealt(files: Sequence[ImageFile], shares: Shares) -> Iterator[ImageFile]:
    for _, members in groupby(files, key=lambda file: file.class_name):
        ordered = sorted(members, key=lambda file: _hash(str(file.place)))
        val, test = shares.cut(len(ordered))
        for at, file in enumerate(ordered):
            split = "val" if at < val else "test" if at < val + test else "train"
            yield replace(file, split=split)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
