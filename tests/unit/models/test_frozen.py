"""A frozen network is asked once for each item, and its features are those it always gives."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from workbench.models import frozen
from workbench.models.frozen import Frozen


class Counting(nn.Module):
    """A small network with normalisation and dropout, that counts the items it is shown."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.conv = nn.Conv2d(1, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.drop = nn.Dropout(0.5)
        self.seen = 0

    def forward(self, x: Tensor) -> Tensor:
        self.seen += len(x)
        return self.drop(self.norm(self.conv(x))).mean((-2, -1))


def counting(seed: int = 0) -> tuple[Counting, Frozen]:
    network = Counting(seed)
    network(torch.rand(20, 1, 8, 8))  # moves the running averages off their first values
    network.seen = 0
    return network, Frozen(network)


def test_each_item_goes_through_once_whoever_asks() -> None:
    network, model = counting()
    x = torch.rand(5, 1, 8, 8)
    first = model(x)
    again = copy.deepcopy(model)(x.flip(0)).flip(0)
    assert network.seen == model.remembered == 5
    assert torch.equal(first, again)
    other = Frozen(copy.deepcopy(network))  # the same weights made once more
    assert other.remembered == 5


def test_features_do_not_depend_on_mode_or_company() -> None:
    network, model = counting()
    x = torch.rand(5, 1, 8, 8)
    expected = torch.cat([network(item[None]) for item in x])
    assert not network.training
    assert torch.equal(model.train()(x), expected)
    assert torch.equal(model(x[2:3]), expected[2:3])


def test_other_weights_have_another_memory() -> None:
    _, one = counting(0)
    _, other = counting(1)
    x = torch.rand(2, 1, 8, 8)
    assert not torch.equal(one(x), other(x))


def test_it_has_no_weights_to_train_and_shares_its_network() -> None:
    network, model = counting()
    assert not list(model.parameters()) and not list(model.buffers())
    assert copy.deepcopy(model).network is network


def test_what_a_pixel_does_can_be_asked() -> None:
    network, model = counting()
    x = torch.rand(2, 1, 8, 8, requires_grad=True)
    (gradient,) = torch.autograd.grad(model(x).sum(), x)
    (expected,) = torch.autograd.grad(network(x).sum(), x)
    assert torch.equal(gradient, expected) and gradient.abs().sum() > 0


def test_a_full_memory_computes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frozen, "MOST_BYTES", 2 * 4 * 4)
    network, model = counting(2)
    x = torch.rand(3, 1, 8, 8)
    assert torch.equal(model(x), model(x))
    assert model.remembered == 2 and network.seen == 4


def test_double_precision_is_asked_and_given() -> None:
    _, model = counting()
    assert model(torch.rand(2, 1, 8, 8, dtype=torch.float64)).dtype == torch.float64
