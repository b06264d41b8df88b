"""Which users are for which split, and which items are kept out of meta-training."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from workbench.core.task import Split

Users = dict[Split, tuple[int, ...]]


def shuffled(names: Sequence[str], seed: int, purpose: str) -> list[int]:
    """Places in an order that each name settles by itself: a new one moves no other."""

    def key(place: int) -> bytes:
        text = f"{seed}\x1f{purpose}\x1f{names[place]}"
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()

    return sorted(range(len(names)), key=key)


def of_users(names: Sequence[str], val_share: float, test_share: float, seed: int) -> Users:
    """At least one for each split, where there are three."""
    order = shuffled(names, seed, "users")
    val, test = (max(1, round(share * len(order))) for share in (val_share, test_share))
    return {
        "val": tuple(sorted(order[:val])),
        "test": tuple(sorted(order[val : val + test])),
        "train": tuple(sorted(order[val + test :])),
    }


def cold_items(names: Sequence[str], share: float, seed: int) -> list[int]:
    order = shuffled(names, seed, "items")
    return order[: round(share * len(order))]
