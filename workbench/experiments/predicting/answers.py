"""What an adapted learner answers: a class, values in the units of the data, or boxes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workbench.core.units import Units


class Kind(StrEnum):
    CLASS = "class"
    VALUES = "values"
    BOXES = "boxes"


@dataclass(frozen=True)
class Answers:
    kind: Kind
    names: tuple[str, ...] = ()
    """Of the classes, where it answers with one."""
    units: Units | None = None
    """Of inputs and outputs, where it answers with values."""

    @classmethod
    def classes(cls, names: tuple[str, ...]) -> Answers:
        return cls(Kind.CLASS, names)

    @classmethod
    def values(cls, units: Units) -> Answers:
        return cls(Kind.VALUES, units=units)

    @classmethod
    def boxes(cls) -> Answers:
        return cls(Kind.BOXES)
