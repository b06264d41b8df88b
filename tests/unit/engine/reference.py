"""MAML by the book, for the engine to be held against: one task, one step, one backward.

It shares no code with the engine: plain torch losses, `functional_call`, float64.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional as F

from workbench.core.episode import Batch, Episode
from workbench.core.objective import CLASSIFICATION, REGRESSION
from workbench.core.task import ProblemSpec
from workbench.engine import InnerLoop

Weights = dict[str, Tensor]


def problem(ways: int = 3, channels: int = 1, size: int = 10) -> ProblemSpec:
    return ProblemSpec(CLASSIFICATION, (channels, size, size), ways)


def curve() -> ProblemSpec:
    return ProblemSpec(REGRESSION, (1,), 1)


def episodes(spec: ProblemSpec, tasks: int = 3, shots: int = 1, queries: int = 2) -> Episode:
    draws = torch.Generator().manual_seed(7)

    def batch(per_class: int) -> Batch:
        count = per_class * spec.outputs if spec.labels else per_class
        x = torch.randn(tasks, count, *spec.input_shape, generator=draws, dtype=torch.float64)
        if not spec.labels:
            return Batch(x, x.flatten(2).sum(-1, keepdim=True).sin().expand(-1, -1, spec.outputs))
        y = torch.arange(spec.outputs).repeat_interleave(per_class)
        return Batch(x, y.expand(tasks, -1))

    return Episode(batch(shots), batch(queries))


def restless(model: nn.Module) -> nn.Module:
    """The model in float64 with weights large enough that every term of the gradient shows."""
    draws = torch.Generator().manual_seed(3)
    model = model.double()
    with torch.no_grad():
        for p in model.parameters():
            spread = 0.5 if p.dim() == 1 else 1.4 / (p[0].numel() ** 0.5)
            noise = torch.randn(p.shape, generator=draws, dtype=torch.float64)
            p.copy_(spread * noise + (1.0 if p.dim() == 1 else 0.0))
    return model


def start_of(model: nn.Module) -> Weights:
    return {n: p.detach().clone() for n, p in model.named_parameters() if p.requires_grad}


def mean_query_loss(
    model: nn.Module, spec: ProblemSpec, weights: Weights, data: Episode, loop: InnerLoop
) -> Tensor:
    losses = []
    for task in range(len(data)):
        fast = weights
        for _ in range(loop.steps):
            loss = _loss(
                spec, functional_call(model, fast, data.support.x[task]), data.support.y[task]
            )
            moves = torch.autograd.grad(
                loss, list(fast.values()), create_graph=True, allow_unused=True
            )
            fast = {
                name: weight - loop.rate * _constant(move, weight, loop.first_order)
                for (name, weight), move in zip(fast.items(), moves, strict=True)
            }
        outputs = functional_call(model, fast, data.query.x[task])
        losses.append(_loss(spec, outputs, data.query.y[task]))
    return torch.stack(losses).mean()


def meta_gradient(
    model: nn.Module, spec: ProblemSpec, data: Episode, loop: InnerLoop
) -> tuple[Weights, float]:
    weights = {name: w.requires_grad_() for name, w in start_of(model).items()}
    loss = mean_query_loss(model, spec, weights, data, loop)
    found = torch.autograd.grad(loss, list(weights.values()), allow_unused=True)
    named = zip(weights.items(), found, strict=True)
    return {n: torch.zeros_like(w) if g is None else g for (n, w), g in named}, float(loss.detach())


def largest_difference(one: Weights, other: Weights) -> float:
    assert one.keys() == other.keys()
    return max(float((one[name] - other[name]).abs().max()) for name in one)


def _loss(spec: ProblemSpec, outputs: Tensor, y: Tensor) -> Tensor:
    return F.mse_loss(outputs, y) if not spec.labels else F.cross_entropy(outputs, y)


def _constant(move: Tensor | None, weight: Tensor, first_order: bool) -> Tensor:
    if move is None:
        return torch.zeros_like(weight)
    return move.detach() if first_order else move
