"""torchvision's networks and the weights made for them: found, checked and put together."""

from __future__ import annotations

import copy
import hashlib
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn

from workbench.core.errors import BadInput
from workbench.core.files import read_file
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.registry import unknown
from workbench.core.vision import torchvision
from workbench.core.weight_files import MAX_BYTES, bare_name, tensors_of

WITH_SIDE_RESULTS = ("googlenet", "inception_v3")
"""They would give results of their middle layers as well."""
SHOWN = 5
REMEDY = marked("Choose a file of weights, .pth or .safetensors")


def built(name: str) -> nn.Module:
    """The network with drawn weights and 1,000 outputs; raises `BadInput` for an unknown name."""
    extra: dict[str, Any] = {}
    if name in WITH_SIDE_RESULTS:
        extra = {"aux_logits": False, "init_weights": True}
    network: nn.Module = _library(name).get_model(name, weights=None, **extra)
    return network


def in_cache(name: str) -> Path:
    """The file that torch keeps the network's weights in; raises `BadInput` where it has none."""
    weights = _library(name).get_model_weights(name).DEFAULT
    path = Path(torch.hub.get_dir(), "checkpoints", weights.url.rpartition("/")[2])
    if path.is_file():
        return path
    raise BadInput(
        "model.weights",
        marked("{0} is not in torch's cache ({1})").format(path.name, path.parent),
        marked(
            "Run torchvision.models.get_model({0!r}, weights='DEFAULT') once where there is a "
            "network, put the file there, or choose file or random"
        ).format(name),
        *(Mend("model.weights", source) for source in ("file", "random")),
    )


def last_layer(network: nn.Module) -> str:
    """The name of the layer that tells the classes of ImageNet apart."""
    kinds = (nn.Linear, nn.Conv2d)
    last: str = [n for n, layer in network.named_modules() if isinstance(layer, kinds)][-1]
    return last


def load(network: nn.Module, path: Path, where: str) -> None:
    """Take the weights of a file, all but those of the last layer.

    Raises `BadInput` at the field ``where`` when it lacks any, or has one of another shape.
    """
    data = read_file(path, MAX_BYTES, where, REMEDY)
    given = {bare_name(name): tensor for name, tensor in tensors_of(data, path).items()}
    own = network.state_dict().items()
    wanted = {name: t for name, t in own if not name.startswith(f"{last_layer(network)}.")}
    missing = [n for n, t in wanted.items() if n not in given or given[n].shape != t.shape]
    if missing:
        listed = ", ".join([*missing[:SHOWN], *(["…"] if len(missing) > SHOWN else [])])
        raise BadInput(
            where,
            marked("{0} lacks {1} of {2} tensors of {3}: {4}").format(
                path.name, len(missing), len(wanted), type(network).__name__, listed
            ),
            marked("Choose the network that the weights were made for"),
        )
    network.load_state_dict({name: given[name] for name in wanted}, strict=False)


def width_of(network: nn.Module, pictures: Tensor) -> int:
    """The number of features it gives; raises `BadInput` for pictures that it cannot take."""
    try:
        with torch.no_grad():
            features = copy.deepcopy(network).eval()(pictures)
    except (RuntimeError, AssertionError, ValueError) as error:
        size = "x".join(str(n) for n in pictures.shape[2:])
        raise BadInput(
            "model.side",
            marked("the network cannot take pictures of {0} pixels ({1})").format(size, error),
            marked("Give the size that it was made for, most often 224"),
            Mend("model.side", 224),
        ) from error
    return int(features.shape[-1])


def digest_of(path: Path) -> str:
    """SHA-256 of a file of weights; raises `BadInput`."""
    return hashlib.sha256(read_file(path, MAX_BYTES, "model.file", REMEDY)).hexdigest()


def _library(network: str) -> ModuleType:
    """torchvision.models, which has a network of this name; raises `BadInput`."""
    library: ModuleType = torchvision().models
    known = tuple(library.list_models(module=library))
    if network not in known:
        raise unknown("model.network", network, known)
    return library
