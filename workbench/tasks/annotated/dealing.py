"""Which classes are for which split, and which pictures then show which of them to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Generator

from workbench.core.errors import BadInput
from workbench.core.findings import Finding
from workbench.core.marked import marked
from workbench.core.task import SPLITS, Split
from workbench.tasks.annotated.collection import Collection
from workbench.tasks.images import split_classes

Classes = dict[Split, tuple[int, ...]]
LEAST_CLASSES = len(SPLITS)


def drawn(
    collection: Collection, val: float, test: float, needed: int, draws: Generator
) -> Classes:
    """The classes of ``needed`` pictures or more, dealt to the splits by shares; others to train.

    Raises `BadInput` for fewer classes than there are splits.
    """
    every = range(len(collection.class_names))
    large = [c for c in every if len(collection.showing(c)) >= needed]
    if len(large) < LEAST_CLASSES:
        large = list(every)  # and what is lacking is told by what has to be cut
    if len(large) < LEAST_CLASSES:
        names = ", ".join(collection.class_names)
        raise BadInput(
            "task.root",
            marked("has too few classes for splits that share none ({0})").format(names),
            marked("Give pictures with boxes round things of three classes at least"),
        )
    dealt = split_classes(len(large), *_sizes(len(large), val, test), draws)
    found = {name: tuple(large[at] for at in dealt[name]) for name in SPLITS}
    small = [c for c in every if c not in large]
    return {**found, "train": tuple(sorted((*found["train"], *small)))}


def _sizes(count: int, val: float, test: float) -> tuple[int, int]:
    """Of validation and test, one class each at least, and one left for training."""
    held = [max(1, round(count * share)) for share in (val, test)]
    while sum(held) >= count:
        held[held.index(max(held))] -= 1
    return held[0], held[1]


@dataclass(frozen=True)
class Dealt:
    """The pictures of every class, in its split."""

    split: Classes
    """All classes that a split has."""
    pictures: dict[int, tuple[int, ...]]
    kept_out: int
    """Pictures that show a class of meta-training and are kept out for another one they show."""

    @staticmethod
    def of(collection: Collection, split: Classes) -> Dealt:
        """A picture is for the last split that it shows a class of: test, else val, else train.

        So what is held out is never seen earlier, not even as something to pass over.
        """
        home: dict[int, Split] = {c: name for name in SPLITS for c in split[name]}
        last = [
            max((home[c] for c in held if c in home), key=SPLITS.index, default=None)
            for held in collection.boxes
        ]
        pictures = {
            c: tuple(
                at
                for at in collection.showing(c)
                if last[at] == home[c] and (at, c) not in collection.crowded
            )
            for c in home
        }
        shown = {at for c in split["train"] for at in collection.showing(c)}
        return Dealt(split, pictures, sum(last[at] != "train" for at in shown))

    def large(self, needed: int) -> Classes:
        """The classes with pictures enough for a task."""
        return {
            name: tuple(c for c in self.split[name] if len(self.pictures[c]) >= needed)
            for name in SPLITS
        }

    def findings(self, collection: Collection, needed: int) -> Iterator[Finding]:
        if self.kept_out:
            text = marked("{0:,} pictures show a held-out class and are kept out of meta-training")
            yield Finding(text.format(self.kept_out))
        large = self.large(needed)
        small = [c for name in SPLITS for c in self.split[name] if c not in large[name]]
        if small:
            named = ", ".join(collection.class_names[c] for c in small[:3])
            more = ", …" if len(small) > 3 else ""
            text = marked("{0:,} classes of fewer than {1} pictures left out ({2}{3})")
            yield Finding(text.format(len(small), needed, named, more))
