"""A draw depends on what it is for, and on nothing else."""

from __future__ import annotations

import torch

from workbench.core.seeds import derive, generator


def test_the_same_keys_give_the_same_numbers() -> None:
    first = torch.rand(4, generator=generator(3, "train", 7))
    assert torch.equal(first, torch.rand(4, generator=generator(3, "train", 7)))


def test_every_key_and_their_order_and_kind_matter() -> None:
    seeds = {derive(1, "a"), derive(2, "a"), derive(1, "b"), derive("a", 1), derive("1", "a")}
    assert len(seeds) == 5


def test_a_seed_is_known_for_ever() -> None:
    """Recorded runs rely on it: a change of the derivation would change every task drawn."""
    assert derive(0, "train", 0) == derive(0, "train", 0) != derive(0, "train", 1)
    assert 0 <= derive(0, "train", 0) < 2**63
