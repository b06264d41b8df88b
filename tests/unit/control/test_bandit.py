"""A bandit, whose policy gradient is known in closed form: first and second order."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import torch
from torch import Tensor, nn

from workbench.core.actions import CategoricalActions, GaussianActions
from workbench.core.episode import Act, Batch, Episode
from workbench.core.policy_gradient import PolicyGradient
from workbench.core.task import ProblemSpec
from workbench.engine import Engine, InnerLoop
from workbench.tasks.control.rollouts import Rollouts, Terms
from workbench.tasks.control.world import Told, World

ARMS, RATE = 3, 0.7
LOGITS = torch.tensor([0.3, -0.2, 0.6], dtype=torch.float64)
SPEC = ProblemSpec(PolicyGradient(CategoricalActions(ARMS), 1), (1,), ARMS, collected=True)


@dataclass(frozen=True)
class EveryArm(Batch):
    """Each arm once, weighed by how likely it is drawn: expectations without chance."""

    rewards: Tensor
    """``[..., ARMS]``"""

    @torch.no_grad()
    def met(self, act: Act, step: int = 0) -> Batch:
        likely = ARMS * act(self.x).softmax(-1)[..., 0, :]
        arms = torch.arange(ARMS, dtype=likely.dtype).expand_as(likely)
        return Batch(
            self.x, torch.stack([arms, self.rewards, likely, likely > 0, self.rewards], -1)
        )


class Logits(nn.Module):
    """The same in every state."""

    def __init__(self) -> None:
        super().__init__()
        self.logits = nn.Parameter(LOGITS.clone())

    def forward(self, x: Tensor) -> Tensor:
        return self.logits.expand(*x.shape[:-1], ARMS)


def tasks() -> Episode:
    draws = torch.Generator().manual_seed(0)
    x, y = torch.ones(2, ARMS, 1).double(), torch.zeros(2, ARMS, 5).double()
    rewards = [torch.randn(2, ARMS, generator=draws).double() for _ in range(2)]
    return Episode(*(EveryArm(x, y, reward) for reward in rewards))


def slope(logits: Tensor, rewards: Tensor) -> Tensor:
    """Of the expected reward: sum_a p_a r_a (e_a - p)."""
    likely = logits.softmax(-1)
    return likely * (rewards - (likely * rewards).sum())


def outer(support: Tensor, query: Tensor, second: bool) -> Tensor:
    """By hand, with the samples' likelihood held fixed where it is differentiated through."""
    likely = LOGITS.softmax(-1)
    adapted = LOGITS + RATE * slope(LOGITS, support)
    found = -slope(adapted, query)
    if second:
        # d/dtheta of sum_a w_a r_a (e_a - p(theta)), with w_a = p_a fixed
        bent = -(likely * support).sum() * (torch.diag(likely) - likely.outer(likely))
        found = found + RATE * bent @ found
    return found


@pytest.mark.parametrize("strategy", ["auto", "general"])
@pytest.mark.parametrize("first_order", [False, True])
def test_the_outer_gradient_is_the_one_on_paper(strategy: str, first_order: bool) -> None:
    engine, episodes = Engine(Logits(), SPEC, 1, strategy=strategy), tasks()
    found = engine.meta_gradient(engine.initial(), episodes, InnerLoop(1, RATE, first_order), 0)
    support, query = episodes.support.rewards, episodes.query.rewards  # type: ignore[attr-defined]
    pairs = zip(support, query, strict=True)
    wanted = torch.stack([outer(s, q, not first_order) for s, q in pairs]).mean(0)
    torch.testing.assert_close(found.gradients["logits"], wanted, rtol=1e-9, atol=1e-12)


class Payouts(World):
    """One step: an arm gives what the task says; a number, minus its square."""

    def play(self, truth: Tensor, seeds: Tensor, count: int) -> Payouts:
        self._truth, self._size = truth, (*truth.shape[:-1], count)
        return self

    def seen(self) -> Tensor:
        return torch.ones(*self._size, 1)

    def step(self, actions: Tensor) -> Told:
        if self._truth.shape[-1] == 1:
            earned = -(actions - self._truth.unsqueeze(-2)).square().squeeze(-1)
        else:
            earned = self._truth.gather(-1, actions.squeeze(-1).long())
        return Told(earned, torch.ones_like(earned), torch.zeros_like(earned))


def pulled(actions: object, truth: Tensor, count: int) -> Batch:
    terms = Terms(Payouts(), actions, 1, 0.99, 1.0, baseline=False)  # type: ignore[arg-type]
    width = terms.actions.width
    return Rollouts(
        torch.zeros(count, 1),
        torch.zeros(count, width + 4),
        truth,
        torch.tensor(3),
        torch.ones(count),
        torch.zeros(count, 0, width),
        torch.zeros(count, dtype=torch.long),
        terms,
    )


def test_sampled_arms_lead_the_same_way() -> None:
    """Advantages are standardised: centred, and measured by the deviation of the rewards."""
    rewards, logits = torch.tensor([1.0, -2.0, 0.5]), LOGITS.float().requires_grad_()
    drawn = pulled(CategoricalActions(ARMS), rewards, 100_000)
    items = drawn.met(lambda x: logits.expand(len(x), ARMS))
    loss = SPEC.objective.loss(logits.expand(len(items.x), 3), items.y)
    likely = logits.detach().softmax(-1)
    mean = (likely * rewards).sum()
    spread = (likely * (rewards - mean).square()).sum().sqrt()
    (found,) = torch.autograd.grad(loss, logits)
    wanted = -slope(logits.detach(), rewards) / spread
    torch.testing.assert_close(found, wanted, rtol=0, atol=0.01)


def test_a_sampled_number_leads_to_the_best_one() -> None:
    """E r = -(m - b)^2 - s^2: with sd of r, the slopes are 2 (m - b) and 2 s^2 in m and log s."""
    best, mean, spread = torch.tensor([0.5]), 0.2, 0.3
    outputs = torch.tensor([mean, torch.tensor(spread).log()], requires_grad=True)
    items = pulled(GaussianActions(1), best, 200_000).met(lambda x: outputs.expand(len(x), 2))
    objective = PolicyGradient(GaussianActions(1), 1)
    loss = objective.loss(outputs.expand(len(items.x), 2), items.y)
    (found,) = torch.autograd.grad(loss, outputs)
    sd = (2 * spread**4 + 4 * spread**2 * (mean - 0.5) ** 2) ** 0.5
    wanted = torch.tensor([2 * (mean - 0.5), 2 * spread**2]) / sd
    torch.testing.assert_close(found, wanted, rtol=0, atol=0.02)
