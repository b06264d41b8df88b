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
        first = error.errors(include_url=False, include_context=False)[0]
        place = "".join(_step(part) for part in first["loc"]).lstrip(".")
        raise BadInput(where, _sentence(place, first)) from error


def _step(part: int | str) -> str:
    return f"[{part}]" if isinstance(part, int) else f".{brief(part)[1:-1]}"


def _sentence(place: str, fault: Any) -> str:
    if fault["type"] == "missing":
        return f"{place} is missing"
    if fault["type"] == "extra_forbidden":
        return f"{place} is no part of it"
    message = fault["msg"].removeprefix("Value error, ")
    return f"{place or 'it'}: {message[:1].lower()}{message[1:]} (got {brief(fault['input'])})"
