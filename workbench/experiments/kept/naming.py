"""Where an answer is kept: no other answer is ever written over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput
from workbench.core.sealed import read_sealed

MAX_BYTES = 2**30
"""A number takes up to 25 bytes, and there are three for each step of each task."""
_TELLING = ("fingerprint", "iteration", "data", "asked")
"""What two answers of one name differ in, if they are not the same."""


def place(
    folder: Path, stem: str, values: Mapping[str, Any], own: bool
) -> tuple[Path, dict[str, Any]]:
    """The file for an answer, and what it already holds of the same one.

    A run's ``own`` test takes the plain name; another answer that has it moves to the next number.
    """
    for file in _names(folder, stem):
        held = _held(file)
        if held is None:
            return file, {}
        if is_same(held, values):
            return file, held
        if own:
            file.rename(next(name for name in _names(folder, stem) if not name.exists()))
            return file, {}
    raise AssertionError("there is no end of numbers")


def is_same(held: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether both answer one question of the same weights on the same data."""
    if "iteration" not in held or "iteration" not in values:  # of an older version
        return bool(held.get("per_task") == values["per_task"])
    others = [part["against"]["run"] for part in (held, values) if "against" in part]
    return len(set(others)) < 2 and all(
        (held.get(name) or None) == (values.get(name) or None) for name in _TELLING
    )


def _names(folder: Path, stem: str) -> Iterator[Path]:
    yield folder / f"{stem}.json"
    for number in count(2):
        yield folder / f"{stem}-{number}.json"


def _held(file: Path) -> dict[str, Any] | None:
    """Nothing where there is none, or where it is damaged and is to be measured again."""
    try:
        return read_sealed(file, MAX_BYTES)
    except BadInput:
        return None
