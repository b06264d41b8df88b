"""Tensors by name from a file of weights: safetensors, or what ``torch.save`` wrote.

A file is data: of torch's, tensors alone are read (``weights_only``), and nothing in it is run.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from workbench.core.errors import BadInput
from workbench.core.files import read_file
from workbench.core.marked import marked
from workbench.core.tensors import MAX_TENSORS, load_tensors

MAX_BYTES = 2 * 2**30
TORCH = (".pt", ".pth", ".bin", ".ckpt")
WRAPPERS = ("module.", "model.", "net.", "state_dict.", "model_state_dict.")
"""What other programs put before the names of a model's weights."""


def read_tensors(source: Path, where: str = "") -> dict[str, Tensor]:
    """What the file holds, also in dictionaries within its dictionary, by joined names.

    ``where`` names the field that the path was given in. Raises `BadInput`.
    """
    return tensors_of(read_file(source, MAX_BYTES, where), source)


def tensors_of(data: bytes, source: Path) -> dict[str, Tensor]:
    """The same of bytes that were read; the ending of ``source`` says what they are."""
    if source.suffix.lower() in TORCH:
        return dict(_flat(_unpickled(source, data)))
    return load_tensors(data, str(source))


def bare_name(name: str) -> str:
    """The name without what other programs put before it."""
    for wrapper in WRAPPERS:
        if name.startswith(wrapper):
            return bare_name(name.removeprefix(wrapper))
    return name


def _unpickled(source: Path, data: bytes) -> Any:
    try:
        return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except Exception as error:  # of many kinds: what is no pickle, or names what is refused
        raise BadInput(
            str(source),
            marked("holds more than tensors, or is no file of torch; nothing of it was run"),
            marked("Where it was made, save model.state_dict() alone, or safetensors"),
        ) from error


def _flat(value: Any, start: str = "") -> list[tuple[str, Tensor]]:
    """Tensors by name, also those of dictionaries within the dictionary."""
    if isinstance(value, Tensor):
        return [(start.removesuffix("."), value)]
    if not isinstance(value, Mapping):
        return []
    found = [pair for name, part in value.items() for pair in _flat(part, f"{start}{name}.")]
    return found[:MAX_TENSORS]
