"""Agreement with learn2learn 0.2.0, where it can be imported: its pure-Python modules suffice.

PYTHONPATH=<folder with learn2learn> python -m pytest tests/unit/algorithms/test_learn2learn.py
"""

from __future__ import annotations

import warnings
from typing import Any

import pytest
import torch
from torch import nn

from benchmarks.learn2learn_alone import load_maml
from workbench.core.algorithm import Weights
from workbench.core.episode import Batch, Episode
from workbench.core.objective import CLASSIFICATION
from workbench.core.task import ProblemSpec
from workbench.engine import Engine, InnerLoop
from workbench.models.conv4 import Conv4Params, conv4

SPEC = ProblemSpec(CLASSIFICATION, (1, 28, 28), 5)
RATE = 0.4


@pytest.fixture(scope="module")
def maml() -> Any:
    """learn2learn's MAML wrapper; the package warns of things this project does not use."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return load_maml()
        except ImportError as error:
            pytest.skip(f"learn2learn is not here ({error})")


def episodes(tasks: int) -> Episode:
    labels = torch.arange(5).repeat(tasks, 1)
    draws = torch.Generator().manual_seed(0)

    def images(count: int) -> torch.Tensor:
        return torch.rand(tasks, count, *SPEC.input_shape, generator=draws).double()

    return Episode(Batch(images(5), labels), Batch(images(15), labels.repeat(1, 3)))


def theirs(maml: Any, model: nn.Module, batch: Episode, steps: int, first_order: bool) -> Weights:
    wrapped = maml(model, lr=RATE, first_order=first_order)
    total = torch.zeros((), dtype=torch.float64)
    for task in range(len(batch)):
        learner = wrapped.clone()
        for _ in range(steps):
            support = batch[task].support
            learner.adapt(SPEC.objective.loss(learner(support.x), support.y))
        query = batch[task].query
        total = total + SPEC.objective.loss(learner(query.x), query.y)
    (total / len(batch)).backward()
    return {name: p.grad for name, p in model.named_parameters() if p.grad is not None}


@pytest.mark.parametrize("strategy", ["general", "fused"])
@pytest.mark.parametrize("first_order", [False, True])
@pytest.mark.parametrize("steps", [1, 3])
def test_the_meta_gradient_is_the_same(
    maml: Any, steps: int, first_order: bool, strategy: str
) -> None:
    """Conv4 with batch normalisation, float64, the same weights and data."""
    torch.manual_seed(0)
    model = conv4(Conv4Params(filters=8), SPEC).double()
    engine = Engine(model, SPEC, 1, strategy=strategy)
    batch = episodes(3)
    loop = InnerLoop(steps, RATE, first_order)
    ours = engine.meta_gradient(engine.initial(), batch, loop, 0).gradients
    engine.close()
    for name, gradient in theirs(maml, model, batch, steps, first_order).items():
        assert torch.allclose(ours[name], gradient, rtol=0, atol=1e-12), name
