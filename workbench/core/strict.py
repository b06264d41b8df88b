"""Models of files from elsewhere: nothing is converted, nothing is passed over."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from workbench.core.errors import BadInput, brief


class Strict(BaseModel):
    """The shape of a JSON object: every field of exactly its type, and no other field."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True
    )


Shape = TypeVar("Shape", bound=Strict)


def strictly(shape: type[Shape], values: Any, where: str) -> Shape:
    """Values as that shape; raises `BadInput` at ``where`` that names the place at fault."""
    try:
        return shape.model_validate(values)
    except ValidationError as error:
        raise BadInput(where, fault_of(error)) from error


def fault_of(error: ValidationError) -> str:
    """The first fault, in a sentence that names its place."""
    first = error.errors(include_url=False)[0]
    return _sentence("".join(_step(part) for part in first["loc"]).lstrip("."), first)


def _step(part: int | str) -> str:
    return f"[{part}]" if isinstance(part, int) else f".{brief(part)[1:-1]}"


def _sentence(place: str, fault: Any) -> str:
    if fault["type"] == "missing":
        return f"{place} is missing"
    if fault["type"] == "extra_forbidden":
        return f"{place} is no part of it"
    return f"{place or 'it'}: {words_of(fault)}"


def words_of(fault: Any) -> str:
    """What pydantic found wrong with a value, and the value, in words that go on a sentence."""
    bounds, kind = fault.get("ctx", {}), fault["type"]
    if kind in ("too_short", "too_long"):
        word, count = ("least", "min") if kind == "too_short" else ("most", "max")
        count = bounds[f"{count}_length"]
        return f"needs at {word} {count} {'entry' if count == 1 else 'entries'}"
    message = fault["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    return message if kind == "value_error" else f"{message} (got {brief(fault['input'])})"
