"""Layers that stay out of the inner loop, and a network that corrects: by hand, on every route."""

from __future__ import annotations

from collections import OrderedDict

import pytest
import torch
from torch import nn

from tests.tiny import prepared, tiny_config
from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.registry import get, names
from workbench.core.stars import MAE, Stars
from workbench.core.task import ProblemSpec
from workbench.engine import Engine, InnerLoop, PartialLoop
from workbench.engine.correction import Correction
from workbench.engine.parts import OUTER_ONLY
from workbench.experiments import catalog
from workbench.experiments.session import untrained

SPEC = ProblemSpec(Stars(MAE, 1.0, 5.0), (3,), 1)
catalog.load()


def model(held: bool) -> Correction:
    torch.manual_seed(0)
    embedding = nn.Linear(3, 4, bias=False)
    setattr(embedding, OUTER_ONLY, held)
    layers = [("embedding", embedding), ("decision", nn.Linear(4, 4)), ("act", nn.ReLU())]
    return Correction(OrderedDict([*layers, ("head", nn.Linear(4, 1))])).double()


def episodes(tasks: int = 3) -> Episode:
    draws = torch.Generator().manual_seed(1)

    def batch(count: int) -> Batch:
        x = torch.randn(tasks, count, 3, generator=draws, dtype=torch.float64)
        return Batch(x, 3 + torch.randn(tasks, count, 1, generator=draws, dtype=torch.float64))

    return Episode(batch(5), batch(4))


def test_the_first_number_is_corrected_and_features_are_not() -> None:
    made = model(False)
    x = torch.randn(6, 3, dtype=torch.float64)
    plain = nn.Sequential(*made)(x)
    assert torch.equal(made(x), x[:, :1] + plain)
    made.head = nn.Identity()
    assert made(x).shape == (6, 4) and torch.equal(made(x), nn.Sequential(*made)(x))


@pytest.mark.parametrize("strategy", ["general", "batched"])
def test_what_is_held_is_that_of_a_partial_loop_and_both_routes_agree(strategy: str) -> None:
    rule = InnerLoop(2, 0.1)
    held = Engine(model(True), SPEC, 1, strategy=strategy)
    free = Engine(model(False), SPEC, 1, strategy="general")
    weights = held.initial()
    some = PartialLoop(2, 0.1, free.names - {"embedding.weight"})
    found = held.meta_gradient(weights, episodes(), rule, 0).gradients
    wanted = free.meta_gradient(weights, episodes(), some, 0).gradients
    assert held.held == {"embedding.weight"} and not free.held
    for name, gradient in wanted.items():
        torch.testing.assert_close(found[name], gradient, rtol=1e-10, atol=1e-12)
    assert wanted["embedding.weight"].abs().max() > 0, "the outer loop trains it"
    for used, _ in held.step_by_step(weights, episodes()[0], rule):
        assert torch.equal(used["embedding.weight"], weights["embedding.weight"])
    assert not torch.equal(used["head.weight"], weights["head.weight"])
    held.close(), free.close()


TASK = {"name": "tastes", "users": 30, "each": 10, "shots": 2, "queries": 2}
HELD = {"name": "ratings_mlp", "embedding": 4, "decision": [4], "adapted": "decision"}


@pytest.mark.parametrize("name", names("algorithm"))
def test_every_method_leaves_held_layers_alone_or_says_that_it_cannot(name: str) -> None:
    kind = get("algorithm", name).build
    if kind.unfit(SPEC):
        pytest.skip(kind.unfit(SPEC))
    if not kind.holds:
        with pytest.raises(BadInput, match="moves every weight"):
            tiny_config(task=TASK, model=HELD, algorithm={"name": name})
        return
    config = tiny_config(task=TASK, model=HELD, algorithm={"name": name})
    family = prepared(config)
    learner = untrained(config, family)
    if not kind.has_steps:
        return
    episode = family.episodes("test", 1, torch.Generator().manual_seed(0))[0]
    paths = list(learner.algorithm.path(learner.weights, episode, 2))
    key = next(
        name for name in paths[0] if name.endswith(("embedding.weight", "embedding.layer.weight"))
    )
    assert len(paths) == 3 and all(torch.equal(used[key], paths[0][key]) for used in paths)
    learner.algorithm.close()
