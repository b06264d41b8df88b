"""The model of sentences: what it keeps, what it refuses, where its head is."""

from __future__ import annotations

import pytest
import torch

from workbench.core.objective import CLASSIFICATION, REGRESSION
from workbench.core.registry import get
from workbench.core.task import ProblemSpec
from workbench.engine import Engine
from workbench.engine.parts import feature_count, head_of
from workbench.experiments import catalog

catalog.load()
SPEC = ProblemSpec(CLASSIFICATION, (64,), 5)


def made(**values: object) -> torch.nn.Module:
    entry = get("model", "text_mlp")
    torch.manual_seed(0)
    model: torch.nn.Module = entry.build(entry.params.model_validate(values), SPEC)
    return model


@pytest.mark.parametrize(("parts", "size"), [("both", 72), ("weighted", 64), ("hidden", 8)])
def test_what_the_head_is_given(parts: str, size: int) -> None:
    model = made(parts=parts, width=8)
    assert head_of(model, SPEC) == "head" and feature_count(model, SPEC) == size
    engine = Engine(model, SPEC, 1)
    features = engine.features()(engine.initial(), SPEC.example(3))
    assert features.shape == (3, size)
    torch.testing.assert_close(features.norm(dim=1), torch.ones(3))
    assert not engine.transductive


def test_untrained_weights_keep_the_features_as_they_are() -> None:
    model, x = made(parts="weighted", length=0), SPEC.example(2)
    torch.testing.assert_close(model.features(x), x)  # type: ignore[operator]


def test_length_scales_and_no_words_give_no_numbers_that_are_none() -> None:
    model = made(length=5)
    x = torch.cat([SPEC.example(2), torch.zeros(1, 64)]).requires_grad_()
    features = model.features(x)  # type: ignore[operator]
    torch.testing.assert_close(features.norm(dim=1)[:2], torch.full((2,), 5.0))
    (slope,) = torch.autograd.grad(model(x).square().sum(), x, create_graph=True)
    assert slope.isfinite().all()
    (second,) = torch.autograd.grad(slope.square().sum(), x)
    assert second.isfinite().all()


def test_its_derivatives_are_those_of_finite_differences() -> None:
    model = made(width=4).double()
    x = torch.rand(2, 64, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(model, (x,))
    assert torch.autograd.gradgradcheck(model, (x,))


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        (ProblemSpec(CLASSIFICATION, (1, 28, 28), 5), "sentences"),
        (ProblemSpec(REGRESSION, (1,), 1), "sentences"),
        (ProblemSpec(CLASSIFICATION, (4,), 2, vocabulary=30), "token ids"),
    ],
)
def test_it_says_what_it_cannot_take(spec: ProblemSpec, reason: str) -> None:
    assert reason in get("model", "text_mlp").unfit(spec)
    assert not get("model", "text_mlp").unfit(SPEC)
