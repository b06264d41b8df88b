"""The number in a cell, with a decimal point or a decimal comma."""

from __future__ import annotations

import math

from workbench.core.errors import brief

MISSING = ("", "na", "n/a", "nan", "null", "none", "-", "?")
"""What programs write into a cell that has no value."""


def number_in(cell: str, decimal_comma: bool) -> float:
    """Raises ValueError that says what the cell is instead: ``is 'abc', not a number``."""
    text = with_point(cell) if decimal_comma else cell
    try:
        if "_" in text or not text.isascii():
            raise ValueError
        value = float(text)
    except ValueError as error:
        raise ValueError(f"is {brief(cell)}, not a number") from error
    if not math.isfinite(value):
        raise ValueError(f"is {brief(cell)}, which is not finite")
    return value


def is_number(cell: str) -> bool:
    """Whether it is a number in either way to write one; NaN and infinity count."""
    try:
        float(with_point(cell))
    except ValueError:
        return False
    return True


def is_missing(cell: str) -> bool:
    return cell.strip().casefold() in MISSING


def with_point(cell: str) -> str:
    """A decimal comma as a point; anything else is left for the message that refuses it."""
    return cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell
