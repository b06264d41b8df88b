"""Four convolutional blocks, the network of matching networks and of MAML.

O. Vinyals et al., "Matching Networks for One Shot Learning", NeurIPS 2016; C. Finn et al., ICML
2017, section 5.2: strided convolutions and a spatial mean for Omniglot, max-pooling for
mini-ImageNet. Batch normalisation always uses the statistics of the batch it is given.

Differs from the authors' code: weights start as torch draws them, not by Xavier's rule; a strided
convolution pads all four sides, theirs two; the normalisation adds 1e-5 to the variance, theirs
1e-3. Theirs shifts without scaling: ``norm`` "batch_shift".
"""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Literal

from torch import Tensor, nn

from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec
from workbench.engine.shift_norm import ShiftNorm

BLOCKS = 4


class Conv4Params(Params):
    name: Literal["conv4"] = "conv4"
    filters: int = param(
        64, marked("Feature maps of each of the four convolutions."), ge=1, le=512, log_scale=True
    )
    downsample: Literal["stride", "maxpool"] = param(
        "stride",
        marked("How each block halves its map."),
        more=marked(
            "MAML uses strided convolutions and a spatial mean on "
            "Omniglot, max-pooling on mini-ImageNet. Strides are two to "
            "four times faster."
        ),
    )
    norm: Literal["batch", "batch_shift", "none"] = param(
        "batch",
        marked(
            "Normalisation by the statistics of the current batch, with "
            "scale and shift or shift only."
        ),
        more=marked(
            "Batch statistics let query items see each other "
            "(transductive); every reported number says so. The MAML "
            "authors' normalisation learns a shift only."
        ),
        advanced=True,
    )
    head_input: Literal["auto", "mean", "flatten"] = param(
        "auto",
        marked("What the head is given of the last maps: their mean, or all of their numbers."),
        more=marked(
            "MAML averages on Omniglot and flattens on mini-ImageNet. Auto "
            "does the same: the mean with strides, all numbers with "
            "max-pooling."
        ),
        advanced=True,
    )


class SpatialMean(nn.Module):
    """``[n, C, H, W]`` to ``[n, C]``."""

    def forward(self, x: Tensor) -> Tensor:
        return x.mean((-2, -1))


def no_images(spec: ProblemSpec) -> str:
    if spec.is_located:
        return marked("conv4 says one thing of a whole picture; this task asks where things are")
    return "" if spec.is_image else marked("conv4 needs images, and this task has none")


@register("model", "conv4", title=marked("Conv-4"), params=Conv4Params, unfit=no_images)
def conv4(params: Conv4Params, spec: ProblemSpec) -> nn.Module:
    """Four 3x3 convolutions with batch normalisation, for images."""
    if not spec.is_image:
        raise BadInput(
            "model.name", no_images(spec), marked("Choose the model mlp"), Mend("model.name", "mlp")
        )
    channels = (spec.input_shape[0], *[params.filters] * BLOCKS)
    layers: list[tuple[str, nn.Module]] = [
        (f"block{number}", _block(channels[number - 1], channels[number], params))
        for number in range(1, BLOCKS + 1)
    ]
    layers.append(("features", SpatialMean() if _averages(params) else nn.Flatten()))
    layers.append(("head", nn.Linear(_features(params, spec), spec.outputs)))
    return nn.Sequential(OrderedDict(layers))


def _averages(params: Conv4Params) -> bool:
    if params.head_input == "auto":
        return params.downsample == "stride"
    return params.head_input == "mean"


def _block(inputs: int, outputs: int, params: Conv4Params) -> nn.Module:
    strided = params.downsample == "stride"
    layers: list[tuple[str, nn.Module]] = [
        ("conv", nn.Conv2d(inputs, outputs, 3, stride=2 if strided else 1, padding=1))
    ]
    if params.norm == "batch":
        layers.append(("norm", nn.BatchNorm2d(outputs, track_running_stats=False)))
    elif params.norm == "batch_shift":
        layers.append(("norm", ShiftNorm(outputs)))
    layers.append(("relu", nn.ReLU()))
    if not strided:
        layers.append(("pool", nn.MaxPool2d(2)))
    return nn.Sequential(OrderedDict(layers))


def _features(params: Conv4Params, spec: ProblemSpec) -> int:
    """The width of what the head is given."""
    sides = list(spec.input_shape[1:])
    for _ in range(BLOCKS):
        sides = [(side + 1) // 2 if params.downsample == "stride" else side // 2 for side in sides]
    if 0 in sides:
        size = "x".join(str(n) for n in spec.input_shape[1:])
        raise BadInput(
            "model.downsample",
            marked("images of {0} pixels are too small to be halved four times").format(size),
            marked("Choose stride, or larger images"),
            Mend("model.downsample", "stride"),
        )
    return params.filters * (1 if _averages(params) else math.prod(sides))
