"""Which classes are for meta-training, validation and test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Generator

from workbench.core.errors import BadInput, brief, printable
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.task import SPLITS, Split
from workbench.tasks.split_names import split_of
from workbench.tasks.texts.corpus import Corpus

Classes = dict[Split, tuple[int, ...]]


def by_class(corpus: Corpus, val: float, test: float, draws: Generator) -> Classes:
    """Every class drawn for a split by itself; shares of the classes."""
    return _shared(
        [[index] for index in range(len(corpus.class_names))], val, test, draws, "classes"
    )


def by_group(corpus: Corpus, val: float, test: float, draws: Generator) -> Classes:
    """All classes of a group together; shares of the groups. Every class needs a group."""
    without = [n for n, group in zip(corpus.class_names, corpus.groups, strict=True) if not group]
    if without:
        problem = marked("{0} classes have no group, such as {1}").format(
            len(without), ", ".join(without[:3])
        )
        remedy = marked("Give task.groups or task.group_column, or split by class")
        raise BadInput("task.split_by", problem, remedy, Mend("task.split_by", "class"))
    members: dict[str, list[int]] = {}
    for index, group in enumerate(corpus.groups):
        members.setdefault(group, []).append(index)
    return _shared([members[g] for g in sorted(members)], val, test, draws, "groups")


def given(corpus: Corpus, stated: Mapping[str, str]) -> Classes:
    """Classes where ``stated`` puts them, by label; a class that is put nowhere is left out."""
    found: dict[Split, list[int]] = {split: [] for split in SPLITS}
    for index, name in enumerate(corpus.class_names):
        word = stated.get(name, "")
        if not word:
            continue
        split = split_of(word)
        if split is None:
            remedy = marked("Write train, val or test, the same for all sentences of a class")
            raise BadInput(
                "task.split_by",
                marked("class {0} is put into {1}").format(name, brief(word)),
                remedy,
            )
        found[split].append(index)
    return {split: tuple(members) for split, members in found.items()}


def labels_of(held: Any, where: str, what: str) -> dict[str, str]:
    """Label -> word, from a JSON object that says so, or word -> [labels]."""
    shape = marked("Write an object of label: {0}, or of {0}: [labels]").format(what)
    if not isinstance(held, dict):
        raise BadInput(where, marked("is {0}, not an object").format(brief(held)), shape)
    result: dict[str, str] = {}
    for key, value in held.items():
        pairs = [(key, value)] if isinstance(value, str) else None
        if isinstance(value, list) and all(isinstance(label, str) for label in value):
            pairs = [(label, key) for label in value]
        if pairs is None:
            raise BadInput(
                where, marked("{0} is {1}").format(printable(key, 60), brief(value)), shape
            )
        for label, word in pairs:
            if result.setdefault(printable(label.strip()), word) != word:
                two = f"{result[printable(label.strip())]} and {word}"
                raise BadInput(
                    where,
                    marked("{0} is put into {1}").format(label, two),
                    marked("Put it into one"),
                )
    return result


def _shared(
    parts: Sequence[Sequence[int]], val: float, test: float, draws: Generator, word: str
) -> Classes:
    """Parts shuffled and cut: train gets what validation and test leave."""
    order = torch.randperm(len(parts), generator=draws).tolist()
    for_val, for_test = (max(1, round(len(parts) * share)) for share in (val, test))
    if for_val + for_test >= len(parts):
        problem = marked("holds {0} {1}, too few for three splits").format(len(parts), word)
        raise BadInput("task.root", problem, marked("Give more of them, or lower the shares"))
    cut = len(parts) - for_val - for_test
    rows = {"train": order[:cut], "val": order[cut : len(parts) - for_test]}
    rows["test"] = order[len(parts) - for_test :]
    return {s: tuple(sorted(index for at in rows[s] for index in parts[at])) for s in SPLITS}
