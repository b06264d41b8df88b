"""How a parameter is declared: once. Form, command-line flag, file and docs all read it here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

from workbench.core.errors import BadInput

Kind = Literal["int", "float", "bool", "choice", "text", "path", "ints"]

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_INTS = re.compile(r"\s*\d+\s*(,\s*\d+\s*)*", re.ASCII)


class Params(BaseModel):
    """Validated, frozen hyper-parameters of one part of an experiment.

    Text is accepted wherever a number is (a form and a command line only have text), but strictly:
    ASCII digits with a decimal point, so ``1e-3`` is 0.001 and ``0,001``, ``1_000``, ``inf`` and
    digits of other scripts are refused under every locale.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _from_text(cls, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, str) or info.field_name is None:
            return value
        return _parse(value, _kind(cls.model_fields[info.field_name]))


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
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").capitalize()

    @property
    def bounds(self) -> str:
        """The allowed range in words: ``> 0, at most 100``; empty when unbounded."""
        parts = []
        if self.minimum is not None:
            word = "above" if self.exclusive_minimum else "at least"
            parts.append(f"{word} {self.minimum:g}")
        if self.maximum is not None:
            word = "below" if self.exclusive_maximum else "at most"
            parts.append(f"{word} {self.maximum:g}")
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
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
) -> Any:
    """Declare a field of a `Params` class.

    ``help`` is one line; ``more`` the longer explanation; ``symbol`` the letter in the papers;
    ``log_scale`` says that equal ratios matter rather than equal differences; ``advanced`` folds
    the field away until asked for; ``fetches`` says that it is leave to use the network, which
    only the user gives: no file that is opened does.
    """
    extra: Any = {
        "symbol": symbol,
        "unit": unit,
        "more": more,
        "log_scale": log_scale,
        "advanced": advanced,
        "fetches": fetches,
    }
    return Field(default, description=help, ge=ge, gt=gt, le=le, lt=lt, json_schema_extra=extra)


def describe(params: type[Params]) -> tuple[ParamInfo, ...]:
    """The parameters of a `Params` class in declaration order, without its fixed ``name``."""
    return tuple(
        _info(name, field) for name, field in params.model_fields.items() if name != "name"
    )


def problems(error: ValidationError, section: str) -> list[BadInput]:
    """One `BadInput` for each field a validation error names, e.g. at ``task.ways``."""
    return [_problem(detail, section) for detail in error.errors()]


def _info(name: str, field: FieldInfo) -> ParamInfo:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    bounds = {key: getattr(m, key) for m in field.metadata for key in _BOUNDS if hasattr(m, key)}
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


def _parse(text: str, kind: Kind) -> Any:
    """Text to a value of its kind; raises ValueError with the remedy when it is not one."""
    stripped = text.strip()
    if kind == "float":
        if not _NUMBER.fullmatch(stripped):
            raise ValueError(f"{text!r} is not a number; write it like 0.01 or 1e-2")
        return float(stripped)
    if kind == "int":
        if not _NUMBER.fullmatch(stripped) or not float(stripped).is_integer():
            raise ValueError(f"{text!r} is not a whole number; write it like 5")
        return int(float(stripped))
    if kind == "bool":
        return _parse_bool(stripped)
    if kind == "ints":
        if not _INTS.fullmatch(stripped):
            raise ValueError(f"{text!r} is not a list of whole numbers; write it like 40,40")
        return tuple(int(part) for part in stripped.split(","))
    return stripped if kind == "choice" else text


def _parse_bool(text: str) -> bool:
    words = {"true": True, "yes": True, "on": True, "1": True}
    words |= {"false": False, "no": False, "off": False, "0": False}
    if text.lower() not in words:
        raise ValueError(f"{text!r} is neither true nor false")
    return words[text.lower()]


def _problem(detail: Any, section: str) -> BadInput:
    where = ".".join([section, *(str(part) for part in detail["loc"] if isinstance(part, str))])
    message = detail["msg"].removeprefix("Value error, ")
    given = detail.get("input")
    if detail["type"] == "extra_forbidden":
        return BadInput(where, "there is no such field", "Remove it or correct its name")
    if detail["type"] != "value_error" and isinstance(given, (str, int, float, bool)):
        message = f"{message} (got {given!r})"
    return BadInput(where, message[:1].lower() + message[1:])
