"""What the folders of a tree say: classes, groups of classes, and splits.

    class/file   group/class/file   split/class/file   split/group/class/file   class/split/file

Folders that all pictures share, such as ``images/`` or the one that a zip was made of, say nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.task import Split
from workbench.tasks.image_trees import ImageFile
from workbench.tasks.own.sorted_files import ORDER, SortedFiles, together
from workbench.tasks.split_names import splits_of

LEVELS = (2, 3)
"""Path lengths of class/file and of group/class/file."""


def read(files: Sequence[ImageFile], mapping: Mapping[str, Split]) -> SortedFiles:
    """Sort pictures by their folders; ``mapping`` has the user's own names of splits.

    ``files`` are without the folders that all of them share.
    """
    deep = [file for file in files if len(file.place.parts) > LEVELS[0]]
    for at in (0, -2):
        named = _named(deep, at, mapping)
        if named:
            return _split(files, at, named)
    return _classes(files)


def without_wrapper(files: Sequence[ImageFile]) -> list[ImageFile]:
    """The files without the folders above all of them, as long as each stays in a folder."""
    if not files:
        return []
    shallow = min(len(file.place.parts) for file in files) - LEVELS[0]
    # The first and the last in order share what all share.
    first, last = min(file.place.parts for file in files), max(file.place.parts for file in files)
    pairs = enumerate(zip(first, last, strict=False))
    shared = next((at for at, (one, other) in pairs if one != other), len(first))
    drop = max(0, min(shallow, shared))
    return [_at(file, file.place.parts[drop:]) for file in files] if drop else list(files)


def _named(files: Sequence[ImageFile], at: int, mapping: Mapping[str, Split]) -> dict[str, Split]:
    """The folders at a level that are splits: training's and another one; else none."""
    words = Counter(file.place.parts[at] for file in files)
    found = splits_of(words, mapping)
    if len(set(found.values())) < 2 or (at and len(found) < len(words)):
        return {}
    if "train" not in found.values():
        if len(found) < len(words):
            return {}
        named = {**mapping, min(found): "train"}
        raise BadInput(
            "task.root",
            marked("the folders {0} are splits, and none is for training").format(
                ", ".join(sorted(found))
            ),
            marked("Name one of them in task.split_names, such as {0}=train").format(min(found)),
            Mend("task.split_names", ", ".join(f"{word}={split}" for word, split in named.items())),
        )
    return found


def _split(files: Sequence[ImageFile], at: int, named: Mapping[str, Split]) -> SortedFiles:
    """Each picture in the split that its folder at a level names."""
    kept, passed = [], []
    for file in files:
        parts = list(file.place.parts)
        split = named.get(parts.pop(at)) if len(parts) > abs(at) else None
        if split is None:
            passed.append(f"{file.place}: stands in none of the folders that are splits")
        elif reason := _misplaced(parts):
            passed.append(f"{file.place}: {reason}")
        else:
            kept.append(replace(file, class_name=_class(parts), split=split))
    ordered = sorted(named.items(), key=lambda pair: (ORDER.index(pair[1]), pair[0]))
    told = ", ".join(w if w == split else f"{w} = {split}" for w, split in ordered)
    return SortedFiles(together(kept), (f"The folders are splits: {told}",), tuple(passed))


def _classes(files: Sequence[ImageFile]) -> SortedFiles:
    kept = [file for file in files if not _misplaced(file.place.parts)]
    passed = [
        f"{file.place}: {reason}" for file in files if (reason := _misplaced(file.place.parts))
    ]
    return SortedFiles(kept, (), tuple(passed))


def _misplaced(parts: Sequence[str]) -> str:
    """Why a picture at this place has no class; empty where it has one."""
    if len(parts) < LEVELS[0]:
        return "lies in no class folder"
    return "lies deeper than group/class/file" if len(parts) > LEVELS[-1] else ""


def _at(file: ImageFile, parts: Sequence[str]) -> ImageFile:
    place = PurePosixPath(*parts)
    return replace(file, place=place, class_name=_class(parts))


def _class(parts: Sequence[str]) -> str:
    return str(PurePosixPath(*parts).parent)
