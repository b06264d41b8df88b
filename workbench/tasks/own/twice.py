"""What stands in two splits: a class by its name, or a picture by its pixels."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from workbench.core.errors import BadInput
from workbench.core.findings import Finding, Mend
from workbench.core.marked import marked
from workbench.core.task import SPLITS, Split
from workbench.tasks.image_pool import ImagePool
from workbench.tasks.image_trees import ImageFile

NAMED = 3
"""Classes that a sentence names."""


def same_name(name: str) -> str:
    """Equal for one name however its letters are composed: é is one sign or two."""
    return unicodedata.normalize("NFC", name)


def same_letters(name: str) -> str:
    """Equal also where only capital and small letters differ."""
    return same_name(name).casefold()


def refuse_classes(files: Iterable[ImageFile]) -> None:
    """Refuse a class that stands in two splits: only the user knows what is meant by it."""
    twice = _in_two((same_name(file.class_name), file.split) for file in files)
    if twice:
        raise BadInput(
            "task.splits",
            marked("{0} in more than one split ({1})").format(
                _classes(len(twice), "stands", "stand"), _some(twice)
            ),
            marked(
                "Choose drawn to pool them and draw the splits anew by class, or shared for the "
                "same classes in every split"
            ),
            *(Mend("task.splits", how) for how in ("drawn", "shared")),
        )


def letters(pool: ImagePool, classes: Mapping[Split, Sequence[int]]) -> tuple[Finding, ...]:
    """A sentence on classes of different splits whose names differ in capitals alone."""
    where = [(index, split) for split in SPLITS for index in classes[split]]
    alike = _in_two((same_letters(pool.class_names[index]), split) for index, split in where)
    if not alike:
        return ()
    return (
        Finding(
            f"{_classes(len(alike), 'differs', 'differ')} from one of another split in capital "
            f"letters alone ({_some(alike)}): the same?"
        ),
    )


def pictures(pool: ImagePool, classes: Mapping[Split, Sequence[int]]) -> tuple[Finding, ...]:
    """A sentence on pictures that stand in several splits, as they are read."""
    where = [(index, split) for split in SPLITS for index in classes[split]]
    found = _in_two((digest, split) for index, split in where for digest in _hashes(pool, index))
    if not found:
        return ()
    count = "1 picture stands" if len(found) == 1 else f"{len(found):,} pictures stand"
    return (Finding(f"{count} in more than one split, pixel for pixel"),)


def _in_two(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """What comes with two splits, in the order of its coming."""
    seen: dict[str, set[str]] = {}
    for key, split in pairs:
        seen.setdefault(key, set()).add(split)
    return [key for key, splits in seen.items() if len(splits) > 1]


def _hashes(pool: ImagePool, index: int) -> Iterable[str]:
    """A hash of each picture of a class, but of those in one colour."""
    if pool.kept is not None:
        numbers = pool.kept.numbers[pool.starts[index] : pool.starts[index + 1]].tolist()
        return [str(number) for number in numbers if not number & 1]
    images = pool.images[pool.starts[index] : pool.starts[index + 1]]
    flat = images.flatten(1)
    varied = (flat != flat[:, :1]).any(1).tolist()
    telling = [image for image, told in zip(images, varied, strict=True) if told]
    return [hashlib.sha256(image.numpy().tobytes()).hexdigest() for image in telling]


def _classes(count: int, one: str, many: str) -> str:
    return f"1 class {one}" if count == 1 else f"{count:,} classes {many}"


def _some(names: Sequence[str]) -> str:
    told = ", ".join(names[:NAMED])
    return f"{told} and {len(names) - NAMED:,} more" if len(names) > NAMED else told
