"""The cache of decoded images: damage and a read-only home cost time, and nothing else."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
import torch

from workbench.tasks import pool_cache
from workbench.tasks.image_pool import ImagePool

POOL = ImagePool(
    torch.randint(0, 256, (6, 1, 4, 4), generator=torch.Generator().manual_seed(0)).byte(),
    ("a", "b"),
    (0, 3, 6),
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pool_cache.places, "cache", lambda *parts: tmp_path.joinpath(*parts))
    return tmp_path


def test_a_pool_comes_back_as_it_was_kept(home: Path) -> None:
    pool_cache.keep("key", POOL)
    found = pool_cache.load("key")
    assert found is not None and torch.equal(found.images, POOL.images)
    assert (found.class_names, found.starts) == (POOL.class_names, POOL.starts)
    assert pool_cache.load("other") is None


def test_a_flipped_bit_is_found(home: Path) -> None:
    pool_cache.keep("key", POOL)
    (file,) = (home / "pools").iterdir()
    sound, draws = file.read_bytes(), random.Random(0)
    for _ in range(300):
        data = bytearray(sound)
        data[draws.randrange(len(data))] ^= 1 << draws.randrange(8)
        file.write_bytes(data)
        found = pool_cache.load("key")
        same = found is not None and torch.equal(found.images, POOL.images)
        assert found is None or (same and found.class_names == POOL.class_names)
        assert found is None or found.starts == POOL.starts


def test_a_home_that_cannot_be_written_costs_time_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr(pool_cache.places, "cache", lambda *parts: blocked.joinpath(*parts))
    pool_cache.keep("key", POOL)
    assert "cannot be written" in caplog.text
    assert pool_cache.load("key") is None


def test_a_pipe_in_its_place_does_not_block(home: Path) -> None:
    pool_cache.keep("key", POOL)
    (file,) = (home / "pools").iterdir()
    file.unlink()
    os.mkfifo(file)
    assert pool_cache.load("key") is None
