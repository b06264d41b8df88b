"""What is searched: fields of an experiment, each with a range or with choices.

A field that some task, model or algorithm of the search lacks is set only where it exists, so that
algorithms can be searched together with their own settings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.params import ParamInfo, describe
from workbench.core.registry import KINDS
from workbench.core.strict import Strict, strictly
from workbench.experiments.config import SECTIONS, ExperimentConfig, params_class

Value = int | float | bool | str
FACTOR = 100.0
"""Where a field has no bound of its own, a range reaches so many times its value either way."""


@dataclass(frozen=True)
class Interval:
    """Numbers from ``low`` to ``high``, both ends included."""

    field: str
    """``section.name``"""
    low: float
    high: float
    log: bool = False
    """Whether equal ratios matter, not equal differences."""
    whole: bool = False

    @property
    def told(self) -> str:
        scale = marked("log {0} to {1}") if self.log else marked("{0} to {1}")
        return scale.format(_plain(self.low), _plain(self.high))

    def points(self, count: int) -> tuple[Value, ...]:
        """At most ``count`` values from end to end, evenly spaced on its scale."""
        ends = (math.log(self.low), math.log(self.high)) if self.log else (self.low, self.high)
        shares = [k / max(count - 1, 1) for k in range(1, count - 1)]
        inner = [ends[0] + (ends[1] - ends[0]) * share for share in shares]
        found = [self.low, *(map(math.exp, inner) if self.log else inner), self.high]
        return tuple(dict.fromkeys(round(v) if self.whole else v for v in found))


@dataclass(frozen=True)
class Choices:
    """Some values, in the order in which they were given. A list of numbers is kept as text."""

    field: str
    values: tuple[Value, ...]

    @property
    def told(self) -> str:
        return ", ".join(str(value) for value in self.values)

    def points(self, count: int) -> tuple[Value, ...]:
        return self.values


Dimension = Interval | Choices
Space = tuple[Dimension, ...]


def ordered(dimensions: Sequence[Dimension]) -> Space:
    """Names of parts first: which other fields there are depends on them."""
    return tuple(sorted(dimensions, key=lambda one: not one.field.endswith(".name")))


def has(config: ExperimentConfig, field: str) -> bool:
    """Whether this experiment has such a field."""
    section, _, name = field.partition(".")
    return name == "name" or name in type(getattr(config, section)).model_fields


def with_values(config: ExperimentConfig, values: Mapping[str, Value]) -> ExperimentConfig:
    """The experiment with fields set; raises `BadInput` where together they make none."""
    changes: dict[str, dict[str, Any]] = {}
    for field, value in values.items():
        section, _, name = field.partition(".")
        changes.setdefault(section, {})[name] = value
    return config.replaced(changes)


def default_of(config: ExperimentConfig, field: str) -> Dimension:
    """All values of a choice; of a number the field's own bounds and scale.

    Where a bound is missing, the range reaches to `FACTOR` times the value that is set.
    """
    info = info_of(config, field)
    if info.kind == "bool":
        return Choices(field, (False, True))
    if info.kind == "choice" and info.choices:
        return Choices(field, info.choices)
    if info.kind not in ("int", "float"):
        raise BadInput(
            field,
            marked("has no bounds of its own"),
            marked("Give choices, e.g. {0}").format("A,B"),
        )
    section, _, name = field.partition(".")
    value = abs(float(getattr(getattr(config, section), name))) or 1.0
    low = _end(info.minimum, info.exclusive_minimum, value / FACTOR, max)
    high = _end(info.maximum, info.exclusive_maximum, value * FACTOR, min)
    if info.kind == "int":
        low, high = math.ceil(low), math.floor(high)
    return Interval(field, low, high, info.log_scale and low > 0, info.kind == "int")


def _end(bound: float | None, excluded: bool, reach: float, nearer: Any) -> float:
    """The bound or the reach, whichever lies nearer to the value."""
    if bound is None or excluded:
        return reach
    return float(nearer(bound, reach))


def info_of(config: ExperimentConfig, field: str, parts: Sequence[str] = ()) -> ParamInfo:
    """What is declared of a field; ``parts`` are names that its section may have instead.

    Raises `BadInput` where no part has it.
    """
    section, _, name = field.partition(".")
    if section not in SECTIONS:
        raise BadInput(
            field,
            marked("names no field of an experiment"),
            marked("Write {0}").format("algorithm.inner_rate"),
        )
    own = getattr(getattr(config, section), "name", "")
    for part in (own, *parts):
        for info in describe(params_class(section, part)):
            if info.name == name:
                return info
    if name == "name" and section in KINDS:
        return ParamInfo("name", "choice", own, "")
    raise BadInput(
        field,
        marked("there is no such field"),
        marked("Choose from {0}").format(", ".join(searchable(config, section))),
    )


def searchable(config: ExperimentConfig, section: str) -> tuple[str, ...]:
    """The fields of a section, its part's name among them."""
    own = getattr(getattr(config, section), "name", "")
    named = (f"{section}.name",) if section in KINDS else ()
    fields = describe(params_class(section, own))
    return (*named, *(f"{section}.{info.name}" for info in fields))


class _Row(Strict):
    field: str
    kind: Literal["interval", "choices"]
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    whole: bool = False
    values: list[int | float | bool | str] = Field(default_factory=list)


def to_json(space: Space) -> list[dict[str, Any]]:
    return [_row(one) for one in space]


def from_json(rows: Any, where: str) -> Space:
    """Raises `BadInput` that names the place at fault."""
    return tuple(_dimension(strictly(_Row, row, where)) for row in rows)


def _row(one: Dimension) -> dict[str, Any]:
    if isinstance(one, Choices):
        return {"field": one.field, "kind": "choices", "values": list(one.values)}
    return {
        "field": one.field,
        "kind": "interval",
        "low": one.low,
        "high": one.high,
        "log": one.log,
        "whole": one.whole,
    }


def _dimension(row: _Row) -> Dimension:
    if row.kind == "choices":
        return Choices(row.field, tuple(row.values))
    return Interval(row.field, row.low, row.high, row.log, row.whole)


def every(space: Space) -> Iterator[str]:
    return (one.field for one in space)


def _plain(value: float) -> str:
    return f"{value:.6g}"
