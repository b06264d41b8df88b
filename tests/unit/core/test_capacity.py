"""Sizes in words, and the memory of this machine."""

from __future__ import annotations

import pytest

from workbench.core.capacity import in_words, memory


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (12, "12 bytes"),
        (1500, "1.5 kB"),
        (16e10, "160 GB"),
        (2.4e9, "2.4 GB"),
        (3e15, "3,000,000 GB"),
    ],
)
def test_sizes_read_like_sizes(count: float, words: str) -> None:
    assert in_words(count) == words


def test_this_machine_has_some_memory() -> None:
    assert memory() > 2**28
