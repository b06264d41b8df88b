"""Any rule, on one task after the other and on all at once, against a loop written out here."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor
from torch.func import functional_call
from torch.nn import functional as F

from tests.unit.engine import reference as ref
from workbench.core.algorithm import Weights
from workbench.engine import Engine, PartialLoop, Rule
from workbench.engine.rule import spread
from workbench.models.mlp import MlpParams, mlp


@dataclass(frozen=True)
class Odd(Rule):
    """A rule with everything: part of the weights, learned rates, a loss at every step."""

    steps: int = 3
    first_order: bool = False

    def start(self, weights: Weights) -> Weights:
        adapted = ("head.weight", "head.bias", "hidden2.weight")
        return {name: weights[name] for name in adapted}

    def move(self, weights: Weights, fast: Weights, gradients: Weights, step: int) -> Weights:
        return {
            name: fast[name] - spread(weights["rate/all"], gradient) * (step + 1) * gradient
            for name, gradient in gradients.items()
        }

    def emphasis(self) -> tuple[float, ...]:
        return (0.1, 0.2, 0.0, 0.7)


def expected(engine: Engine, weights: Weights) -> tuple[Weights, float]:
    model, data = mlp(MlpParams(hidden=(6, 5)), ref.curve()).double(), ref.episodes(ref.curve())
    leaves = {name: weight.clone().requires_grad_() for name, weight in weights.items()}
    losses = []
    for task in range(len(data)):
        fast = {n: leaves[n] for n in engine.names}
        for step in range(4):
            asked = F.mse_loss(functional_call(model, fast, data.query.x[task]), data.query.y[task])
            losses.append(asked * (0.1, 0.2, 0.0, 0.7)[step])
            if step == 3:
                break
            outputs = functional_call(model, fast, data.support.x[task])
            names = ["head.weight", "head.bias", "hidden2.weight"]
            loss = F.mse_loss(outputs, data.support.y[task])
            moves = torch.autograd.grad(loss, [fast[n] for n in names], create_graph=True)
            moved = {
                n: fast[n] - leaves["rate/all"] * (step + 1) * g
                for n, g in zip(names, moves, strict=True)
            }
            fast = {**fast, **moved}
    total = torch.stack(losses).sum() / len(data)
    found = torch.autograd.grad(total, list(leaves.values()))
    return dict(zip(leaves, found, strict=True)), float(asked.detach())


@pytest.mark.parametrize("strategy", ["auto", "general"])
def test_a_rule_of_ones_own(strategy: str) -> None:
    torch.manual_seed(0)
    model = mlp(MlpParams(hidden=(6, 5)), ref.curve()).double()
    engine = Engine(model, ref.curve(), 2, strategy=strategy)
    weights = {**engine.initial(), "rate/all": torch.tensor(0.05, dtype=torch.float64)}
    found = engine.meta_gradient(weights, ref.episodes(ref.curve()), Odd(), 0)
    gradients, _ = expected(engine, weights)
    assert ref.largest_difference(found.gradients, gradients) < 1e-10
    assert ("matrix product" in engine.strategy(Odd())) == (strategy == "auto")
    engine.close()


def test_what_does_not_adapt_stays_where_it_was() -> None:
    model = mlp(MlpParams(hidden=(6, 5)), ref.curve()).double()
    engine = Engine(model, ref.curve(), 1)
    weights, rule = engine.initial(), PartialLoop(4, 0.05, engine.head)
    *_, (last, forward) = engine.step_by_step(weights, ref.episodes(ref.curve())[0], rule)
    same = {name for name in weights if torch.equal(last[name], weights[name])}
    assert same == set(weights) - {"head.weight", "head.bias"}
    x: Tensor = ref.episodes(ref.curve())[0].query.x
    assert torch.equal(forward(last, x), functional_call(model, last, (x,)))
    engine.close()
