"""Trajectories as evidence: a set of episodes that a policy lives through when it is met.

Whatever happens in them is a function of the policy, the task and a seed: the noise of every step
is drawn beforehand, task by task, so that it matters not which tasks are computed together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor

from workbench.core.actions import Actions
from workbench.core.advantages import advantages, returns_to_go
from workbench.core.episode import Act, Batch, Remembers
from workbench.core.seeds import derive, generator
from workbench.tasks.control.baseline import fitted_values
from workbench.tasks.control.world import World

TINY = 1e-8
BY_HAND = 0.3
"""The advantage of an action that was given by hand, in deviations of those of sampled ones.

All of them point the same way, where sampled ones point every way: at 1 a step of the inner rate
that was trained with goes several times as far. On navigation-quick one step that imitates six
actions to a goal leads from a return of -8.6 to -1.5, at 1 to -15; on gridworld-quick from -17 to
-4.1, and the third step to -2.4, at 1 to -9.7.
"""


@dataclass(frozen=True)
class Terms:
    """What all sets of a family share."""

    world: World
    actions: Actions
    horizon: int
    discount: float
    decay: float
    """λ of generalised advantage estimation."""
    baseline: bool = True


class Lived(NamedTuple):
    """n trajectories of each task as they went; everything is 0 behind the end of an episode."""

    observations: Tensor
    """``[..., n, H + 1, o]``, with the one after the last step."""
    actions: Tensor
    """``[..., n, H, width]``"""
    followed: Tensor
    """``[..., n, H, width]``, what becomes likelier or less likely: the actions but where they
    were given by hand; there `Actions.near` them."""
    rewards: Tensor
    """``[..., n, H]``"""
    alive: Tensor
    """``[..., n, H]``, 1 for steps that were taken."""
    terminal: Tensor
    """``[..., n, H]``, 1 for one that ended in a terminal state."""


@dataclass(frozen=True)
class Met(Batch):
    """The steps of n trajectories as items, with the trajectories themselves for who looks on."""

    lived: Lived

    def _each(self, change: Callable[[Tensor], Tensor]) -> Met:
        return replace(super()._each(change), lived=Lived(*map(change, self.lived)))


@dataclass(frozen=True)
class Rollouts(Batch):
    """n trajectories of a task, or of T; ``x [..., n, o]`` and ``y [..., n, width + 4]`` are empty.

    Met, they are items ``[..., n * H, ...]``, each trajectory's steps in order; their targets are
    those of `core.policy_gradient`.
    """

    truth: Tensor
    """``[..., p]``, what settles the task."""
    seed: Tensor
    """``[...]``, of everything that is by chance."""
    counted: Tensor
    """``[..., n]``, 1 for trajectories that are learned from and 0 for those left out."""
    driven: Tensor
    """``[..., n, h, width]``, actions that were given by hand; NaN where the policy acts. Its h is
    the horizon or, where all are the policy's own, 0."""
    anew: Tensor
    """``[..., n]``, how often what the policy does by chance was drawn anew; 0 for most."""
    terms: Terms

    @property
    def together(self) -> int:
        return self.terms.world.together

    @torch.no_grad()
    def met(self, act: Act, step: int = 0) -> Met:
        lived = self.lived(act, step)
        y = torch.cat([lived.followed, self._judged(lived)], -1)
        return Met(lived.observations[..., :-1, :].flatten(-3, -2), y.flatten(-3, -2), lived)

    @torch.no_grad()
    def lived(self, act: Act, step: int = 0) -> Lived:
        """What happens when the policy acts."""
        terms, count = self.terms, self.x.shape[-2]
        noise = self._noise(step)
        play = terms.world.play(self.truth, self.world_seeds(step), count)
        going = torch.ones_like(self.counted)
        first = play.seen().to(self.x)
        seen, acted, followed, earned, alive, ended = [first], [], [], [], [], []
        for time in range(terms.horizon):
            outputs = act(seen[-1])
            own = terms.actions.taken(outputs, noise[..., time, :])
            action, near = self._by_hand(own, outputs, time)
            action, near = action * going.unsqueeze(-1), near * going.unsqueeze(-1)
            told = play.step(action)
            acted.append(action)
            followed.append(near)
            alive.append(going)
            earned.append(told.reward * going)
            ended.append(told.terminal * going)
            going = going * (1 - told.terminal) * (1 - told.cut)
            if isinstance(act, Remembers):
                act.told(action, earned[-1], 1 - going)
            seen.append(play.seen().to(self.x))
        along = (torch.stack(part, -1) for part in (earned, alive, ended))
        steps = (torch.stack(part, -2) for part in (seen, acted, followed))
        return Lived(*steps, *along)

    def world_seeds(self, step: int) -> Tensor:
        """``[...]``, of what is by chance in the world when the set is met at a step."""
        return self._drawn(lambda seed: torch.tensor(derive(seed, "world", step)))

    def _judged(self, lived: Lived) -> Tensor:
        """``[..., n, H, 4]``: advantage, weight, whether it was taken, and reward of every step."""
        terms, own = self.terms, 1 - self._given()
        counted = lived.alive * self.counted.unsqueeze(-1)
        told = returns_to_go(lived.rewards, terms.discount)
        if terms.baseline:
            values = fitted_values(lived.observations, told, counted)
        else:
            values = torch.zeros_like(lived.observations[..., 0])
        gain = advantages(
            lived.rewards, values, lived.alive, lived.terminal, terms.discount, terms.decay
        )
        gain = _standardised(gain, counted * own)
        # Driven by hand, a step is imitated, and what the policy did after it is nobody's doing.
        by_hand = own.amin(-1, keepdim=True) == 0
        gain = torch.where(by_hand, torch.full_like(gain, BY_HAND), gain)
        counted = torch.where(by_hand, counted * (1 - own), counted)
        weight = counted / counted.mean((-2, -1), keepdim=True).clamp_min(TINY)
        return torch.stack([gain, weight, lived.alive, lived.rewards], -1)

    def _given(self) -> Tensor:
        """``[..., n, H]``, 1 for steps that were driven by hand."""
        size = (*self.counted.shape, self.terms.horizon)
        if not self.driven.shape[-2]:
            return self.counted.new_zeros(size)
        return (~self.driven[..., 0].isnan()).to(self.counted.dtype)

    def _by_hand(self, own: Tensor, outputs: Tensor, time: int) -> tuple[Tensor, Tensor]:
        """What is done, and what is followed; the policy's own where nothing was given."""
        if not self.driven.shape[-2]:
            return own, own
        given = self.driven[..., time, :]
        near = self.terms.actions.near(outputs, given)
        return tuple(torch.where(given.isnan(), own, one) for one in (given, near))  # type: ignore[return-value]

    def _noise(self, step: int) -> Tensor:
        """``[..., n, H, count]``"""
        size = (self.x.shape[-2], self.terms.horizon)
        draw = self.terms.actions.noise
        noise = self._drawn(lambda seed: draw(size, generator(seed, "act", step))).to(self.x)
        for place in map(tuple, self.anew.nonzero().tolist()):
            again = (step, place[-1], int(self.anew[place]))
            draws = generator(int(self.seed[place[:-1]]), "act", *again)
            noise[place] = draw(size[1:], draws).to(noise)
        return noise

    def _drawn(self, draw: Callable[[int], Tensor]) -> Tensor:
        """What is drawn for the seed of every task, stacked."""
        rows = [draw(seed) for seed in self.seed.flatten().tolist()]
        return torch.stack(rows).view((*self.seed.shape, *rows[0].shape))


def _standardised(values: Tensor, counted: Tensor) -> Tensor:
    """Mean 0 and deviation 1 over the steps of a task that count."""
    steps = counted.sum((-2, -1), keepdim=True).clamp_min(1)
    centred = values - (values * counted).sum((-2, -1), keepdim=True) / steps
    spread = (centred.square() * counted).sum((-2, -1), keepdim=True) / steps
    return centred / (spread.sqrt() + TINY)
