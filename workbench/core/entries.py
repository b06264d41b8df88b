"""What is given for a parameter, text or value, before it is validated: strict, and within caps.

Every function raises ValueError with a sentence that says what would be right.
"""

from __future__ import annotations

import os
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal

from workbench.core.errors import brief
from workbench.core.limits import MAX_ENTRIES, MAX_NAME, MAX_PATH, MAX_TEXT, MAX_WHOLE

Kind = Literal["int", "float", "bool", "choice", "text", "path", "ints"]

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_INTS = re.compile(r"\s*\d+\s*(,\s*\d+\s*)*", re.ASCII)
_WORDS = {"true": True, "yes": True, "on": True, "1": True}
_WORDS |= {"false": False, "no": False, "off": False, "0": False}


def taken(value: Any, kind: Kind) -> Any:
    """The value to validate: text read as its kind, everything else as it is, within the caps."""
    if kind == "path" and isinstance(value, (str, Path)):
        return _path(value)
    if isinstance(value, str):
        value = _parsed(value, kind)
    return _within(value, kind)


def whole(text: str) -> int:
    """A whole number from text such as ``5`` or ``1e3``; exact, and at most `MAX_WHOLE`."""
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        raise ValueError(f"{brief(text)} is not a whole number; write it like 5")
    try:
        number = Decimal(stripped)
    except InvalidOperation as error:  # an exponent of twenty digits
        raise ValueError(f"{brief(text)} is not a whole number; write it like 5") from error
    if number.copy_abs() > MAX_WHOLE:
        raise ValueError(_TOO_LARGE)
    if number != number.to_integral_value():
        raise ValueError(f"{brief(text)} is not a whole number; write it like 5")
    return int(number)


def whole_within(text: str, least: int, most: int) -> int:
    """`whole`, and between the two bounds."""
    number = whole(text)
    if not least <= number <= most:
        raise ValueError(f"{number} is not between {least} and {most}")
    return number


_TOO_LARGE = f"is too large; at most {MAX_WHOLE} can be given"


def _parsed(text: str, kind: Kind) -> Any:
    if len(text) > MAX_TEXT:
        raise ValueError(f"has {len(text)} characters; at most {MAX_TEXT} can be given")
    if kind == "text":
        return _text(text)
    stripped = text.strip()
    if kind == "int":
        return whole(stripped)
    if kind == "float":
        if not _NUMBER.fullmatch(stripped):
            raise ValueError(f"{brief(text)} is not a number; write it like 0.01 or 1e-2")
        return float(stripped)
    if kind == "ints":
        if not _INTS.fullmatch(stripped):
            raise ValueError(f"{brief(text)} is not a list of whole numbers; write it like 40,40")
        return tuple(int(part) for part in stripped.split(","))
    if kind == "bool":
        if stripped.lower() not in _WORDS:
            raise ValueError(f"{brief(text)} is neither true nor false")
        return _WORDS[stripped.lower()]
    return stripped


def _text(text: str) -> str:
    if not text.isprintable():
        raise ValueError(f"{brief(text)} holds characters that cannot be shown; leave them out")
    return text


def _path(value: str | Path) -> str | Path:
    """A path that a system call will take; which file it means is another question."""
    try:
        data = os.fsencode(value)
    except UnicodeEncodeError as error:
        raise ValueError(f"{brief(str(value))} is no file name") from error
    if b"\0" in data:
        raise ValueError(f"{brief(str(value))} is no file name: it holds a zero byte")
    if len(data) > MAX_PATH:
        raise ValueError(f"has {len(data)} bytes; a path has at most {MAX_PATH}")
    longest = max(map(len, data.split(os.fsencode(os.sep))))
    if longest > MAX_NAME:
        raise ValueError(f"holds a name of {longest} bytes; file names have at most {MAX_NAME}")
    return value


def _within(value: Any, kind: Kind) -> Any:
    if isinstance(value, bool) and kind in ("int", "float", "ints"):
        raise ValueError(f"{str(value).lower()} is not a number")
    if isinstance(value, int) and abs(value) > MAX_WHOLE:
        raise ValueError(_TOO_LARGE)
    if not isinstance(value, (list, tuple)):
        return value
    if len(value) > MAX_ENTRIES:
        raise ValueError(f"has {len(value)} entries; at most {MAX_ENTRIES} can be given")
    return tuple(_within(whole(v) if isinstance(v, str) else v, kind) for v in value)
