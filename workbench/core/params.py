"""How a parameter is declared: once. Form, command-line flag, file and docs all read it here."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any, ClassVar, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

from workbench.core.entries import Kind, taken
from workbench.core.errors import BadInput, printable
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.strict import words_of


class Params(BaseModel):
    """Validated, frozen hyper-parameters of one part of an experiment.

    Text is accepted wherever a number is (a form and a command line only have text), but strictly:
    ASCII digits with a decimal point, so ``1e-3`` is 0.001 and ``0,001``, ``1_000``, ``inf`` and
    digits of other scripts are refused under every locale. What is given stays within the caps of
    `core.limits`, whatever a field itself allows.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True
    )

    together: ClassVar[frozenset[str]] = frozenset()
    """Fields that mean something only together, such as a number and its unit.

    When a configuration goes over to another algorithm they are kept or start anew as one.
    """

    counted: ClassVar[bool] = True
    """Of a model: whether building it to count its weights touches no file and no library."""

    @property
    def held(self) -> str:
        """Of a model that keeps weights out of the inner loop: the field that says so."""
        return ""

    def recorded(self) -> dict[str, Any]:
        """Values that a new run keeps in place of these: what is named outside, by its content.

        Raises `BadInput` when it must not be used.
        """
        return {}

    def changed(self) -> str:
        """That what is named outside is no longer what was recorded, in a sentence; else empty."""
        return ""

    def columns(self, names: Sequence[str], numeric: Collection[str]) -> dict[str, tuple[str, ...]]:
        """What each field that names columns (``column_of``) means in a table of these columns.

        ``numeric`` are those whose cells are numbers. A family that recognises columns where a
        field is empty says here which.
        """
        naming = (info for info in describe(type(self)) if info.column_of)
        return {info.name: info.columns(getattr(self, info.name)) for info in naming}

    def posing(self, inputs: Sequence[str], outputs: Sequence[str]) -> dict[str, Any]:
        """Fields by which a family without its data poses the problem of these columns."""
        return {}

    @field_validator("*", mode="before")
    @classmethod
    def _take(cls, value: Any, info: ValidationInfo) -> Any:
        assert info.field_name is not None
        if info.field_name in recorded_fields(cls):
            return value
        return taken(value, _kind(cls.model_fields[info.field_name]))


@dataclass(frozen=True)
class ParamInfo:
    """Everything a form, a flag or a page of documentation says about one parameter."""

    name: str
    kind: Kind
    default: Any
    help: str
    symbol: str = ""
    unit: str = ""
    more: str = ""
    log_scale: bool = False
    advanced: bool = False
    fetches: bool = False
    column_of: str = ""
    """The field with the place of the table of which this names a column, if it does."""
    several: bool = False
    """Whether it may name more than one, with commas between."""
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").capitalize()

    def columns(self, text: str) -> tuple[str, ...]:
        """The columns that a text names, where it names columns (``column_of``)."""
        return listed(text) if self.several else tuple(filter(None, (text,)))

    @property
    def bounds(self) -> str:
        """The allowed range in words: ``> 0, at most 100``; empty when unbounded."""
        parts = []
        if self.minimum is not None:
            word = "above" if self.exclusive_minimum else "at least"
            parts.append(f"{word} {_plain(self.minimum)}")
        if self.maximum is not None:
            word = "below" if self.exclusive_maximum else "at most"
            parts.append(f"{word} {_plain(self.maximum)}")
        return ", ".join(parts)


def param(
    default: Any,
    help: str,
    *,
    symbol: str = "",
    unit: str = "",
    more: str = "",
    log_scale: bool = False,
    advanced: bool = False,
    fetches: bool = False,
    column_of: str = "",
    several: bool = False,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
) -> Any:
    """Declare a field of a `Params` class.

    ``help`` is one line; ``more`` the longer explanation; ``symbol`` the letter in the papers;
    ``log_scale`` says that equal ratios matter rather than equal differences; ``advanced`` folds
    the field away until asked for; ``fetches`` says that it is leave to use the network, which
    only the user gives: no file that is opened does; ``column_of`` says that the text names a
    column (``several``: or more, with commas between) of the table that another field leads to. The
    lengths are those of a list; what bounds its entries stands in their annotation.
    """
    extra: Any = {
        "symbol": symbol,
        "unit": unit,
        "more": more,
        "log_scale": log_scale,
        "advanced": advanced,
        "fetches": fetches,
        "column_of": column_of,
        "several": several,
    }
    bounds: Any = {"ge": ge, "gt": gt, "le": le, "lt": lt}
    bounds |= {"min_length": min_length, "max_length": max_length}
    return Field(default, description=help, json_schema_extra=extra, **bounds)


