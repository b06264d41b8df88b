"""The outer step: a torch optimiser moves the meta-parameters along the meta-gradient."""

from __future__ import annotations

import math
import threading
from typing import Any

import torch
from torch import Tensor

from workbench.core.algorithm import Weights
from workbench.experiments.training_params import TrainingParams

_OPTIMIZERS: dict[str, Any] = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "sgd": torch.optim.SGD,
    "rmsprop": torch.optim.RMSprop,
}


class OuterLoop:
    """Meta-parameters and the optimiser that moves them; may be read from any thread."""

    def __init__(self, initial: Weights, params: TrainingParams) -> None:
        self._params = params
        self._weights = {name: tensor.clone() for name, tensor in initial.items()}
        # Methods without weights have nothing to move, but a record like any other.
        moving = list(self._weights.values()) or [torch.zeros(1)]
        self._optimizer = _OPTIMIZERS[params.optimizer](moving, lr=params.outer_rate)
        self._moving = threading.Lock()

    @property
    def weights(self) -> Weights:
        """The live tensors; only the training thread may use them. See `copy`."""
        return self._weights

    def copy(self) -> Weights:
        """A consistent copy, never one taken in the middle of a step."""
        with self._moving:
            return {name: tensor.clone() for name, tensor in self._weights.items()}

    def step(self, gradients: Weights, rate: float, averages: Weights | None = None) -> float:
        """Apply one meta-gradient at this rate; returns its norm before any limit.

        ``averages`` are new values of what is not trained; the optimiser leaves those alone.

        A gradient that is not finite moves nothing: the caller sees its norm and stops.
        """
        set_to = averages or {}
        trained = [name for name in self._weights if name not in set_to]
        tensors = [gradients[name] for name in trained]
        norm = float(torch.nn.utils.get_total_norm(tensors)) if tensors else 0.0
        if not math.isfinite(norm):
            return norm
        with self._moving:
            for name, gradient in zip(trained, self._limited(tensors, norm), strict=True):
                self._weights[name].grad = gradient
            for name, value in set_to.items():
                self._weights[name].copy_(value)
            for group in self._optimizer.param_groups:
                group["lr"] = rate
            self._optimizer.step()
        return norm

    def state(self) -> dict[str, Tensor]:
        """The optimiser's tensors by ``"<parameter>/<slot>"``."""
        names = list(self._weights)
        slots = self._optimizer.state_dict()["state"]
        return {
            f"{names[index]}/{slot}": torch.as_tensor(value)
            for index, values in slots.items()
            for slot, value in values.items()
            if value is not None
        }

    def restore(self, weights: Weights, state: dict[str, Tensor]) -> None:
        """Go back to recorded meta-parameters and optimiser tensors."""
        with torch.no_grad():
            for name, tensor in self._weights.items():
                tensor.copy_(weights[name])
        names = list(self._weights)
        slots: dict[int, dict[str, Tensor]] = {}
        for key, value in state.items():
            name, slot = key.rsplit("/", 1)
            slots.setdefault(names.index(name), {})[slot] = value
        groups = self._optimizer.state_dict()["param_groups"]
        self._optimizer.load_state_dict({"state": slots, "param_groups": groups})

    def _limited(self, gradients: list[Tensor], norm: float) -> list[Tensor]:
        bound = self._params.gradient_bound
        if self._params.gradient_limit == "clamp":
            return [gradient.clamp(-bound, bound) for gradient in gradients]
        if self._params.gradient_limit == "clip" and norm > bound:
            return [gradient * (bound / norm) for gradient in gradients]
        return gradients
