"""Which ids are for meta-training, validation and test."""

from __future__ import annotations

import torch
from torch import Generator

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.task import SPLITS
from workbench.tasks.measured.ids import Ids
from workbench.tasks.split_names import split_of
from workbench.tasks.split_record import Classes


def drawn(ids: Ids, val: float, test: float, draws: Generator) -> Classes:
    """Ids shuffled and cut: train gets what validation and test leave."""
    count = len(ids.names)
    order = torch.randperm(count, generator=draws).tolist()
    for_val, for_test = (max(1, round(count * share)) for share in (val, test))
    cut = count - for_val - for_test
    if cut < 1:
        raise BadInput(
            "task.root",
            marked("holds {0} ids, too few for three splits").format(count),
            marked("Give more of them, or lower the shares"),
        )
    parts = (order[:cut], order[cut : cut + for_val], order[cut + for_val :])
    return {split: tuple(sorted(part)) for split, part in zip(SPLITS, parts, strict=True)}


def given(ids: Ids) -> Classes:
    """Ids where the table puts them; one that it puts nowhere, or into two, is in none."""
    words = [split_of(word) for word in ids.splits]
    return {split: tuple(i for i, w in enumerate(words) if w == split) for split in SPLITS}
