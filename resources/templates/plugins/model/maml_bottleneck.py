"""A model: one hidden layer."""

import math
from typing import Literal

from torch import nn

from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec


class BottleneckParams(Params):
    name: Literal["bottleneck"] = "bottleneck"
    width: int = param(16, "Units of the hidden layer.", ge=1, le=1024)


@register("model", "bottleneck", title="Bottleneck", params=BottleneckParams)
def bottleneck(params: BottleneckParams, spec: ProblemSpec) -> nn.Module:
    """One narrow hidden layer."""
    inputs = math.prod(spec.input_shape)
    hidden = nn.Linear(inputs, params.width)
    return nn.Sequential(nn.Flatten(), hidden, nn.Tanh(), nn.Linear(params.width, spec.outputs))
