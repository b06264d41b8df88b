"""How classes are dealt to splits, and drawn for tasks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import torch
from hypothesis import given
from hypothesis import strategies as st

from tests.situations.kit import SIZES, classes
from tests.unit.tasks.conftest import Prepare
from workbench.core.seeds import generator
from workbench.tasks.image_pool import ImagePool
from workbench.tasks.own import dealing
from workbench.tasks.own.dealing import Shares

share = st.floats(0.05, 0.6)


@given(st.integers(3, 500), share, share, st.integers(1, 30))
def test_no_split_lacks_classes_where_there_are_enough(
    count: int, val: float, test: float, least: int
) -> None:
    for_val, for_test = Shares(val, test, least).cut(count)
    if count >= 3 * least:
        assert min(for_val, for_test, count - for_val - for_test) >= least


@given(st.integers(10, 500), st.integers(2, 3))
def test_shares_that_suffice_are_kept(count: int, least: int) -> None:
    plain = max(1, round(count * 0.2))
    if plain >= least:
        assert Shares(0.2, 0.2, least).cut(count) == (plain, plain)


def test_the_default_split_is_what_it_was() -> None:
    """Runs that were made without a record find their splits again."""
    names = tuple(f"class {n}" for n in range(10))
    pool = ImagePool(torch.empty(30, 1, 1, 1), names, tuple(range(0, 31, 3)))
    found = dealing.classes(pool, Shares(0.2, 0.2, 2), generator(0, "image_folder"))
    assert found == {"train": (0, 2, 4, 6, 7, 8), "val": (5, 9), "test": (1, 3)}


def test_large_classes_are_drawn_no_more_often_than_small_ones(
    prepare: Prepare, tmp_path: Path
) -> None:
    root = classes(60, *[2] * 7)(tmp_path)
    family = prepare("image_folder", root=root, **{**SIZES, "val_share": 0.05, "test_share": 0.05})
    draws, drawn = generator(0, "fair"), Counter[int]()
    for _ in range(600):
        drawn.update(chosen.class_index for chosen in family.sample("train", draws).classes)
    assert set(drawn) == set(family.classes["train"])
    assert max(drawn.values()) < 1.25 * min(drawn.values())
