"""What is found about data that can be trained on all the same, and how a setting mends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mend:
    """One setting with which a trouble ends; the window sets it at a click, undo takes it back."""

    where: str
    """Section and field, such as ``task.ways``."""
    value: Any = None
    """None where only a person can tell it: which folder, which file."""


class Finding(str):
    """A note that numbers are worth less or that something is left unused; it stops nothing."""

    where: str
    mends: tuple[Mend, ...]

    def __new__(cls, text: str, *mends: Mend, where: str = "task.root") -> Finding:
        made = super().__new__(cls, text)
        made.where, made.mends = where, mends
        return made


def found_in(notes: Iterable[str]) -> tuple[Finding, ...]:
    """The findings among notes; the other ones only tell how the data was read."""
    return tuple(note for note in notes if isinstance(note, Finding))
