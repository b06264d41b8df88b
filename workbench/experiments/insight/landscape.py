"""The loss around the path of an adaptation, in the plane where most of the path lies.

H. Li, Z. Xu, G. Taylor, C. Studer, T. Goldstein, "Visualizing the Loss Landscape of Neural Nets",
NeurIPS 2018, section 7: here the first axis runs from the start to the end of the path, the second
along the largest part of the path that the first one misses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.core.algorithm import Weights
from workbench.core.episode import Episode
from workbench.experiments.insight.collected import refuse_collected
from workbench.experiments.insight.curvature import Sharpness
from workbench.experiments.session import Learner

MARGIN = 0.5
"""How far the plane goes beyond the path, in lengths of the path."""


@dataclass(frozen=True)
class Landscape:
    """Losses on a grid; row i is at ``y[i]``, column j at ``x[j]``. Rows not yet taken are NaN."""

    x: Tensor
    y: Tensor
    support_loss: Tensor
    """``[len(y), len(x)]``"""
    query_loss: Tensor
    path: Tensor
    """``[k + 1, 2]``, the steps' own places."""
    off_plane: float
    """The largest distance of a step from the plane, as a part of the path's extent."""
    sharpness: tuple[Sharpness, ...] = ()
    """Of the support loss after 0, 1, ... steps; found after the map, for methods that have it."""


def landscape(
    learner: Learner, episode: Episode, steps: int, side: int = 21
) -> Iterator[Landscape]:
    """Yield the map after each row, the last one whole; nothing where no step moves."""
    refuse_collected(learner, "landscape")
    engine = learner.algorithm.engine
    way = list(learner.algorithm.path(learner.weights, episode, steps))
    names = sorted(way[0])
    flat = torch.stack([_flat(used, names) for used in way]).double()
    moved = flat - flat[0]
    if not float(moved.norm()) > 0 or not torch.isfinite(moved).all():
        return
    axes = _axes(moved)
    path = moved @ axes.T
    x, y = (_span(path[:, axis], side) for axis in (0, 1))
    losses = torch.full((2, side, side), float("nan"), dtype=torch.float64)
    beside = (moved - path @ axes).norm(dim=1).max() / moved.norm(dim=1).max()
    forward = engine.forward()
    for row in range(side):
        for column in range(side):
            at = flat[0] + x[column] * axes[0] + y[row] * axes[1]
            used = _unflat(at, way[0], names)
            with torch.no_grad():
                for which, batch in enumerate((episode.support, episode.query)):
                    outputs = forward(used, batch.x)
                    losses[which, row, column] = engine.spec.objective.loss(outputs, batch.y)
        yield Landscape(x, y, losses[0].clone(), losses[1].clone(), path, float(beside))


def _axes(moved: Tensor) -> Tensor:
    """``[2, P]``, orthonormal: to the path's end, and to what of the path is farthest from that."""
    end = moved[moved.norm(dim=1).argmax()] if not float(moved[-1].norm()) else moved[-1]
    first = end / end.norm()
    rest = moved - (moved @ first)[:, None] * first
    second = rest[rest.norm(dim=1).argmax()]
    if float(second.norm()) < 1e-9 * float(end.norm()):
        draws = torch.Generator().manual_seed(0)
        second = torch.randn(first.shape, generator=draws, dtype=first.dtype)
        second = second - (second @ first) * first
    return torch.stack([first, second / second.norm()])


def _span(places: Tensor, side: int) -> Tensor:
    low, high = float(places.min()), float(places.max())
    room = MARGIN * max(high - low, 1e-6)
    return torch.linspace(low - room, high + room, side, dtype=torch.float64)


def _flat(weights: Weights, names: list[str]) -> Tensor:
    return torch.cat([weights[name].reshape(-1) for name in names])


def _unflat(vector: Tensor, like: Weights, names: list[str]) -> Weights:
    sizes = [like[name].numel() for name in names]
    pieces = torch.split(vector, sizes)
    return {
        name: piece.view(like[name].shape).to(like[name].dtype)
        for name, piece in zip(names, pieces, strict=True)
    }
