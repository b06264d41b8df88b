"""A multi-layer perceptron; 40-40 with ReLU is the sinusoid network of the MAML paper (5.1)."""

from __future__ import annotations

import itertools
import math
from collections import OrderedDict
from typing import Annotated, Literal

from pydantic import Field
from torch import nn

from workbench.core.marked import marked
from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec

Width = Annotated[int, Field(ge=1, le=1_000_000)]
ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh}


class MlpParams(Params):
    name: Literal["mlp"] = "mlp"
    hidden: tuple[Width, ...] = param(
        (40, 40), marked("Width of each hidden layer, e.g. 40,40."), min_length=1, max_length=64
    )
    activation: Literal["relu", "tanh"] = param(
        "relu", marked("Non-linearity between layers; tanh is smooth, so its curvature is too.")
    )


def no_numbers(spec: ProblemSpec) -> str:
    if spec.is_located:
        return marked("mlp says one thing of a whole picture; this task asks where things are")
    return marked("mlp needs numbers, and this task has token ids") if spec.vocabulary else ""


@register("model", "mlp", title=marked("MLP"), params=MlpParams, unfit=no_numbers)
def mlp(params: MlpParams, spec: ProblemSpec) -> nn.Module:
    """Fully connected layers, for inputs of any shape."""
    widths = (math.prod(spec.input_shape), *params.hidden)
    layers: list[tuple[str, nn.Module]] = [("flatten", nn.Flatten())]
    for number, (inputs, outputs) in enumerate(itertools.pairwise(widths), 1):
        layers.append((f"hidden{number}", nn.Linear(inputs, outputs)))
        layers.append((f"{params.activation}{number}", ACTIVATIONS[params.activation]()))
    layers.append(("head", nn.Linear(widths[-1], spec.outputs)))
    return nn.Sequential(OrderedDict(layers))
