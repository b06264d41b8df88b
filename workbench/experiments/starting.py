"""Weights to start from that were made elsewhere: another run, safetensors, or torch's own file.

A file is data; see `core.weight_files`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from workbench.core.algorithm import Weights
from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked
from workbench.core.task import TaskFamily
from workbench.core.weight_files import bare_name, read_tensors
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.session import build_algorithm
from workbench.experiments.store import open_run

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
    bare = {bare_name(name): name for name in held}
    return {
        name: bare[name]
        for name, weight in initial.items()
        if name in bare and held[bare[name]].shape == weight.shape
    }


def _tensors(source: Path) -> dict[str, Tensor]:
    if source.is_dir() or not source.exists():
        return open_run(source).load_checkpoint().best_weights
    return read_tensors(source)


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
