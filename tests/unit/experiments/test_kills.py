"""A writer that is killed at any moment loses nothing that it said was kept.

With the real training, and more of them: `benchmarks/kills.py`.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.kill_kit import killed, nothing_is_lost, server


@pytest.mark.parametrize("kills", [12, pytest.param(180, marks=pytest.mark.slow)])
def test_kills_at_random_moments_lose_nothing(kills: int, tmp_path: Path) -> None:
    draws, reached = random.Random(kills), 0
    run = tmp_path / "runs" / "run"
    with server() as served:
        for _ in range(kills):
            told = killed(served, run, draws)
            reached = nothing_is_lost(run, told, reached)
    assert reached > 0
    assert len(list(run.rglob("*.tmp"))) <= 1  # the last one's, which the next writer sweeps
