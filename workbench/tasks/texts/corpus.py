"""Labelled sentences, class after class, and what had to be left out of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from workbench.core.errors import printable
from workbench.tasks.texts.words import MAX_SENTENCE, folded


class Labelled(NamedTuple):
    """A sentence as it was read."""

    text: str
    label: str
    split: str = ""
    group: str = ""


@dataclass(frozen=True)
class Corpus:
    """Sentences of which no two are the same, whatever their case and signs."""

    texts: tuple[str, ...]
    class_names: tuple[str, ...]
    starts: tuple[int, ...]
    """Where each class begins, and the end: one more entry than there are classes."""
    groups: tuple[str, ...]
    """Of each class; empty where it has none."""
    splits: tuple[str, ...]
    """Of each class as the file says, in its own word; empty where it says none."""

    def count(self, class_index: int) -> int:
        return self.starts[class_index + 1] - self.starts[class_index]

    def text(self, class_index: int, index: int) -> str:
        return self.texts[self.starts[class_index] + index]

    def of_class(self, class_index: int) -> tuple[str, ...]:
        return self.texts[self.starts[class_index] : self.starts[class_index + 1]]

    @cached_property
    def found(self) -> dict[str, tuple[int, int]]:
        """Class and index of a sentence by its `folded` form."""
        return {
            folded(text): (class_index, index)
            for class_index in range(len(self.class_names))
            for index, text in enumerate(self.of_class(class_index))
        }


def cleaned(text: str) -> str:
    """On one line, without characters that cannot be shown."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def gathered(read: Iterable[Labelled]) -> tuple[Corpus, tuple[str, ...]]:
    """The corpus of what was read, and notes of what was left out.

    Left out are sentences without a word or a label, those of more than `MAX_SENTENCE` characters,
    a sentence that stands twice in a class, and one that stands under two labels, wherever it does.
    """
    out = Counter[str]()
    kept = list(_whole(read, out))
    labels = dict[str, set[str]]()
    for row in kept:
        labels.setdefault(folded(row.text), set()).add(row.label)
    classes, seen = dict[str, list[Labelled]](), set[str]()
    for row in kept:
        same = folded(row.text)
        if len(labels[same]) > 1:
            out["under more than one label"] += 1
        elif same in seen:
            out["that stand twice"] += 1
        else:
            seen.add(same)
            classes.setdefault(row.label, []).append(row)
    return _corpus(classes), tuple(f"{_counted(n)} {why} left out" for why, n in out.items())


def _whole(read: Iterable[Labelled], out: Counter[str]) -> Iterable[Labelled]:
    for row in read:
        text, label = cleaned(row.text[: 2 * MAX_SENTENCE]), printable(row.label.strip())
        if not label:
            out["without a label"] += 1
        elif len(text) > MAX_SENTENCE:
            out[f"of more than {MAX_SENTENCE:,} characters"] += 1
        elif not folded(text):
            out["without a word"] += 1
        else:
            yield Labelled(text, label, row.split.strip(), printable(row.group.strip()))


def _corpus(classes: dict[str, list[Labelled]]) -> Corpus:
    names = sorted(classes)
    rows = [classes[name] for name in names]
    return Corpus(
        texts=tuple(row.text for members in rows for row in members),
        class_names=tuple(names),
        starts=tuple(accumulate((len(members) for members in rows), initial=0)),
        groups=tuple(_joined([row.group for row in members]) for members in rows),
        splits=tuple(_joined([row.split for row in members]) for members in rows),
    )


def _joined(words: Sequence[str]) -> str:
    """The word of all rows of a class, or all its words: that two are too many is said later."""
    return " and ".join(sorted(set(filter(None, words))))


def _counted(count: int) -> str:
    return "1 sentence" if count == 1 else f"{count:,} sentences"
