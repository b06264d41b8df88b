"""What people bring: each situation of `tests.situations`, and the page that lists them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.situations import files, sizes, splits
from tests.situations.kit import SIZES, Situation
from tests.unit.tasks.conftest import Prepare
from workbench.core.errors import BadInput

ALL = (*splits.SITUATIONS, *sizes.SITUATIONS, *files.SITUATIONS)
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.what)
def test_situation(one: Situation, prepare: Prepare, tmp_path: Path) -> None:
    settings = {**SIZES, **one.settings, "root": one.make(tmp_path)}
    if one.classes is None:
        with pytest.raises(BadInput) as caught:
            prepare("image_folder", **settings)
        assert one.says in str(caught.value) and caught.value.where == one.where
        assert caught.value.remedy
        return
    family = prepare("image_folder", **settings)
    assert tuple(info.classes for info in family.splits().values()) == one.classes
    told = " · ".join(family.notes())
    assert one.says in told if one.says else "passed over" not in told and "skipped" not in told
    for split in family.splits():
        assert not family.draw(split, 0).episode().support.x.isnan().any()


def test_every_situation_is_told_once() -> None:
    assert len({one.what for one in ALL}) == len(ALL) >= 60


def test_the_page_is_true() -> None:
    check = [sys.executable, ROOT / "docs" / "write_situations.py", "--check"]
    told = subprocess.run(check, capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stderr
