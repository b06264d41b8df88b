"""Weights to start from that were made elsewhere: another run, safetensors, or torch's own file.

A file is data: of torch's, tensors alone are read (``weights_only``), and nothing in it is run.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from workbench.core.algorithm import Weights
from workbench.core.errors import BadInput, printable
from workbench.core.files import read_file
from workbench.core.marked import marked
from workbench.core.task import TaskFamily
from workbench.core.tensors import MAX_TENSORS, load_tensors
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.session import build_algorithm
from workbench.experiments.store import open_run

MAX_BYTES = 2 * 2**30
TORCH = (".pt", ".pth", ".bin", ".ckpt")
WRAPPERS = ("module.", "model.", "net.", "state_dict.", "model_state_dict.")
"""What other programs put before the names of a model's weights."""
SHOWN = 5


@dataclass(frozen=True)
class Start:
    """Meta-parameters to begin with, and what of them was found."""

    source: str
    weights: Weights
    """Of every name that the learner has; those not found are as they would have been."""
    taken: tuple[str, ...]
    missing: tuple[str, ...]
    """Of the learner, and not in the file."""
    unused: tuple[str, ...]
    """In the file, and not of the learner, or of another shape."""

    @property
    def told(self) -> str:
        """What was taken over, in a sentence."""
        every = len(self.taken) + len(self.missing)
        source = printable(self.source)
        text = marked("{0} of {1} tensors come from {2}").format(len(self.taken), every, source)
        if self.missing:
            text += marked("; {0} start anew").format(_listed(self.missing))
        if self.unused:
            text += marked("; {0} of the file are not used").format(_listed(self.unused))
        return text


def start_of(source: Path, config: ExperimentConfig, family: TaskFamily) -> Start:
    """`read_start` for the learner of a configuration; the family is prepared."""
    algorithm = build_algorithm(config, family)
    try:
        return read_start(source, algorithm.initial())
    finally:
        algorithm.close()


def read_start(source: Path, initial: Weights) -> Start:
    """What a file or a run has of these meta-parameters, by name and shape.

    ``source`` is a ``.safetensors`` file, one of torch's (``.pt``, ``.pth``), or a run by directory
    or name. Raises `BadInput` where nothing in it fits, or a number in it is not finite.
    """
    held = _tensors(source)
    pairs = _pairs(held, initial)
    found = {name: held[given] for name, given in pairs.items()}
    if not found:
        raise BadInput(
            str(source),
            marked("has none of this learner's tensors. It has {0}; the learner has {1}").format(
                _shapes(held), _shapes(initial)
            ),
            marked("Choose the model that the weights were made for"),
        )
    _refuse_infinite(source, found)
    weights = {n: found[n].to(w) if n in found else w for n, w in initial.items()}
    used = set(pairs.values())
    return Start(
        str(source),
        weights,
        taken=tuple(found),
        missing=tuple(name for name in initial if name not in found),
        unused=tuple(name for name in held if name not in used),
    )


def _pairs(held: Mapping[str, Tensor], initial: Weights) -> dict[str, str]:
    """By name of the learner, the name in the file of a tensor of the same shape."""
    bare = {_bare(name): name for name in held}
    return {
        name: bare[name]
        for name, weight in initial.items()
        if name in bare and held[bare[name]].shape == weight.shape
    }


def _bare(name: str) -> str:
    for wrapper in WRAPPERS:
        if name.startswith(wrapper):
            return _bare(name.removeprefix(wrapper))
    return name


def _tensors(source: Path) -> dict[str, Tensor]:
    if source.is_dir() or not source.exists():
        return open_run(source).load_checkpoint().best_weights
    data = read_file(source, MAX_BYTES)
    if source.suffix.lower() in TORCH:
        return dict(_flat(_unpickled(source, data)))
    return load_tensors(data, str(source))


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


def _refuse_infinite(source: Path, found: Mapping[str, Tensor]) -> None:
    for name, tensor in found.items():
        if not bool(torch.isfinite(tensor).all()):
            raise BadInput(
                str(source),
                marked("{0} holds numbers that are not finite").format(printable(name)),
                marked("Choose weights from before the training diverged"),
            )


def _shapes(tensors: Mapping[str, Tensor]) -> str:
    told = [f"{printable(name)} {tuple(t.shape)}" for name, t in list(tensors.items())[:SHOWN]]
    return ", ".join([*told, *(["…"] if len(tensors) > SHOWN else [])]) or marked("no tensors")


def _listed(names: tuple[str, ...]) -> str:
    told = [printable(name) for name in names[:SHOWN]]
    return ", ".join([*told, *(["…"] if len(names) > SHOWN else [])])
