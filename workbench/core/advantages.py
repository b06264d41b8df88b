"""Advantages of actions from rewards and values.

J. Schulman, P. Moritz, S. Levine, M. Jordan, P. Abbeel, "High-Dimensional Continuous Control Using
Generalized Advantage Estimation", ICLR 2016, equation 16: with what a step beats its value by,

    delta_t = r_t + gamma V(s_{t+1}) - V(s_t),   A_t = delta_t + gamma lambda A_{t+1}.

V is 0 behind a terminal state, and the value of the state that was reached where a limit of time
has cut the episode off: it would have gone on (F. Pardo et al., "Time Limits in Reinforcement
Learning", ICML 2018).
"""

from __future__ import annotations

import torch
from torch import Tensor


def returns_to_go(rewards: Tensor, discount: float) -> Tensor:
    """Discounted sums from every step on, ``[..., H]`` of rewards that are 0 behind the end."""
    found, later = [], torch.zeros_like(rewards[..., 0])
    for reward in reversed(rewards.unbind(-1)):
        later = reward + discount * later
        found.append(later)
    return torch.stack(found[::-1], -1)


def advantages(
    rewards: Tensor,
    values: Tensor,
    alive: Tensor,
    terminal: Tensor,
    discount: float,
    decay: float,
) -> Tensor:
    """``[..., H]``, 0 behind the end of an episode.

    ``rewards [..., H]``; ``values [..., H + 1]`` of the states before every step and after the
    last; ``alive [..., H]`` is 1 for steps that were taken and ``terminal [..., H]`` for one that
    ended in a terminal state. ``decay`` is lambda.
    """
    ahead = values[..., 1:] * (1 - terminal)
    beaten = (rewards + discount * ahead - values[..., :-1]) * alive
    found, later = [], torch.zeros_like(beaten[..., 0])
    for delta in reversed(beaten.unbind(-1)):
        later = delta + discount * decay * later  # behind an end it is 0 still
        found.append(later)
    return torch.stack(found[::-1], -1) * alive
