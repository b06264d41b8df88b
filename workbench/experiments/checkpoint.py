"""A checkpoint: everything needed to go on bit for bit, as safetensors plus a JSON sidecar.

Tasks and dropout masks are drawn from counters (see `core.seeds`), so the iteration is the whole
state of the random numbers. The sidecar carries the SHA-256 of the tensors and a checksum of its
own: a flipped bit is found.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from workbench.core.algorithm import Weights
from workbench.core.curve import Curve
from workbench.core.errors import BadInput
from workbench.core.files import read_file, write_atomically
from workbench.core.marked import marked
from workbench.core.sealed import write_sealed
from workbench.core.tensors import load_tensors
from workbench.experiments.devices import device_of
from workbench.experiments.record.models import SCHEMA, Maker, Sidecar, read_model

MAX_BYTES = 8 * 2**30


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
    plateaus_before: int = 0
    """See `Standing`."""
    acted: int = 0
    """Steps in environments so far, where items are met by acting."""
    optimizer: dict[str, Tensor] = field(default_factory=dict)
    """Optimiser state, ``"<parameter>/<slot>" -> tensor``."""
    data_fingerprint: str = ""
    made_by: Maker | None = None
    """What wrote it; settled when it is written."""
    sha256: str = ""
    """Of the file of its tensors, in hexadecimal digits; settled when it is written."""
    passed_over: tuple[str, ...] = ()
    """What is wrong with newer checkpoints of the run, where this one was read in their place."""


def write(directory: Path, checkpoint: Checkpoint) -> Path:
    """Write ``<iteration>.safetensors``, then its sidecar; returns the sidecar's path.

    Where the iteration has a checkpoint already, the tensors go to a second file: the first stays
    whole until the sidecar names the second.
    """
    tensors = {
        f"{group}/{name}": tensor.detach().cpu().contiguous()
        for group in _GROUPS
        for name, tensor in getattr(checkpoint, group).items()
    }
    data = save(tensors)
    sidecar = directory / f"{checkpoint.iteration:09d}.json"
    file = _free(sidecar)
    write_atomically(file, data)
    named = {"file": file.name, "sha256": hashlib.sha256(data).hexdigest()}
    write_sealed(sidecar, {**_facts(checkpoint), **named})
    return sidecar


def remove(sidecar: Path) -> None:
    """Let a checkpoint go, its description first."""
    sidecar.unlink(missing_ok=True)
    for file in _files(sidecar):
        file.unlink(missing_ok=True)


def tidy(sidecar: Path) -> None:
    """Let go of the tensors that the sidecar does not name any more."""
    named = _named(sidecar)
    for file in _files(sidecar):
        if named is not None and file != named:
            file.unlink(missing_ok=True)


def read(sidecar: Path) -> Checkpoint:
    """Read a checkpoint back; raises `BadInput` naming the file that is damaged or missing."""
    facts = read_model(sidecar, Sidecar, _REMEDY)
    file = _tensors_of(sidecar, facts)
    data = read_file(file, MAX_BYTES, remedy=_REMEDY)
    if hashlib.sha256(data).hexdigest() != facts.sha256:
        raise BadInput(
            str(file), marked("is damaged: its SHA-256 is not the recorded one"), _REMEDY
        )
    tensors = load_tensors(data, str(file))
    return Checkpoint(
        config=facts.config,
        iteration=facts.iteration,
        seconds=facts.seconds,
        best=None if facts.best is None else Curve(**dict(facts.best)),
        best_iteration=facts.best_iteration,
        plateaus_before=facts.plateaus_before,
        acted=facts.acted,
        data_fingerprint=facts.data_fingerprint,
        made_by=facts.made_by,
        sha256=facts.sha256,
        weights=_group(tensors, "weights"),
        best_weights=_group(tensors, "best_weights"),
        optimizer=_group(tensors, "optimizer"),
    )


def _files(sidecar: Path) -> tuple[Path, Path]:
    """The two that an iteration's tensors may stand in."""
    first = sidecar.with_suffix(".safetensors")
    return first, first.with_stem(f"{first.stem}-again")


def _free(sidecar: Path) -> Path:
    """The file that no description needs."""
    first, second = _files(sidecar)
    return second if _named(sidecar) == first else first


def _named(sidecar: Path) -> Path | None:
    """The tensors that a description is of; nothing where there is none that can be read."""
    try:
        facts = read_model(sidecar, Sidecar)
    except BadInput:
        return None
    return _tensors_of(sidecar, facts)


def _tensors_of(sidecar: Path, facts: Sidecar) -> Path:
    return sidecar.with_name(facts.file or f"{sidecar.stem}.safetensors")


_GROUPS = ("weights", "best_weights", "optimizer")
_REMEDY = marked("Choose another checkpoint of this run")


def _facts(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA,
        "config": checkpoint.config,
        "iteration": checkpoint.iteration,
        "seconds": checkpoint.seconds,
        "best": None if checkpoint.best is None else asdict(checkpoint.best),
        "best_iteration": checkpoint.best_iteration,
        "plateaus_before": checkpoint.plateaus_before,
        "acted": checkpoint.acted,
        "data_fingerprint": checkpoint.data_fingerprint,
        "made_by": Maker.present(_computing(checkpoint)).model_dump(),
    }


def _computing(checkpoint: Checkpoint) -> torch.device:
    training = checkpoint.config.get("training", {})
    return device_of(training.get("device", "auto"))


def _group(tensors: dict[str, Tensor], group: str) -> dict[str, Tensor]:
    start = f"{group}/"
    return {name.removeprefix(start): t for name, t in tensors.items() if name.startswith(start)}
