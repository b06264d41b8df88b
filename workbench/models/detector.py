"""A small detector: four convolutions to a grid of cells, and a head that every cell shares.

J. Redmon et al., "You Only Look Once", CVPR 2016, section 2, and its followers: a cell says whether
something lies there, where in the cell its centre is, and the logarithm of its size. Group
normalisation (Y. Wu, K. He, ECCV 2018) asks nothing of the other scenes of a batch.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor, nn

from workbench.core.detection import WIDTH, Detection
from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec
from workbench.engine.parts import OUTER_ONLY

GROUPS = 8
USUAL = 0.25
"""Side of the box that a cell starts with, as a share of the scene."""
LEAST, MOST = -3.0, 2.0
"""Of the logarithm of a size beside `USUAL`."""
RARE = -2.0
"""The head's first bias of "something lies here": most cells are empty."""


class DetectorParams(Params):
    name: Literal["detector"] = "detector"
    filters: int = param(
        32, marked("Feature maps of each convolution."), ge=4, le=512, log_scale=True
    )
    adapted: Literal["all", "last", "seen"] = param(
        "seen",
        marked(
            "What the inner loop moves: all weights, the last block and head, or whether a cell "
            "holds something."
        ),
        more=marked(
            "Edges and the way round a thing need not be learned anew from a few scenes; what to "
            "look for must. That layer alone bears an inner rate of 1, at which a step tells "
            "the class from others; where boxes adapt too, rates must be so small that it does not."
        ),
    )

    @property
    def held(self) -> str:
        return "" if self.adapted == "all" else "adapted"


class Cells(nn.Module):
    """``[n, C, G, G]`` to ``[n, G * G, C]``, row by row."""

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(2).transpose(1, 2)


class Head(nn.Module):
    """Of features ``[n, G * G, C]`` what lies in each cell: a logit and four numbers of the place.

    Two layers, so that one may adapt without the other. Without `seen` features are left.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.place = nn.Linear(width, WIDTH - 1)
        self.seen = nn.Linear(width, 1)
        with torch.no_grad():
            self.seen.bias.fill_(RARE)

    def forward(self, x: Tensor) -> Tensor:
        seen: Tensor = self.seen(x)
        return seen if seen.shape[-1] != 1 else torch.cat([seen, self.place(x)], -1)


class Placed(nn.Module):
    """What the head says of each cell ``[n, G * G, 5]`` as logit and box, ``[n, G * G * 5]``."""

    def forward(self, told: Tensor) -> Tensor:
        if told.shape[-1] != WIDTH:  # features, where the head was taken off
            return told.flatten(1)
        side = math.isqrt(told.shape[-2])
        at = torch.arange(side, device=told.device, dtype=told.dtype)
        corner = torch.stack(torch.meshgrid(at, at, indexing="xy"), -1).flatten(0, 1)
        centre = (corner + 2 * told[..., 1:3].sigmoid() - 0.5) / side
        size = USUAL * told[..., 3:].clamp(LEAST, MOST).exp()
        return torch.cat([told[..., :1], centre, size], -1).flatten(-2)


def no_scene(spec: ProblemSpec) -> str:
    """Why it cannot take a problem; empty where it can."""
    if isinstance(spec.objective, Detection) and spec.is_image:
        return ""
    return marked("detector looks for boxes in scenes, and this task has none")


@register("model", "detector", title=marked("Detector"), params=DetectorParams, unfit=no_scene)
def detector(params: DetectorParams, spec: ProblemSpec) -> nn.Module:
    """Four 3x3 convolutions to a grid of cells, each of which says whether and where a box is."""
    if reason := no_scene(spec):
        raise BadInput(
            "model.name", reason, marked("Choose the model mlp"), Mend("model.name", "mlp")
        )
    side = math.isqrt(spec.outputs // WIDTH)
    halvings = round(math.log2(spec.input_shape[-1] / side))
    count = max(halvings + 1, 4)
    width = params.filters
    channels = (spec.input_shape[0], *[width] * count)
    blocks = [
        _block(channels[n - 1], width, 2 if n <= halvings else 1) for n in range(1, count + 1)
    ]
    del blocks[-1]["relu"]  # centred features: a step on the head tells what differs, not the rest
    layers: list[tuple[str, nn.Module]] = [
        (f"block{n}", nn.Sequential(block)) for n, block in enumerate(blocks, 1)
    ]
    head = Head(width)
    for part in _held(params.adapted, [block for _, block in layers], head):
        setattr(part, OUTER_ONLY, True)
    layers += [("cells", Cells()), ("head", head), ("placed", Placed())]
    return nn.Sequential(OrderedDict(layers))


def _held(adapted: str, blocks: Sequence[nn.Module], head: Head) -> list[nn.Module]:
    """What the inner loop leaves alone."""
    if adapted == "all":
        return []
    kept = blocks if adapted == "seen" else blocks[:-1]
    parts = [part for block in kept for part in block.children()]
    return [*parts, head.place] if adapted == "seen" else parts


def _block(inputs: int, outputs: int, stride: int) -> OrderedDict[str, nn.Module]:
    return OrderedDict(
        conv=nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1),
        norm=nn.GroupNorm(math.gcd(GROUPS, outputs), outputs),
        relu=nn.ReLU(),
    )