def listed(text: str) -> tuple[str, ...]:
    """The names that stand in a text with commas between; one with a comma stands in quotes."""
    cells = next(csv.reader([text], skipinitialspace=True), [])
    return tuple(filter(None, (cell.strip() for cell in cells)))


def as_list(names: Iterable[str]) -> str:
    """Names as `listed` reads them."""
    return ", ".join(_quoted(name) if set(name) & {",", '"'} else name for name in names)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def recorded() -> Any:
    """Declare a field that a person never fills: a run does, with what its data came to.

    No form, no flag and no comparison knows it; a configuration that is kept has it. It is None
    until then, or a frozen pydantic model.
    """
    return Field(None, json_schema_extra={_RECORDED: True})


_RECORDED = "recorded"


def recorded_fields(params: type[Params]) -> frozenset[str]:
    """The names of the fields declared by `recorded`."""
    return frozenset(
        name
        for name, field in params.model_fields.items()
        if isinstance(field.json_schema_extra, dict) and _RECORDED in field.json_schema_extra
    )


def has_record(params: Params) -> bool:
    """Whether a run has filled what it records of its data."""
    return any(getattr(params, name) is not None for name in recorded_fields(type(params)))


def describe(params: type[Params]) -> tuple[ParamInfo, ...]:
    """The parameters that a person sets, in declaration order, without the fixed ``name``."""
    unsaid = {"name", *recorded_fields(params)}
    return tuple(
        _info(name, field) for name, field in params.model_fields.items() if name not in unsaid
    )


def problems(error: ValidationError, section: str) -> list[BadInput]:
    """One `BadInput` for each field a validation error names, e.g. at ``task.ways``."""
    found = [_problem(detail, section) for detail in error.errors()]
    # Of a list every entry at fault is told, and then that it has too few sound ones.
    return list({problem.where: problem for problem in reversed(found)}.values())[::-1]


def _info(name: str, field: FieldInfo) -> ParamInfo:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    bounds = _bounds(field)
    low, high = bounds.get("gt", bounds.get("ge")), bounds.get("lt", bounds.get("le"))
    return ParamInfo(
        name=name,
        kind=_kind(field),
        default=field.default,
        help=field.description or "",
        choices=get_args(field.annotation) if get_origin(field.annotation) is Literal else (),
        minimum=low,
        maximum=high,
        exclusive_minimum="gt" in bounds,
        exclusive_maximum="lt" in bounds,
        **extra,  # type: ignore[arg-type]
    )


_BOUNDS = ("ge", "gt", "le", "lt")


def _plain(bound: float) -> str:
    """As it would be typed: a whole number with all its digits."""
    return str(int(bound)) if float(bound).is_integer() else f"{bound:g}"


def _bounds(field: FieldInfo) -> dict[str, float]:
    """Of a number, or of each entry of a list."""
    rules = list(field.metadata)
    if get_origin(field.annotation) is tuple:
        entry = get_args(field.annotation)[0]
        rules = [r for part in getattr(entry, "__metadata__", ()) for r in part.metadata]
    return {key: getattr(rule, key) for rule in rules for key in _BOUNDS if hasattr(rule, key)}


def _kind(field: FieldInfo) -> Kind:
    annotation: Any = field.annotation
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(a for a in get_args(annotation) if a is not type(None))
    if get_origin(annotation) is Literal:
        return "choice"
    if get_origin(annotation) is tuple:
        return "ints"
    kinds: dict[Any, Kind] = {int: "int", float: "float", bool: "bool", str: "text", Path: "path"}
    return kinds[annotation]


def _problem(detail: Any, section: str) -> BadInput:
    named = (printable(part, 60) for part in detail["loc"] if isinstance(part, str))
    where = ".".join([section, *named])
    if detail["type"] == "extra_forbidden":
        return BadInput(
            where, marked("there is no such field"), marked("Remove it or correct its name")
        )
    return BadInput(where, words_of(detail), "", *_within(where, detail.get("ctx", {})))


def _within(where: str, bounds: Any) -> tuple[Mend, ...]:
    """Of a number that is too small or too large: the nearest that is allowed."""
    allowed = [bounds[key] for key in ("ge", "le") if key in bounds]
    return tuple(Mend(where, bound) for bound in allowed)
