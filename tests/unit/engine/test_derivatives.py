"""Our second derivatives of batch normalisation and max-pooling against finite differences."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.autograd import gradcheck, gradgradcheck
from torch.nn import functional as F

from workbench.engine.derivatives import Derivatives
from workbench.engine.layout import channels_last


def maps(*shape: int, last: bool = True) -> Tensor:
    x = torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    return (channels_last(x) if last else x).requires_grad_()


@pytest.mark.parametrize("last", [True, False], ids=["channels last", "channels first"])
@pytest.mark.parametrize("weight", [0.7, 0.0], ids=["scaled", "scale of zero"])
def test_batch_norm(last: bool, weight: float) -> None:
    x = maps(3, 4, 5, 5, last=last)
    scale = torch.full((4,), weight, dtype=torch.float64, requires_grad=True)
    shift = torch.linspace(-1, 1, 4, dtype=torch.float64).requires_grad_()

    def ours(*args: Tensor) -> Tensor:
        with Derivatives():
            return F.batch_norm(args[0], None, None, args[1], args[2], True, 0.1, 1e-3)

    plain = F.batch_norm(x, None, None, scale, shift, True, 0.1, 1e-3)
    torch.testing.assert_close(ours(x, scale, shift), plain, rtol=1e-12, atol=1e-12)
    assert type(ours(x, scale, shift).grad_fn) is not type(plain.grad_fn)
    assert gradcheck(ours, (x, scale, shift))
    assert gradgradcheck(ours, (x, scale, shift))


@pytest.mark.parametrize(
    "pool",
    [
        nn.MaxPool2d(2),
        nn.MaxPool2d(3, 2, 1),
        nn.MaxPool2d((2, 3), (1, 2), ceil_mode=True),
        nn.MaxPool2d(2, dilation=2),
    ],
    ids=["windows", "overlapping", "oblong", "dilated"],
)
def test_max_pool(pool: nn.Module) -> None:
    x = maps(2, 3, 7, 7)

    def ours(x: Tensor) -> Tensor:
        with Derivatives():
            pooled: Tensor = pool(x)
            return pooled

    assert torch.equal(ours(x), pool(x))
    assert type(ours(x).grad_fn) is not type(pool(x).grad_fn)
    assert gradcheck(ours, (x,))
    assert gradgradcheck(ours, (x,))


def test_what_is_not_ours_runs_as_torch_wrote_it() -> None:
    x = maps(4, 3, 6, 6)
    mean, var = torch.zeros(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64)
    with Derivatives():
        pooled, winners = F.max_pool2d(x, 2, return_indices=True)
        fixed = F.batch_norm(x, mean, var, training=False)
        rows = F.batch_norm(x.flatten(1), None, None, training=True)
    assert winners.dtype == torch.int64
    assert torch.equal(pooled, F.max_pool2d(x, 2))
    assert torch.allclose(fixed, x / (1 + 1e-5) ** 0.5)
    assert torch.allclose(rows.mean(0), torch.zeros(108, dtype=torch.float64))


@pytest.mark.parametrize("channels", [1, 3])
def test_maps_stay_channels_last_through_a_block(channels: int) -> None:
    block = nn.Sequential(
        nn.Conv2d(channels, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2)
    )
    x = torch.randn(2, channels, 8, 8)
    with Derivatives():
        out = block(channels_last(x))
    assert out.stride() == (4 * 4 * 8, 1, 4 * 8, 8)
    assert torch.allclose(out, block(x), atol=1e-6)


def test_a_shift_without_a_scale_has_second_derivatives() -> None:
    """torch's own is zero in the shift, where there is no scale."""
    x, shift = maps(3, 2, 4, 4), torch.linspace(-1, 1, 2, dtype=torch.float64).requires_grad_()

    def ours(*args: Tensor) -> Tensor:
        with Derivatives():
            return F.batch_norm(args[0], None, None, None, args[1], True, 0.1, 1e-3)

    torch.testing.assert_close(
        ours(x, shift), F.batch_norm(x, None, None, None, shift, True, eps=1e-3)
    )
    assert gradcheck(ours, (x, shift))
    assert gradgradcheck(ours, (x, shift))
