"""Policies that adapt by gradient steps, judged again on the trajectories of their time.

Differentiated through the inner loop, whose support sets are those that were met then. As
published, no gradient goes through what was sampled.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from workbench.core.algorithm import Weights
from workbench.core.episode import Episode
from workbench.core.policy_gradient import PolicyGradient
from workbench.core.task import ProblemSpec
from workbench.engine.acting.forward import stacked
from workbench.engine.batched_mlp import for_each
from workbench.engine.inner import Passed, passed
from workbench.engine.rule import Rule


@dataclass(frozen=True)
class Adapted:
    """See `evidence.Judged`."""

    spec: ProblemSpec
    rule: Rule
    episode: Episode
    """As it was met; see `recorded`."""
    old: dict[int, Tensor]
    """By step: the outputs of the policies that acted, on their query sets."""

    @classmethod
    def of(cls, spec: ProblemSpec, rule: Rule, episode: Episode, through: Passed) -> Adapted:
        old = {step: outputs.detach() for step, (_, outputs) in through.asked.items()}
        return cls(spec, rule, episode, old)

    @property
    def tasks(self) -> int:
        return len(self.episode)

    def judge(
        self, model: nn.Module, weights: Weights, clip: float = 0, *, differentiable: bool = True
    ) -> tuple[Tensor, Tensor]:
        judge, emphasis = self.spec.objective, self.rule.emphasis()
        assert isinstance(judge, PolicyGradient)
        own, forward = for_each(weights, self.tasks), stacked(model, self.spec)
        through = passed(
            forward, self.spec, own, self.episode, self.rule, differentiable=differentiable
        )
        losses = [
            emphasis[step] * judge.surrogate(outputs, query.y, self.old[step], clip)
            for step, (query, outputs) in through.asked.items()
        ]
        query, outputs = through.asked[self.rule.steps]
        far = judge.divergence(outputs, query.y, self.old[self.rule.steps])
        return torch.stack(losses).sum(), far.sum()
