"""Values as text in a form, and the next one up or down."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.core.params import ParamInfo


def format_value(value: Any) -> str:
    """A value as text that parses back to it: shortest, ``1e-5`` rather than ``1e-05``.

    A path that is not chosen is empty, as JSON has it ``.``.
    """
    if value in (None, str(Path())):
        return ""
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e6:
            return str(int(value))
        mantissa, _, exponent = repr(value).partition("e")
        return f"{mantissa}e{int(exponent)}" if exponent else mantissa
    if isinstance(value, (list, tuple)):
        return ",".join(str(part) for part in value)
    return str(value)


def stepped_value(text: str, steps: int, info: ParamInfo) -> float | int | None:
    """The next value up or down: 1-2-5 on a logarithmic scale; None where there is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    for _ in range(abs(steps)):
        value = _step(value, 1 if steps > 0 else -1, info)
    low, high = info.minimum, info.maximum
    if low is not None and (value < low or (info.exclusive_minimum and value == low)):
        return None
    if high is not None and (value > high or (info.exclusive_maximum and value == high)):
        return None
    return int(value) if info.kind == "int" else value


def _step(value: float, direction: int, info: ParamInfo) -> float:
    if not info.log_scale or value <= 0:
        size = 1.0 if info.kind == "int" else 10.0 ** math.floor(math.log10(abs(value) or 0.1)) / 10
        return round(value + direction * size, 12)
    decade = math.floor(math.log10(value))
    ladder = [m * 10.0**e for e in range(decade - 1, decade + 2) for m in (1, 2, 5)]
    ladder = [float(f"{rung:.6g}") for rung in ladder]
    slack = value * 1e-9
    if direction > 0:
        found = next(rung for rung in ladder if rung > value + slack)
    else:
        found = next(rung for rung in reversed(ladder) if rung < value - slack)
    return max(found, 1.0) if info.kind == "int" and direction > 0 else found
