"""ResNet-12: its published size, the same network written out, and two exact derivatives."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from workbench.core.errors import BadInput
from workbench.core.objective import CLASSIFICATION
from workbench.core.task import ProblemSpec
from workbench.models.resnet12 import ResNet12Params, resnet12


def spec(size: int, channels: int = 3) -> ProblemSpec:
    return ProblemSpec(CLASSIFICATION, (channels, size, size), 5)


def test_it_has_the_published_number_of_weights() -> None:
    """12.4 million without the head, as few-shot papers that use MetaOptNet's network report."""
    with torch.device("meta"):
        model = resnet12(ResNet12Params(), spec(84))
    body = sum(w.numel() for name, w in model.named_parameters() if not name.startswith("head"))
    assert body == 12_424_320
    assert model.get_submodule("head").in_features == 640


def written_out(weights: dict[str, Tensor], x: Tensor) -> Tensor:
    def norm(name: str, maps: Tensor) -> Tensor:
        mean = maps.mean((0, 2, 3), keepdim=True)
        variance = maps.var((0, 2, 3), unbiased=False, keepdim=True)
        scale, shift = weights[f"{name}.weight"], weights[f"{name}.bias"]
        unit = (maps - mean) / (variance + 1e-5).sqrt()
        return scale[:, None, None] * unit + shift[:, None, None]

    def leaky(maps: Tensor) -> Tensor:
        return torch.where(maps > 0, maps, 0.1 * maps)

    for block in ("block1", "block2", "block3", "block4"):
        straight = F.conv2d(x, weights[f"{block}.shortcut.conv.weight"])
        short = norm(f"{block}.shortcut.norm", straight)
        for step in (1, 2, 3):
            x = F.conv2d(x, weights[f"{block}.body.conv{step}.weight"], padding=1)
            x = norm(f"{block}.body.norm{step}", x)
            x = leaky(x) if step < 3 else x
        x = F.max_pool2d(leaky(x + short), 2)
    return x.mean((2, 3)) @ weights["head.weight"].T + weights["head.bias"]


def test_it_is_the_network_written_out() -> None:
    torch.manual_seed(0)
    model = resnet12(ResNet12Params(filters=4), spec(16)).double()
    x = torch.rand(6, 3, 16, 16, dtype=torch.float64)
    expected = written_out(dict(model.named_parameters()), x)
    torch.testing.assert_close(model(x), expected, rtol=1e-9, atol=1e-11)


def test_flattened_maps_and_dropout() -> None:
    model = resnet12(ResNet12Params(filters=2, head_input="flatten", dropout=0.5), spec(32)).train()
    assert model.get_submodule("head").in_features == 20 * 4
    x = torch.rand(4, 3, 32, 32)
    assert not torch.equal(model(x), model(x))


@pytest.mark.parametrize(("size", "says"), [(15, "at least 16 pixels"), (8, "at least 16")])
def test_small_images_are_refused(size: int, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        resnet12(ResNet12Params(), spec(size))
