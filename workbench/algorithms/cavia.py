"""CAVIA: a few context parameters adapt; the network itself is shared by all tasks.

L. Zintgraf, K. Shiarlis, V. Kurin, K. Hofmann, S. Whiteson, "Fast Context Adaptation via
Meta-Learning", ICML 2019, section 3: for each task c starts at zero,
    c <- c - alpha grad_c L_S(c, theta),   theta <- theta - beta grad_theta mean L_Q(c, theta).

Fully connected networks take the context as further inputs of the first layer; convolutional ones
by FiLM (section 5.3), which multiplies each map by one affine function of c and adds another:

    (scale, shift) = W c + b,   y <- scale y + shift,

W drawn by Kaiming's rule and b as torch draws biases, as in the authors' code. At c = 0 the map is
scaled by b: small, so that what the context adds to it is not small beside it. A scale of 1 + W c
in its place needed steps of 100, and learned little even so.

Differs from the authors' code: FiLM stands between normalisation and ReLU, theirs with max-pooling
after the pooling, before ReLU; the network's own weights start as torch draws them. On curves the
columns of the first layer that take the context are drawn as a layer of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn

from workbench.algorithms.inner_loop import InnerLoopMethod, InnerParams
from workbench.core.algorithm import Group, Weights
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.task import TaskFamily
from workbench.engine import Rule
from workbench.engine.parts import with_layer

CONTEXT, PROJECTION = ".context", ".projection.weight"


class CaviaParams(InnerParams):
    name: Literal["cavia"] = "cavia"
    inner_rate: float = param(
        1.0, marked("Step size of the context."), symbol="α", gt=0, le=100, log_scale=True
    )
    context: int = param(
        5,
        marked("Context parameters that adapt."),
        ge=1,
        le=4096,
        log_scale=True,
        more=marked("The paper uses 5 on the sinusoid and 100 on mini-ImageNet."),
    )
    layer: int = param(
        3,
        marked("Which convolutional block the context scales and shifts."),
        ge=1,
        le=100,
        advanced=True,
        more=marked("Fully connected networks take it at their first layer."),
    )


class Contextual(nn.Module):
    """A layer whose outputs depend on a context ``[d]``, which is zero until it adapts."""

    def __init__(self, layer: nn.Module, channels: int, context: int, scale: bool) -> None:
        super().__init__()
        self.layer = layer
        self.scale = scale
        self.projection = nn.Linear(context, channels * (2 if scale else 1), bias=scale)
        if scale:
            nn.init.kaiming_uniform_(self.projection.weight, nonlinearity="linear")
        self.context = nn.Parameter(torch.zeros(context))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layer(x)
        shift: Tensor = self.projection(self.context)
        if not self.scale:
            return y + shift
        gain, offset = shift.view(2, -1, *[1] * (y.dim() - 2)).unbind()
        return gain * y + offset


@dataclass(frozen=True)
class ContextLoop(Rule):
    """Gradient descent of the context, from zero."""

    steps: int
    rate: float
    context: str
    first_order = False

    def start(self, weights: Weights) -> Weights:
        projection = weights[self.context.removesuffix(CONTEXT) + PROJECTION]
        return {self.context: torch.zeros_like(projection[..., 0, :]).requires_grad_()}

    def move(self, weights: Weights, fast: Weights, gradients: Weights, step: int) -> Weights:
        return {name: fast[name] - self.rate * gradient for name, gradient in gradients.items()}


@register("algorithm", "cavia", title=marked("CAVIA"), params=CaviaParams)
class Cavia(InnerLoopMethod):
    """Adapt a small context vector only; all other weights are shared by the tasks."""

    group = Group.INNER_LOOP
    rank = 3

    older = marked(
        "one of CAVIA on images from before FiLM had a bias fits no more: train it again"
    )

    @classmethod
    def shaped(cls, model: nn.Module, family: TaskFamily, params: Any) -> nn.Module:
        name, channels, scale = _place(model, params.layer)
        layer = model.get_submodule(name)
        changed = with_layer(model, name, Contextual(layer, channels, params.context, scale))
        like = next(model.parameters())
        return changed.to(like.device, like.dtype)

    def initial(self) -> Weights:
        weights = super().initial()
        return {name: weight for name, weight in weights.items() if name != self._context}

    def rule(self, steps: int, iteration: int | None = None) -> ContextLoop:
        return ContextLoop(steps, self.inner_rate, self._context)

    @property
    def _context(self) -> str:
        return next(name for name in self.engine.names if name.endswith(CONTEXT))


def _place(model: nn.Module, block: int) -> tuple[str, int, bool]:
    """The layer to condition, its channels, and whether by scale and shift.

    After the normalisation of a convolutional block: before it, the normalisation would undo it.
    """
    layers = [(name, layer) for name, layer in model.named_modules() if name]
    norms = [(n, m) for n, m in layers if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    convolutions = [(n, m) for n, m in layers if isinstance(m, nn.modules.conv._ConvNd)]
    if norms:
        name, norm = norms[min(block, len(norms)) - 1]
        return name, norm.num_features, True
    if convolutions:
        name, convolution = convolutions[min(block, len(convolutions)) - 1]
        return name, convolution.out_channels, True
    linear = next(((n, m) for n, m in layers if isinstance(m, nn.Linear)), None)
    if linear is None:
        raise BadInput(
            "model.name",
            marked("CAVIA finds no layer in {0} that could take a context").format(
                type(model).__name__
            ),
            marked("Use a model with Linear, convolution or batch normalisation layers"),
        )
    return linear[0], linear[1].out_features, False
