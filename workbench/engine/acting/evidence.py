"""A meta-batch held fixed: its surrogate loss, how far policies have moved, and the derivatives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from workbench.core.algorithm import Weights
from workbench.engine.gather import flat, split
from workbench.engine.workers import Workers


class Judged(Protocol):
    """Some tasks of a meta-batch, as many as are computed together, with what they met."""

    @property
    def tasks(self) -> int: ...

    def judge(
        self, model: nn.Module, weights: Weights, clip: float = 0, *, differentiable: bool = True
    ) -> tuple[Tensor, Tensor]:
        """Surrogate loss and divergence ``[]``, summed over the tasks.

        Twice differentiable in the weights, or not at all.
        """


@dataclass(frozen=True)
class HeldFixed:
    """See `core.algorithm.Evidence`."""

    parts: tuple[Judged, ...]
    workers: Workers

    def value(self, weights: Weights) -> tuple[float, float]:
        def one(model: nn.Module, number: int) -> Tensor:
            told = self.parts[number].judge(model, leaves(weights), differentiable=False)
            return torch.stack(told).detach()

        loss, divergence = self._mean(one).tolist()
        return loss, divergence

    def gradient(self, weights: Weights, clip: float) -> Weights:
        def one(model: nn.Module, number: int) -> Tensor:
            own = leaves(weights)
            loss, _ = self.parts[number].judge(model, own, clip)
            return _flat(torch.autograd.grad(loss, list(own.values()), allow_unused=True), own)

        return split(self._mean(one), weights)

    def curvature(self, weights: Weights) -> Callable[[Tensor], Tensor]:
        def begun(model: nn.Module, number: int) -> tuple[Tensor, Weights]:
            own = leaves(weights)
            _, divergence = self.parts[number].judge(model, own)
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

    def _mean(self, work: Callable[[nn.Module, int], Tensor]) -> Tensor:
        """Summed in the order of the parts, whoever computed them."""
        total = sum_of(self.workers.map(work, len(self.parts)))
        return total / sum(part.tasks for part in self.parts)


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
