"""Trials of a recurrent policy: what was met in them, judged as one long episode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call

from workbench.algorithms.recurrent import Unrolled
from workbench.core.advantages import returns_to_go
from workbench.core.algorithm import Weights
from workbench.core.episode import Batch
from workbench.core.policy_gradient import ADVANTAGE, ALIVE, REWARD, PolicyGradient

TINY = 1e-8


@dataclass(frozen=True)
class Trial:
    """n trials of each of T tasks, of E episodes of H steps; see `evidence.Judged`."""

    objective: PolicyGradient
    fed: Tensor
    """``[E * H, T * n, ...]``"""
    old: Tensor
    """``[T, n, E * H, outputs]`` of the policy that acted."""
    targets: Tensor
    """``[T, n, E * H, width + 4]``, with advantages over the whole trial."""
    returns: tuple[Tensor, ...]
    """``[T]`` of every episode."""

    @classmethod
    def of(
        cls,
        objective: PolicyGradient,
        met: Sequence[Batch],
        told: Sequence[Tensor],
        fed: Tensor,
        discount: float,
    ) -> Trial:
        """``told`` are the outputs ``[T, n * H, outputs]`` in every episode."""
        steps = objective.horizon
        old = torch.cat([torch.unflatten(one, -2, (-1, steps)) for one in told], -2)
        targets = torch.cat([torch.unflatten(one.y, -2, (-1, steps)) for one in met], -2)
        gain = returns_to_go(targets[..., REWARD], discount)
        gain = gain - gain.mean(1, keepdim=True)  # over the trials of a task, step by step
        alive = targets[..., ALIVE]
        spread = ((gain.square() * alive).sum() / alive.sum().clamp_min(1)).sqrt()
        judged = torch.stack(
            [
                gain / (spread + TINY),
                alive / alive.mean().clamp_min(TINY),
                alive,
                targets[..., REWARD],
            ],
            -1,
        )
        targets = torch.cat([targets[..., :ADVANTAGE], judged], -1)
        returns = tuple(objective.metric(one.y, one.y) for one in met)
        return cls(objective, fed, old, targets, returns)

    @property
    def tasks(self) -> int:
        return len(self.old)

    @property
    def acted(self) -> int:
        """Steps in environments."""
        return int(self.targets[..., ALIVE].sum())

    def judge(
        self, model: nn.Module, weights: Weights, clip: float = 0, *, differentiable: bool = True
    ) -> tuple[Tensor, Tensor]:
        outputs = self._outputs(model, weights).flatten(1, 2)
        targets, old = self.targets.flatten(1, 2), self.old.flatten(1, 2)
        loss = self.objective.surrogate(outputs, targets, old, clip)
        return loss.sum(), self.objective.divergence(outputs, targets, old).sum()

    def losses(self, model: nn.Module, weights: Weights) -> list[Tensor]:
        """``[T]`` in every episode."""
        outputs, steps = self._outputs(model, weights), self.objective.horizon
        parts = zip(
            torch.split(outputs, steps, 2), torch.split(self.targets, steps, 2), strict=True
        )
        return [self.objective.loss(out.flatten(1, 2), y.flatten(1, 2)) for out, y in parts]

    def _outputs(self, model: nn.Module, weights: Weights) -> Tensor:
        """``[T, n, E * H, outputs]``"""
        named = {f"policy.{name}": weight for name, weight in weights.items()}
        told: Tensor = functional_call(Unrolled(model), named, (self.fed,))
        return torch.unflatten(told, 1, self.old.shape[:2]).permute(1, 2, 0, 3)
