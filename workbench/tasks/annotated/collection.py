"""Pictures with boxes in the form a task takes, and which of them show which class."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from workbench.core.capacity import in_words, memory
from workbench.core.errors import BadInput, printable
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.task import Report
from workbench.tasks.annotated import reading
from workbench.tasks.annotated.counted import Counted
from workbench.tasks.annotated.marks import Edges, Mark
from workbench.tasks.annotated.reading import Annotated
from workbench.tasks.detection.scene import MOST_BOXES, Box
from workbench.tasks.image_trees import read_image, told, tree
from workbench.tasks.pictures import ImageStyle, without_warnings

REPORT_EVERY = 50


@dataclass(frozen=True)
class Collection:
    """``boxes[i]`` are those of picture i by class index; classes are sorted by their names."""

    class_names: tuple[str, ...]
    names: tuple[str, ...]
    """Of the pictures."""
    pixels: Tensor
    """``[M, C, S, S]``, uint8."""
    boxes: tuple[dict[int, tuple[Box, ...]], ...]
    crowded: frozenset[tuple[int, int]]
    """Pictures with too many boxes of a class for a scene of it, with that class."""

    def showing(self, class_index: int) -> tuple[int, ...]:
        """The pictures that show a class."""
        return tuple(at for at, held in enumerate(self.boxes) if class_index in held)


def read(
    root: Path, form: str, style: ImageStyle, report: Report
) -> tuple[Collection, tuple[str, ...]]:
    """All annotated pictures that can be read, and notes; raises `BadInput` at ``task.root``."""
    counted = Counted()
    with tree(root, report) as found:
        annotated, notes = reading.read(found, form, counted)
        _refuse_too_many(len(annotated), style)
        decoded, skipped = _decoded(annotated, style, report)
    spelt = _spellings([mark.name for one, _ in decoded for mark in one.told.marks], counted)
    class_names = tuple(sorted(set(spelt.values()), key=lambda name: (name.casefold(), name)))
    if not class_names:
        reasons = "; ".join((*counted.findings, *skipped)) or marked("there is no box at all")
        raise BadInput(
            "task.root",
            marked("holds no picture with a box that can be used ({0})").format(reasons),
            marked("Give pictures with boxes round things of three classes at least"),
        )
    numbers = {name: class_names.index(spelling) for name, spelling in spelt.items()}
    made = _collection(class_names, decoded, numbers, counted)
    return made, (*notes, *counted.findings, *told(skipped))


def _decoded(
    annotated: Sequence[Annotated], style: ImageStyle, report: Report
) -> tuple[list[tuple[Annotated, Tensor]], list[str]]:
    """Those whose picture can be read, with ``[C, S, S]``; and why others cannot."""
    found, skipped = [], []
    with without_warnings():
        for at, one in enumerate(annotated):
            if at % REPORT_EVERY == 0:
                report(f"Reading pictures: {at} of {len(annotated)}", at / len(annotated))
            pixels = read_image(style, one.file)
            if isinstance(pixels, str):
                skipped.append(f"{one.file.place}: {pixels}")
            else:
                found.append((one, pixels))
    return found, skipped


def _collection(
    class_names: tuple[str, ...],
    decoded: Sequence[tuple[Annotated, Tensor]],
    numbers: dict[str, int],
    counted: Counted,
) -> Collection:
    names = _names([one for one, _ in decoded])
    boxes, crowded = [], set[tuple[int, int]]()
    for at, (one, _) in enumerate(decoded):
        held = _by_class(one.told.marks, numbers, names[at], counted)
        for class_index in held:
            if len(held[class_index]) > MOST_BOXES:
                crowded.add((at, class_index))
                reason = f"pictures with more than {MOST_BOXES} boxes of a class, left out for it"
                counted.add(reason, names[at])
        boxes.append(held)
    pixels = torch.stack([pixels for _, pixels in decoded])
    return Collection(class_names, names, pixels, tuple(boxes), frozenset(crowded))


def _names(annotated: Sequence[Annotated]) -> tuple[str, ...]:
    """File names; places where a file name stands twice."""
    counts = Counter(one.file.place.name for one in annotated)
    return tuple(
        printable(one.file.place.name if counts[one.file.place.name] == 1 else str(one.file.place))
        for one in annotated
    )


def _by_class(
    marks: Sequence[Mark], numbers: dict[str, int], picture: str, counted: Counted
) -> dict[int, tuple[Box, ...]]:
    found: dict[int, list[Box]] = defaultdict(list)
    for mark in marks:
        held, box = found[numbers[mark.name]], box_of(mark.edges)
        if box in held:
            counted.add("boxes that stand twice, left out once", picture)
        else:
            held.append(box)
    return {class_index: tuple(sorted(held)) for class_index, held in found.items()}


def box_of(edges: Edges) -> Box:
    """Rounded, so that the same box is the same whatever form it was written in."""
    left, top, right, bottom = edges
    centre = (round((left + right) / 2, 4), round((top + bottom) / 2, 4))
    return (*centre, round(right - left, 4), round(bottom - top, 4))


def _spellings(names: Sequence[str], counted: Counted) -> dict[str, str]:
    """Each name of a class as it is spelt most often: capitals make no other class."""
    counts, groups = Counter(names), defaultdict[str, list[str]](list)
    for name in sorted(counts):
        groups[" ".join(name.casefold().split())].append(name)
    found: dict[str, str] = {}
    for members in groups.values():
        best = max(members, key=lambda name: (counts[name], name))
        found |= dict.fromkeys(members, printable(best))
        if len(members) > 1:
            reason = "classes are spelt in several ways and count as one each"
            counted.add(reason, " = ".join(members))
    return found


def _refuse_too_many(count: int, style: ImageStyle) -> None:
    channels, side, _ = style.shape
    needed = count * channels * side * side
    if needed > memory():
        problem = marked("{0:,} pictures take {1} at this size").format(count, in_words(needed))
        raise BadInput(
            "task.root", problem, marked("Choose fewer pictures"), Mend("task.picture_size", "64")
        )
