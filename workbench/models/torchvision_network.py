"""The classification networks of torchvision, from AlexNet to vision transformers.

The last layer is replaced by a head for the task. Weights are drawn, read from a file, or those
that torch has downloaded before; nothing is fetched from the network here.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from workbench.core.errors import BadInput, Missing
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec
from workbench.models import torchvision_parts as parts
from workbench.models.frozen import Frozen

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of the pixels of ImageNet, channel by channel: what the networks were trained to be given."""


class TorchvisionParams(Params):
    name: Literal["torchvision"] = "torchvision"
    counted: ClassVar[bool] = False
    network: str = param(
        "resnet18", marked("Name of the network in torchvision.models, e.g. resnet18 or vit_b_16.")
    )
    weights: Literal["torch", "file", "random"] = param(
        "torch",
        marked("Begin with the weights in torch's own cache, with a file's, or with random ones."),
        more=marked(
            "torch keeps what torchvision once downloaded; this program downloads no weights."
        ),
    )
    file: Path = param(
        Path(), marked("File of weights, .pth or .safetensors, where they come from a file.")
    )
    frozen: bool = param(
        True,
        marked("Leave the network as it is: only the head is trained, and adapts."),
        more=marked(
            "Each picture then goes through the network once, and batch normalisation goes by its "
            "running averages: no query item sees another."
        ),
    )
    side: int = param(
        0,
        marked("Pictures are scaled to this many pixels a side; 0 leaves them as they are."),
        ge=0,
        le=1024,
        unit="px",
        advanced=True,
    )
    sha256: str = param(
        "",
        marked("SHA-256 of the weights as they were used; a record, filled in when a run is made."),
        advanced=True,
    )

    def recorded(self) -> dict[str, Any]:
        if self.weights == "random":
            return {"sha256": ""}
        path, _ = self.source()
        own = {"file": str(path.resolve())} if self.weights == "file" else {}
        return {**own, "sha256": parts.digest_of(path)}

    def changed(self) -> str:
        if not self.sha256 or self.weights == "random":
            return ""
        path, _ = self.source()
        if parts.digest_of(path) == self.sha256:
            return ""
        return marked("{0} is not the file of weights that was recorded").format(path)

    def source(self) -> tuple[Path, str]:
        """The file of weights, and the field it was asked for in; raises `BadInput`."""
        if self.weights == "torch":
            return parts.in_cache(self.network), "model.weights"
        if self.file == Path():
            raise Missing("model.file", marked("no file is chosen"), parts.REMEDY)
        return self.file.expanduser(), "model.file"


class AsTrained(nn.Module):
    """Pictures ``[n, 1 or 3, H, W]`` in [0, 1] become ``[n, 3, S, S]``, scaled as ImageNet's."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, side: int) -> None:
        super().__init__()
        self._side = side
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None])
        self.register_buffer("deviation", torch.tensor(DEVIATION)[:, None, None])

    def forward(self, x: Tensor) -> Tensor:
        if self._side:
            x = F.interpolate(x, (self._side, self._side), mode="bilinear", antialias=True)
        return (x.expand(-1, 3, -1, -1) - self.mean) / self.deviation


def no_pictures(spec: ProblemSpec) -> str:
    if not spec.is_image:
        return marked("torchvision's networks need images, and this task has none")
    if spec.is_located:
        return marked(
            "torchvision's networks say one thing of a picture; this task asks where things are"
        )
    if spec.input_shape[0] not in (1, 3):
        return marked("torchvision's networks need grey or colour images")
    return ""


@register(
    "model",
    "torchvision",
    title=marked("torchvision network"),
    params=TorchvisionParams,
    unfit=no_pictures,
)
def torchvision_network(params: TorchvisionParams, spec: ProblemSpec) -> nn.Module:
    """Any classification network of torchvision, frozen or trained, with a head for the task."""
    if spec.scale is not None:
        raise BadInput(
            "task.normalisation",
            marked("torchvision's networks scale pixels themselves, by ImageNet's numbers"),
            marked("Set it to none"),
        )
    if reason := no_pictures(spec):
        raise BadInput("model.name", reason, marked("Choose mlp"), Mend("model.name", "mlp"))
    inputs = AsTrained(params.side)
    body, width = _body(params, inputs(spec.example(2)))
    return nn.Sequential(OrderedDict(inputs=inputs, body=body, head=nn.Linear(width, spec.outputs)))


def _body(params: TorchvisionParams, pictures: Tensor) -> tuple[nn.Module, int]:
    """The network without its last layer, and the number of its features."""
    if params.frozen and params.weights != "random":
        path, _ = params.source()
        changed = path.stat().st_mtime_ns if path.is_file() else 0
        return _settled(params, tuple(pictures.shape), changed)
    network, width = _headless(params, pictures)
    return Frozen(network) if params.frozen else network, width


@lru_cache(2)
def _settled(
    params: TorchvisionParams, size: tuple[int, ...], changed: int
) -> tuple[nn.Module, int]:
    """A frozen network from a file that was last ``changed`` then: one for all who use it."""
    network, width = _headless(params, torch.zeros(size))
    return Frozen(network), width


def _headless(params: TorchvisionParams, pictures: Tensor) -> tuple[nn.Module, int]:
    network = parts.built(params.network)
    if params.weights != "random":
        parts.load(network, *params.source())
    network.set_submodule(parts.last_layer(network), nn.Identity())
    return network, parts.width_of(network, pictures)
