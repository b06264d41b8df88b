"""The outer step: a torch optimiser moves the meta-parameters along the meta-gradient."""

from __future__ import annotations

import math
import threading
from typing import Any

import torch
from torch import Tensor

from workbench.core.algorithm import Evidence, Weights
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.uncompiled import uncompiled
from workbench.experiments import trust_region
from workbench.experiments.training_params import SURROGATE, TrainingParams

_OPTIMIZERS: dict[str, Any] = {
    "adam": uncompiled(torch.optim.Adam),
    "adamw": uncompiled(torch.optim.AdamW),
    "sgd": uncompiled(torch.optim.SGD),
    "rmsprop": uncompiled(torch.optim.RMSprop),
    "trpo": uncompiled(torch.optim.SGD),
    "clipped": uncompiled(torch.optim.Adam),
}
"""TRPO finds a whole step, which plain descent at the rate 1 then takes."""


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

    def step(
        self,
        gradients: Weights,
        rate: float,
        averages: Weights | None = None,
        evidence: Evidence | None = None,
    ) -> float:
        """Apply one meta-gradient at this rate; returns its norm before any limit.

        ``averages`` are new values of what is not trained; the optimiser leaves those alone.
        ``evidence`` is what some optimisers ask more than once; `BadInput` where they have none.

        A gradient that is not finite moves nothing: the caller sees its norm and stops.
        """
        set_to = averages or {}
        trained = [name for name in self._weights if name not in set_to]
        tensors = [gradients[name] for name in trained]
        norm = float(torch.nn.utils.get_total_norm(tensors)) if tensors else 0.0
        if not math.isfinite(norm):
            return norm
        if self._params.optimizer in SURROGATE:
            self._on_evidence(gradients, rate, evidence)
        else:
            self._move(dict(zip(trained, self._limited(tensors, norm), strict=True)), rate, set_to)
        return norm

    def _on_evidence(self, gradients: Weights, rate: float, evidence: Evidence | None) -> None:
        """By an optimiser that judges the meta-batch again at other meta-parameters."""
        params = self._params
        if evidence is None:
            raise BadInput(
                "training.optimizer",
                marked("{0} needs trajectories that can be judged again").format(params.optimizer),
                marked("Set the strategy to auto, or choose adam"),
            )
        if params.optimizer == "trpo":
            self._move(trust_region.descent(self._weights, gradients, evidence, params.max_kl), 1)
            return
        for epoch in range(params.epochs):
            if epoch:
                gradients = evidence.gradient(self._weights, params.clip)
            norm = float(torch.nn.utils.get_total_norm(list(gradients.values())))
            limited = self._limited(list(gradients.values()), norm)
            self._move(dict(zip(gradients, limited, strict=True)), rate)

    def _move(self, gradients: Weights, rate: float, set_to: Weights | None = None) -> None:
        with self._moving:
            for name, gradient in gradients.items():
                self._weights[name].grad = gradient
            for name, value in (set_to or {}).items():
                self._weights[name].copy_(value)
            for group in self._optimizer.param_groups:
                group["lr"] = rate
            self._optimizer.step()

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
        """Go back to recorded meta-parameters and optimiser tensors, which stay as they are."""
        with torch.no_grad():
            for name, tensor in self._weights.items():
                tensor.copy_(weights[name])
        names = list(self._weights)
        slots: dict[int, dict[str, Tensor]] = {}
        for key, value in state.items():
            name, slot = key.rsplit("/", 1)
            slots.setdefault(names.index(name), {})[slot] = value.clone()
        groups = self._optimizer.state_dict()["param_groups"]
        self._optimizer.load_state_dict({"state": slots, "param_groups": groups})

    def _limited(self, gradients: list[Tensor], norm: float) -> list[Tensor]:
        bound = self._params.gradient_bound
        if self._params.gradient_limit == "clamp":
            return [gradient.clamp(-bound, bound) for gradient in gradients]
        if self._params.gradient_limit == "clip" and norm > bound:
            return [gradient * (bound / norm) for gradient in gradients]
        return gradients
