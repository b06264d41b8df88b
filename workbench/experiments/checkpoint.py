"""A checkpoint: everything needed to go on bit for bit, as safetensors plus a JSON sidecar.

Tasks and dropout masks are drawn from counters (see `core.seeds`), so the iteration is the whole
state of the random numbers. The sidecar carries the SHA-256 of the tensors: a flipped bit is found.
"""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from workbench import __version__
from workbench.core.algorithm import Weights
from workbench.core.errors import BadInput
from workbench.core.events import Curve
from workbench.core.files import write_atomically, write_json

SCHEMA = 1


@dataclass(frozen=True)
class Checkpoint:
    """The state of a meta-training after ``iteration`` outer steps."""

    config: dict[str, Any]
    iteration: int
    seconds: float
    weights: Weights
    best_weights: Weights
    """The weights that did best on validation so far."""
    best: Curve | None
    best_iteration: int
    optimizer: dict[str, Tensor] = field(default_factory=dict)
    """Optimiser state, ``"<parameter>/<slot>" -> tensor``."""
    data_fingerprint: str = ""


def write(directory: Path, checkpoint: Checkpoint) -> Path:
    """Write ``<iteration>.safetensors``, then its sidecar; returns the sidecar's path."""
    tensors = {
        f"{group}/{name}": tensor.detach().cpu().contiguous()
        for group in _GROUPS
        for name, tensor in getattr(checkpoint, group).items()
    }
    data = save(tensors)
    name = f"{checkpoint.iteration:09d}"
    write_atomically(directory / f"{name}.safetensors", data)
    sidecar = directory / f"{name}.json"
    write_json(sidecar, {**_facts(checkpoint), "sha256": hashlib.sha256(data).hexdigest()})
    return sidecar


def read(sidecar: Path) -> Checkpoint:
    """Read a checkpoint back; raises `BadInput` naming the file that is damaged or missing."""
    facts = _read_facts(sidecar)
    file = sidecar.with_suffix(".safetensors")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadInput(str(file), f"cannot be read ({error.strerror})", _REMEDY) from error
    if hashlib.sha256(data).hexdigest() != facts["sha256"]:
        raise BadInput(str(file), "is damaged: its SHA-256 is not the recorded one", _REMEDY)
    try:
        tensors = load(data)
    except SafetensorError as error:
        raise BadInput(str(file), f"is not a safetensors file ({error})", _REMEDY) from error
    groups = {group: _group(tensors, group) for group in _GROUPS}
    return Checkpoint(
        config=facts["config"],
        iteration=facts["iteration"],
        seconds=facts["seconds"],
        best=None if facts["best"] is None else Curve.restore(facts["best"]),
        best_iteration=facts["best_iteration"],
        data_fingerprint=facts["data_fingerprint"],
        **groups,
    )


_GROUPS = ("weights", "best_weights", "optimizer")
_REMEDY = "Choose another checkpoint of this run"


def _facts(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA,
        "config": checkpoint.config,
        "iteration": checkpoint.iteration,
        "seconds": checkpoint.seconds,
        "best": None if checkpoint.best is None else asdict(checkpoint.best),
        "best_iteration": checkpoint.best_iteration,
        "data_fingerprint": checkpoint.data_fingerprint,
        "made_by": {
            "workbench": __version__,
            "torch": torch.__version__,
            "python": platform.python_version(),
            "threads": torch.get_num_threads(),
        },
    }


def _read_facts(sidecar: Path) -> dict[str, Any]:
    try:
        facts = json.loads(sidecar.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(str(sidecar), f"cannot be read ({error.strerror})", _REMEDY) from error
    except (UnicodeDecodeError, ValueError) as error:
        raise BadInput(str(sidecar), f"is damaged ({error})", _REMEDY) from error
    if not isinstance(facts, dict) or not facts.keys() >= _NEEDED:
        raise BadInput(str(sidecar), "is not the description of a checkpoint", _REMEDY)
    if facts["schema_version"] > SCHEMA:
        raise BadInput(str(sidecar), "was written by a newer version", "Update the workbench")
    return facts


_NEEDED = {
    "schema_version",
    "config",
    "iteration",
    "seconds",
    "best",
    "best_iteration",
    "data_fingerprint",
    "sha256",
}


def _group(tensors: dict[str, Tensor], group: str) -> dict[str, Tensor]:
    start = f"{group}/"
    return {name.removeprefix(start): t for name, t in tensors.items() if name.startswith(start)}
