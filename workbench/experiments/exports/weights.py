"""Weights as files that other programs read: safetensors, or a dictionary of tensors for torch."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from workbench import __version__
from workbench.core.algorithm import Weights
from workbench.core.files import write_atomically
from workbench.experiments.session import Learner

WRAPPED = "module."
"""What learn2learn's wrappers put before the names of the model's own weights."""


def write_meta(learner: Learner, file: Path) -> None:
    """All meta-parameters as safetensors; raises `CannotWrite`."""
    write_tensors(learner.weights, file, about(learner))


def write_learn2learn(learner: Learner, file: Path) -> None:
    """The model's own weights as a state dict for learn2learn's MAML wrapper.

    ``maml.load_state_dict(torch.load(file, weights_only=True))`` takes them where ``maml`` wraps a
    model of the same layers: the wrapper keeps the model as its attribute ``module`` (S. Arnold et
    al., "learn2learn", 2020). Raises `CannotWrite`.
    """
    own = learner.algorithm.model_names
    wrapped = {WRAPPED + name: plain(w) for name, w in learner.weights.items() if name in own}
    stream = io.BytesIO()
    torch.save(wrapped, stream)
    write_atomically(file, stream.getvalue())


def write_tensors(weights: Weights, file: Path, said: Mapping[str, Any]) -> None:
    """Tensors as safetensors; ``said`` becomes the file's metadata. Raises `CannotWrite`."""
    told = {n: value if isinstance(value, str) else json.dumps(value) for n, value in said.items()}
    write_atomically(file, save({name: plain(w) for name, w in weights.items()}, told))


def about(learner: Learner) -> dict[str, Any]:
    """What a file of weights says of where they come from, and how their inputs are scaled."""
    config, scale = learner.config, learner.algorithm.engine.spec.scale
    scaled = {} if scale is None else {"pixels": scale.model_dump(mode="json")}
    return {
        **scaled,
        "made_by": f"maml-workbench {__version__}",
        "run": "" if learner.origin is None else learner.origin.name,
        "iteration": learner.iteration,
        "algorithm": config.algorithm.model_dump(mode="json"),
        "model": config.model.model_dump(mode="json"),
    }


def plain(tensor: Tensor) -> Tensor:
    return tensor.detach().cpu().contiguous()
