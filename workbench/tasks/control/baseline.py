"""The value of a state, fitted by least squares to the returns of the very trajectories.

Y. Duan, X. Chen, R. Houthooft, J. Schulman, P. Abbeel, "Benchmarking Deep Reinforcement Learning
for Continuous Control", ICML 2016, section "linear feature baseline": the features of an
observation o at time t are o, o^2, t/100, (t/100)^2, (t/100)^3 and 1.

Differs from the authors' code (rllab): there a value is predicted by the fit to the trajectories
before, which in their MAML are those of another task; here, as in later code, by the fit to the
trajectories themselves.
"""

from __future__ import annotations

import torch
from torch import Tensor

LARGEST = 10.0
"""Observations are clipped to this first."""
RIDGE = 1e-5


def features(observations: Tensor) -> Tensor:
    """``[..., H, o] -> [..., H, 2 o + 4]``, in double precision."""
    seen = observations.double().clamp(-LARGEST, LARGEST)
    time = torch.arange(seen.shape[-2], dtype=seen.dtype, device=seen.device) / 100
    told = torch.stack([time, time**2, time**3, torch.ones_like(time)], -1)
    return torch.cat([seen, seen.square(), told.expand(*seen.shape[:-1], 4)], -1)


def fitted_values(observations: Tensor, returns: Tensor, counted: Tensor) -> Tensor:
    """``[..., n, H + 1]``: values of all states of n trajectories of one task.

    ``observations [..., n, H + 1, o]``, with that after the last step; ``returns [..., n, H]`` and
    ``counted [..., n, H]``, which is 0 for steps that the fit leaves out.
    """
    rows = features(observations)
    seen = (rows[..., :-1, :] * counted.unsqueeze(-1)).flatten(-3, -2)
    wanted = (returns.double() * counted).flatten(-2).unsqueeze(-1)
    square = seen.mT @ seen + RIDGE * torch.eye(seen.shape[-1], dtype=seen.dtype)
    found = torch.linalg.solve(square, seen.mT @ wanted)
    values: Tensor = (rows @ found.unsqueeze(-3)).squeeze(-1)
    return values.to(returns.dtype)
