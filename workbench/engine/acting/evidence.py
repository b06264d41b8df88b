"""A meta-batch held fixed: its surrogate loss, and how far the adapted policies have moved.

Differentiated through the inner loop, whose support sets are those that were met at the time. As
published, no gradient goes through what was sampled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from workbench.core.algorithm import Weights
from workbench.core.episode import Episode
from workbench.core.policy_gradient import PolicyGradient
from workbench.core.task import ProblemSpec
from workbench.engine.acting.forward import stacked
from workbench.engine.batched_mlp import for_each
from workbench.engine.gather import flat, split
from workbench.engine.inner import Passed, passed
from workbench.engine.rule import Rule
from workbench.engine.workers import Workers


@dataclass(frozen=True)
class Part:
    """Some tasks of a meta-batch, as many as are computed together."""

    episode: Episode
    """As it was met; see `recorded`."""
    old: dict[int, Tensor]
    """By step: the outputs of the policies that acted, on their query sets."""


@dataclass(frozen=True)
class HeldFixed:
    """See `core.algorithm.Evidence`."""

    spec: ProblemSpec
    rule: Rule
    parts: tuple[Part, ...]
    workers: Workers

    def value(self, weights: Weights) -> tuple[float, float]:
        def one(model: nn.Module, number: int) -> Tensor:
            told = self._judged(model, self.parts[number], leaves(weights), differentiable=False)
            return torch.stack(told).detach()

        loss, divergence = self._mean(one).tolist()
        return loss, divergence

    def gradient(self, weights: Weights, clip: float) -> Weights:
        def one(model: nn.Module, number: int) -> Tensor:
            own = leaves(weights)
            loss, _ = self._judged(model, self.parts[number], own, clip)
            return _flat(torch.autograd.grad(loss, list(own.values()), allow_unused=True), own)

        return split(self._mean(one), weights)

    def curvature(self, weights: Weights) -> Callable[[Tensor], Tensor]:
        def begun(model: nn.Module, number: int) -> tuple[Tensor, Weights]:
            own = leaves(weights)
            _, divergence = self._judged(model, self.parts[number], own)
            found = torch.autograd.grad(
                divergence, list(own.values()), create_graph=True, allow_unused=True
            )
            return _flat(found, own), own

        graphs = list(self.workers.map(begun, len(self.parts)))

        def product(vector: Tensor) -> Tensor:
            def one(model: nn.Module, number: int) -> Tensor:
                slope, own = graphs[number]
                found = torch.autograd.grad(
                    slope, list(own.values()), vector, retain_graph=True, allow_unused=True
                )
                return _flat(found, own)

            return self._mean(one)

        return product

    def _judged(
        self,
        model: nn.Module,
        part: Part,
        weights: Weights,
        clip: float = 0,
        *,
        differentiable: bool = True,
    ) -> tuple[Tensor, Tensor]:
        """Surrogate loss and divergence ``[]``, summed over the tasks of a part."""
        judge, emphasis = self.spec.objective, self.rule.emphasis()
        assert isinstance(judge, PolicyGradient)
        own = for_each(weights, len(part.episode))
        asked = passed(
            stacked(model),
            self.spec,
            own,
            part.episode,
            self.rule,
            differentiable=differentiable,
        ).asked
        losses = [
            emphasis[step] * judge.surrogate(outputs, query.y, part.old[step], clip)
            for step, (query, outputs) in asked.items()
        ]
        query, outputs = asked[self.rule.steps]
        far = judge.divergence(outputs, query.y, part.old[self.rule.steps])
        return torch.stack(losses).sum(), far.sum()

    def _mean(self, work: Callable[[nn.Module, int], Tensor]) -> Tensor:
        """Summed in the order of the parts, whoever computed them."""
        total = sum_of(self.workers.map(work, len(self.parts)))
        return total / sum(len(part.episode) for part in self.parts)


def old_of(through: Passed) -> dict[int, Tensor]:
    return {step: outputs.detach() for step, (_, outputs) in through.asked.items()}


def sum_of(parts: Iterable[Tensor]) -> Tensor:
    first, *others = parts
    total = first
    for part in others:
        total = total + part
    return total


def leaves(weights: Weights) -> Weights:
    return {name: weight.detach().requires_grad_() for name, weight in weights.items()}


def _flat(found: tuple[Tensor | None, ...], weights: Weights) -> Tensor:
    return flat(weights, dict(zip(weights, found, strict=True)))
