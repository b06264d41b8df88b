"""JSON with a checksum of its own: every flipped bit is found.

The seal is the CRC-32 of the values in their canonical form, which any single-bit error in a name
or a value changes. A flip that changes neither (the case of an exponent, a digit that no number of
its size can hold) is found by writing the values once more: the text is then another one.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput
from workbench.core.files import MAX_JSON_BYTES, as_json, parse_json, plain, read_text, write_json
from workbench.core.marked import marked

SEAL = "crc32"
_CANONICAL = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def seal(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in plain form, with their checksum last."""
    kept: dict[str, Any] = plain({name: value for name, value in values.items() if name != SEAL})
    return {**kept, SEAL: _checksum(kept)}


def unseal(values: Any) -> dict[str, Any] | None:
    """The values without their checksum; nothing where they are not what was sealed.

    What was never sealed comes back as it is: older versions wrote no checksums.
    """
    if not isinstance(values, dict):
        return None
    kept = {name: value for name, value in values.items() if name != SEAL}
    return kept if SEAL not in values or values[SEAL] == _checksum(kept) else None


def write_sealed(path: Path, values: Mapping[str, Any]) -> None:
    """Write an object as JSON, atomically, with its checksum."""
    write_json(path, seal(values))


def read_sealed(path: Path, most: int = MAX_JSON_BYTES, remedy: str = "") -> dict[str, Any]:
    """An object that `write_sealed` wrote; raises `BadInput` naming the file that is damaged."""
    text = read_text(path, most, remedy=remedy)
    values = parse_json(text, str(path))
    if not isinstance(values, dict):
        raise BadInput(str(path), marked("is damaged: it is not a JSON object"), remedy)
    kept = unseal(values)
    if kept is None:
        raise BadInput(
            str(path), marked("is damaged: its checksum is not the recorded one"), remedy
        )
    if SEAL in values and not _as_written(text, values):
        raise BadInput(str(path), marked("is damaged: its text is not what was written"), remedy)
    return kept


def _as_written(text: str, values: Mapping[str, Any]) -> bool:
    """Up to the ends of lines, which a copy to another system may change."""
    return text.rstrip("\r\n").replace("\r\n", "\n") == as_json(values)


def _checksum(values: Mapping[str, Any]) -> str:
    return f"{zlib.crc32(_CANONICAL.encode(values).encode()):08x}"
