"""What people call meta-training, validation and test: names of folders, files and columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from workbench.core.errors import BadInput, brief
from workbench.core.marked import marked
from workbench.core.task import SPLITS, Split

NAMES: dict[str, Split] = {
    **dict.fromkeys(("train", "training", "trn", "base", "background", "seen"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "validate", "dev", "development"), "val"),
    **dict.fromkeys(("test", "testing", "tst", "novel", "evaluation", "eval", "unseen"), "test"),
}
AMBIGUOUS = ("evaluation", "eval")
"""Of validation where there is a test beside them."""
_AROUND = re.compile(
    r"^(meta|images|image|data)[-_ ]*|[-_ ]*(set|split|classes|images|data|list|files)$"
)


def split_of(word: str, mapping: Mapping[str, Split] | None = None) -> Split | None:
    """The split that a word stands for, such as ``meta-train`` or ``images_background``.

    ``mapping`` has words of the user's own, in small letters; they come first.
    """
    bare = word.strip().casefold()
    if mapping and bare in mapping:
        return mapping[bare]
    return NAMES.get(bare) or NAMES.get(_AROUND.sub("", _AROUND.sub("", bare)))


def splits_of(words: Iterable[str], mapping: Mapping[str, Split]) -> dict[str, Split]:
    """Of several words beside each other those that stand for a split."""
    found = {word: split for word in words if (split := split_of(word, mapping)) is not None}
    test = [word for word, split in found.items() if split == "test"]
    vague = [w for w in test if any(name in w.casefold() for name in AMBIGUOUS)]
    if len(vague) < len(test):
        found.update(dict.fromkeys((w for w in vague if w.casefold() not in mapping), "val"))
    return found


def mapped(text: str, where: str) -> dict[str, Split]:
    """``basis=train, holdout=test`` as a dictionary; raises `BadInput`."""
    pairs: dict[str, Split] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        word, equals, split = part.rpartition("=")
        known = next((s for s in SPLITS if s == split.strip().casefold()), None)
        if not equals or not word.strip() or known is None:
            raise BadInput(
                where,
                marked("{0} says no split").format(brief(part)),
                marked("Write folder=train, folder=val or folder=test, with commas between"),
            )
        pairs[word.strip().casefold()] = known
    return pairs
