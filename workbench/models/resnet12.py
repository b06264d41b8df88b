"""ResNet-12, the network that few-shot learning on photographs is compared with.

B. Oreshkin, P. Rodriguez, A. Lacoste, "TADAM", NeurIPS 2018, section 4; widths and leaky rectifiers
as in K. Lee, S. Maji, A. Ravichandran, S. Soatto, "Meta-Learning with Differentiable Convex
Optimization", CVPR 2019. Four residual blocks of three 3x3 convolutions, each halved by
max-pooling, with 1, 2.5, 5 and 10 times the filters of the first.

Differs from the authors' code (MetaOptNet): dropout of single numbers stands in place of DropBlock,
which drops squares of a map; normalisation always uses the statistics of its batch.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict
from typing import Literal

from torch import Tensor, nn
from torch.nn import functional as F

from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec
from workbench.models.conv4 import SpatialMean

GROWTH = (1.0, 2.5, 5.0, 10.0)
SLOPE = 0.1
SMALLEST = 2 ** len(GROWTH)
"""Pixels of a side that can be halved by every block."""


class ResNet12Params(Params):
    name: Literal["resnet12"] = "resnet12"
    filters: int = param(
        64,
        marked("Feature maps of the first block; the last has ten times as many."),
        ge=2,
        le=256,
        log_scale=True,
        more=marked(
            "64 is the field's standard, 12 million weights; 16 are sixteen times fewer and fit "
            "two cores."
        ),
    )
    dropout: float = param(
        0.0, marked("Share of the numbers that each block drops in meta-training."), ge=0, lt=1
    )
    head_input: Literal["mean", "flatten"] = param(
        "mean",
        marked("What the head is given of the last maps: their mean, or all of their numbers."),
        advanced=True,
    )


class Residual(nn.Module):
    """Three convolutions beside a shortcut: ``[n, C, H, W]`` to ``[n, outputs, H/2, W/2]``."""

    def __init__(self, inputs: int, outputs: int, dropout: float) -> None:
        super().__init__()
        widths = (inputs, outputs, outputs, outputs)
        layers: list[tuple[str, nn.Module]] = []
        for number, (before, after) in enumerate(itertools.pairwise(widths), 1):
            layers += [
                (f"conv{number}", nn.Conv2d(before, after, 3, padding=1, bias=False)),
                (f"norm{number}", _norm(after)),
                (f"relu{number}", nn.LeakyReLU(SLOPE)),
            ]
        self.body = nn.Sequential(OrderedDict(layers[:-1]))  # the last rectifier is after the sum
        self.shortcut = nn.Sequential(
            OrderedDict(conv=nn.Conv2d(inputs, outputs, 1, bias=False), norm=_norm(outputs))
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        joined = F.leaky_relu(self.body(x) + self.shortcut(x), SLOPE)
        halved: Tensor = self.dropout(F.max_pool2d(joined, 2))
        return halved


def no_large_image(spec: ProblemSpec) -> str:
    if not spec.is_image:
        return marked("resnet12 needs images, and this task has none")
    if spec.is_located:
        return marked("resnet12 says one thing of a whole picture; this task asks where things are")
    if min(spec.input_shape[1:]) < SMALLEST:
        return marked("resnet12 needs images of at least {0} pixels a side").format(SMALLEST)
    return ""


@register(
    "model", "resnet12", title=marked("ResNet-12"), params=ResNet12Params, unfit=no_large_image
)
def resnet12(params: ResNet12Params, spec: ProblemSpec) -> nn.Module:
    """Four residual blocks of three convolutions, the field's standard for photographs."""
    if reason := no_large_image(spec):
        remedy = marked("Choose conv4, or larger images")
        raise BadInput("model.name", reason, remedy, Mend("model.name", "conv4"))
    channels, height, width = spec.input_shape
    widths = (channels, *(round(params.filters * growth) for growth in GROWTH))
    layers: list[tuple[str, nn.Module]] = [
        (f"block{number}", Residual(before, after, params.dropout))
        for number, (before, after) in enumerate(itertools.pairwise(widths), 1)
    ]
    averages = params.head_input == "mean"
    area = 1 if averages else (height // SMALLEST) * (width // SMALLEST)
    layers.append(("features", SpatialMean() if averages else nn.Flatten()))
    layers.append(("head", nn.Linear(widths[-1] * area, spec.outputs)))
    model = nn.Sequential(OrderedDict(layers))
    for layer in model.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, SLOPE, mode="fan_out", nonlinearity="leaky_relu")
    return model


def _norm(maps: int) -> nn.Module:
    return nn.BatchNorm2d(maps, track_running_stats=False)
