"""Tensors from a safetensors file of unknown origin, read within limits.

The header is looked at before the library sees the file: one of 200,000 tensors keeps it busy for
seconds, and a large one costs many times its size in memory.
"""

from __future__ import annotations

import json
from typing import Any

from safetensors.torch import load
from torch import Tensor

from workbench.core.errors import BadInput
from workbench.core.marked import marked

MAX_HEADER = 1_000_000
MAX_TENSORS = 10_000
_REMEDY = marked("Choose a file that this program wrote")


def load_tensors(data: bytes, where: str) -> dict[str, Tensor]:
    """The tensors of safetensors bytes; raises `BadInput` at ``where`` for anything else."""
    header(data, where)
    try:
        return load(data)
    except Exception as error:  # of many kinds: names, shapes, dtypes, sizes, memory
        raise _damaged(where, error) from error


def header(data: bytes, where: str) -> dict[str, Any]:
    """What the file says of its tensors, and its ``__metadata__``; raises `BadInput`."""
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > len(data) - 8:
        raise BadInput(where, marked("is not a whole safetensors file"), _REMEDY)
    if length > MAX_HEADER:
        raise BadInput(
            where, marked("has a header of {0:,} bytes, more than 1 MB").format(length), _REMEDY
        )
    try:
        found = json.loads(data[8 : 8 + length])
    except (ValueError, RecursionError) as error:
        raise _damaged(where, error) from error
    if not isinstance(found, dict):
        raise BadInput(
            where, marked("is not a safetensors file (its header is no object)"), _REMEDY
        )
    if len(found) > MAX_TENSORS:
        raise BadInput(
            where, marked("holds {0:,} tensors, more than 10,000").format(len(found)), _REMEDY
        )
    return found


def _damaged(where: str, error: Exception) -> BadInput:
    return BadInput(where, marked("is not a safetensors file ({0})").format(error), _REMEDY)
