"""What fits a support set of values without any meta-training: the floors of regression.

Every function takes T tasks: support ``x [T, K, d]``, ``y [T, K, e]`` and a query set alike, and
gives the mean squared error of each, ``[T]``.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from workbench.core.episode import Episode
from workbench.core.marked import marked

STRENGTH = 0.1
"""Of the ridge; inputs are of about unit variance."""
Features = Callable[[Tensor], Tensor]
"""Inputs ``[..., 1]`` to what outputs are linear in, ``[..., f]``."""


def floors(episodes: Episode) -> dict[str, Tensor]:
    """By what they are called."""
    return {
        marked("mean of the support"): mean_of_support(episodes),
        marked("ridge on the support"): ridge(episodes),
    }


def mean_of_support(episodes: Episode) -> Tensor:
    """Every query is answered with the mean of the support targets."""
    return _error(episodes.support.y.mean(1, keepdim=True), episodes.query.y)


def ridge(episodes: Episode, strength: float = STRENGTH) -> Tensor:
    """Linear in the inputs, least squares with a penalty on the slopes and none on the offset."""
    x, y = episodes.support.x.double(), episodes.support.y.double()
    centre, offset = x.mean(1, keepdim=True), y.mean(1, keepdim=True)
    x, asked = x - centre, episodes.query.x.double() - centre
    if x.shape[2] <= x.shape[1]:
        slopes = torch.linalg.solve(_raised(x.mT @ x, strength), x.mT @ (y - offset))
    else:
        slopes = x.mT @ torch.linalg.solve(_raised(x @ x.mT, strength), y - offset)
    return _error(asked @ slopes + offset, episodes.query.y)


def least_squares(episodes: Episode, features: Features) -> Tensor:
    """Linear in features of the inputs: exact where the targets are, and K is enough."""
    x, y = features(episodes.support.x.double()), episodes.support.y.double()
    slopes = torch.linalg.pinv(x) @ y
    return _error(features(episodes.query.x.double()) @ slopes, episodes.query.y)


def _raised(square: Tensor, strength: float) -> Tensor:
    return square + strength * torch.eye(square.shape[-1], dtype=square.dtype)


def _error(outputs: Tensor, targets: Tensor) -> Tensor:
    return (outputs - targets).square().mean((1, 2)).to(targets.dtype)
