"""Bytes made wrong: at random, and in the ways that a person or an enemy would choose."""

from __future__ import annotations

import json
import random
from typing import Any

NASTY: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**9, 2**63, 10**400, -(10**18), 1.5, 1e300, 1e-300, "", "x" * 300,
    "9" * 5000, "1e400000000", "1e999", "nan", "inf", "\ud800", "\x1b[2J\n", "a\0b", "../../etc",
    [], {}, [[]], [0] * 2000, {"name": []}, [None], ["x"], "/dev/zero", "٠٫٥", "1_000",
)  # fmt: skip
"""What may stand in place of any value of a JSON file."""
TOKENS = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"NaN", b"1e999", b"-Infinity", b"9" * 5000, b"[" * 5000,
    b'"', b"{}", b"null", b"\xed\xa0\x80", b"PK\x01\x02", b"\xff\xda", b"1e400000000", b";", b",",
)  # fmt: skip


def bytes_of(data: bytes, draws: random.Random) -> bytes:
    """One to eight random changes, or one flipped bit."""
    if draws.random() < 0.3:
        return flipped(data, draws)
    for _ in range(draws.randint(1, 8)):
        data = draws.choice(_CHANGES)(data, draws)
    return data


def flipped(data: bytes, draws: random.Random) -> bytes:
    """One bit, anywhere."""
    if not data:
        return data
    changed = bytearray(data)
    changed[draws.randrange(len(data))] ^= 1 << draws.randrange(8)
    return bytes(changed)


def json_of(value: Any, draws: random.Random) -> bytes:
    """The JSON of a value with one to three of its parts replaced, dropped or doubled."""
    changed = json.loads(json.dumps(value))
    for _ in range(draws.randint(1, 3)):
        spots = list(_spots(changed))
        if not spots:
            break
        _spoil(*draws.choice(spots), draws)
    return json.dumps(changed).encode()


def _spots(value: Any) -> Any:
    """Every place in nested lists and objects; of long lists a few."""
    keys = list(value) if isinstance(value, dict) else list(range(min(len(value), 12)))
    for key in keys:
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from _spots(value[key])


def _spoil(holder: Any, key: Any, draws: random.Random) -> None:
    way = draws.random()
    if way < 0.6:
        holder[key] = draws.choice(NASTY)
    elif way < 0.75:
        del holder[key]
    elif isinstance(holder, dict):
        holder[draws.choice(("x", "name", "x" * 300, "\x1b"))] = holder[key]
    else:
        holder.append(holder[key])


def _cut(data: bytes, draws: random.Random) -> bytes:
    return data[: draws.randint(0, len(data))]


def _dropped(data: bytes, draws: random.Random) -> bytes:
    start = draws.randint(0, len(data))
    return data[:start] + data[start + draws.randint(1, 64) :]


def _doubled(data: bytes, draws: random.Random) -> bytes:
    start = draws.randint(0, len(data))
    piece = data[start : start + draws.randint(1, 64)]
    return data[:start] + piece * draws.choice((2, 50)) + data[start:]


def _put(data: bytes, draws: random.Random) -> bytes:
    start = draws.randint(0, len(data))
    return data[:start] + draws.choice(TOKENS) + data[start:]


def _scribbled(data: bytes, draws: random.Random) -> bytes:
    start, length = draws.randint(0, len(data)), draws.randint(1, 8)
    return data[:start] + draws.randbytes(length) + data[start + length :]


_CHANGES = (_cut, _dropped, _doubled, _put, _scribbled, flipped)
