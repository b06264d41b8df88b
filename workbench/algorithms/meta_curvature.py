"""Meta-curvature: gradients are turned by learned matrices before they are stepped along.

E. Park, J. B. Oliva, "Meta-Curvature", NeurIPS 2019, section 3: for a gradient G [out, in, taps],
    MC(G) = G x_1 M_o x_2 M_i x_3 M_f,   phi = theta - alpha MC(G),
with x_n the product along the n-th axis. A bias has a number for each element and no matrix. All
start at the identity, which is MAML.

Differs from the authors' code: their repository holds none; biases are as in learn2learn's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from workbench.algorithms.inner_loop import InnerLoopMethod, InnerParams
from workbench.core.algorithm import Group, Weights
from workbench.core.marked import marked
from workbench.core.registry import register
from workbench.engine import Engine, Rule

AXES = ("out", "in", "filter")
_PRODUCTS = ("...po,...o{}->...p{}", "...qi,...pi{}->...pq{}", "...rk,...pqk->...pqr")
"""The product of a matrix with each axis; in the braces, the axes that follow it."""
_REST = (("", "i", "ik"), ("", "", "k"), ("", "", ""))


class MetaCurvatureParams(InnerParams):
    name: Literal["meta_curvature"] = "meta_curvature"


@dataclass(frozen=True)
class CurvedLoop(Rule):
    """Gradient descent along gradients turned axis by axis, or stretched where there is one."""

    steps: int
    rate: float
    shapes: dict[str, torch.Size]
    """The shape of every weight that adapts."""
    first_order = False

    def start(self, weights: Weights) -> Weights:
        return {name: weights[name] for name in self.shapes}

    def move(self, weights: Weights, fast: Weights, gradients: Weights, step: int) -> Weights:
        return {
            name: fast[name] - self.rate * self._turned(name, gradient, weights)
            for name, gradient in gradients.items()
        }

    def _turned(self, name: str, gradient: Tensor, weights: Weights) -> Tensor:
        shape = self.shapes[name]
        if len(shape) < 2:
            return weights[_elements(name)] * gradient
        folded = _folded(shape)
        leading = gradient.shape[: gradient.dim() - len(shape)]
        turned = gradient.reshape(*leading, *folded)
        for axis in range(len(folded)):
            rest = _REST[axis][len(folded) - 1]
            turned = torch.einsum(
                _PRODUCTS[axis].format(rest, rest), weights[_key(name, axis)], turned
            )
        return turned.reshape(gradient.shape)


@register("algorithm", "meta_curvature", title=marked("Meta-Curvature"), params=MetaCurvatureParams)
class MetaCurvature(InnerLoopMethod):
    """MAML that also learns how to turn the inner gradients, axis by axis of every weight."""

    group = Group.INNER_LOOP
    rank = 2

    older = marked("one from when biases had a matrix fits no more: train it again")

    def __init__(self, params: Any, engine: Engine) -> None:
        super().__init__(params, engine)
        self._shapes = {name: w.shape for name, w in engine.initial().items()}

    def initial(self) -> Weights:
        weights = super().initial()
        matrices = {
            _key(name, axis): torch.eye(size, dtype=weights[name].dtype)
            for name, shape in self._shapes.items()
            if len(shape) > 1
            for axis, size in enumerate(_folded(shape))
        }
        elements = {
            _elements(name): torch.ones_like(weights[name])
            for name, shape in self._shapes.items()
            if len(shape) < 2
        }
        return {**weights, **matrices, **elements}

    def rule(self, steps: int, iteration: int | None = None) -> CurvedLoop:
        return CurvedLoop(steps, self.inner_rate, self._shapes)


def _key(name: str, axis: int) -> str:
    return f"curvature/{name}.{AXES[axis]}"


def _elements(name: str) -> str:
    return f"curvature/{name}.elements"


def _folded(shape: torch.Size) -> tuple[int, ...]:
    """``[out, in, kh, kw]`` as ``[out, in, kh * kw]``."""
    return (*shape[:2], math.prod(shape[2:])) if len(shape) > 2 else tuple(shape)
