"""Characters by alphabet: whole alphabets held out, and tasks that stay within one.

B. M. Lake, R. Salakhutdinov, J. B. Tenenbaum, "The Omniglot challenge: a 3-year progress report",
Current Opinion in Behavioral Sciences 29 (2019): every trial of one-shot classification has
characters of one alphabet that was not seen before, one image of each by one drawer to learn from
and one of each by another drawer to classify.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Generator, Tensor

from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.task import Split
from workbench.tasks.image_pool import ImagePool

HELD_OUT = 6
"""One alphabet in so many is for validation, and one in so many for the test."""
FEWEST = 3


def by_alphabet(pool: ImagePool, classes: Iterable[int]) -> dict[str, tuple[int, ...]]:
    """Class indices under the alphabet that their names, ``alphabet/character``, begin with."""
    found: dict[str, list[int]] = {}
    for index in classes:
        found.setdefault(pool.class_names[index].rpartition("/")[0], []).append(index)
    return {name: tuple(members) for name, members in found.items()}


def split_alphabets(
    pool: ImagePool, train_alphabets: int, draws: Generator
) -> tuple[dict[Split, tuple[int, ...]], str]:
    """Shuffle alphabets and cut them 4 : 1 : 1, so that no alphabet stands in two splits.

    Of those for training the first ``train_alphabets`` are kept, or all of them if it is 0.
    Returns the class indices of each split, and which alphabets were divided how, in words.
    Raises `BadInput` when there are too few.
    """
    every = by_alphabet(pool, range(len(pool.class_names)))
    if len(every) < FEWEST:
        raise BadInput(
            "task.split",
            marked("there are {0} alphabets here, too few for three splits").format(len(every)),
            marked("Choose task.split characters, or give more alphabets"),
            Mend("task.split", "characters"),
        )
    names = [sorted(every)[place] for place in torch.randperm(len(every), generator=draws)]
    held_out = max(1, round(len(names) / HELD_OUT))
    train = names[: len(names) - 2 * held_out]
    if train_alphabets > len(train):
        raise BadInput(
            "task.train_alphabets",
            marked("{0} of {1} alphabets are for training, not {2}").format(
                len(train), len(names), train_alphabets
            ),
            marked("Use at most {0}, or 0 for all of them").format(len(train)),
            *(Mend("task.train_alphabets", count) for count in (len(train), 0)),
        )
    parts: dict[Split, list[str]] = {
        "train": train[: train_alphabets or None],
        "val": names[len(train) : len(train) + held_out],
        "test": names[len(train) + held_out :],
    }
    classes = {s: tuple(sorted(i for n in part for i in every[n])) for s, part in parts.items()}
    counts = "/".join(str(len(part)) for part in parts.values())
    tested = ", ".join(sorted(parts["test"]))
    return classes, f"alphabets are split {counts}; those of the test are {tested}"


class WithinAlphabet:
    """Draws tasks whose characters are all of one alphabet, by the same few drawers."""

    def __init__(self, pool: ImagePool, classes: Mapping[Split, tuple[int, ...]]) -> None:
        self._pool = pool
        self._alphabets: dict[Split, list[tuple[int, ...]]] = {
            split: [self._complete(part) for part in by_alphabet(pool, members).values()]
            for split, members in classes.items()
        }

    def check(self, split: Split, ways: int, items: int) -> None:
        """Refuse what no alphabet of this split can give; raises `BadInput` at the field."""
        largest = max(map(len, self._alphabets[split]), default=0)
        if largest < ways:
            raise BadInput(
                "task.ways",
                marked("no alphabet of the {0} split has {1} characters").format(split, ways),
                marked("Use at most {0} ways, or task.held_out as_training").format(largest),
                Mend("task.ways", largest),
            )
        drawers = max(self._pool.count(part[0]) for part in self._alphabets[split] if part)
        if drawers < items:
            raise BadInput(
                "task.queries",
                marked("{0} people drew each character, support and query take {1}").format(
                    drawers, items
                ),
                marked("Use shots and queries that add up to at most {0}").format(drawers),
            )

    def draw(self, split: Split, ways: int, items: int, draws: Generator) -> tuple[Tensor, Tensor]:
        """Classes ``[ways]`` in random order, and the same drawers for each: ``[ways, items]``."""
        self.check(split, ways, items)
        large = [part for part in self._alphabets[split] if len(part) >= ways]
        part = large[int(torch.randint(len(large), (1,), generator=draws))]
        chosen = torch.tensor(part)[torch.randperm(len(part), generator=draws)[:ways]]
        drawers = torch.randperm(self._pool.count(part[0]), generator=draws)[:items]
        return chosen, drawers.expand(ways, items)

    def _complete(self, part: tuple[int, ...]) -> tuple[int, ...]:
        """Images stand in the order of their drawers, which is known only where none is missing."""
        full = max(self._pool.count(index) for index in part)
        return tuple(index for index in part if self._pool.count(index) == full)
