"""How much of the outer gradient is curvature, layer by layer: is the second order worth it?

The MAML gradient is that of first-order MAML plus what passes through the inner gradients:
    full = first + curvature.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, cast

from torch import Tensor

from workbench.algorithms.inner_loop import InnerLoopMethod
from workbench.core.episode import Episode
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.engine import Rule
from workbench.experiments.session import Learner


@dataclass(frozen=True)
class LayerXray:
    """One tensor's outer gradient, taken apart. Norms are Euclidean."""

    name: str
    first_order: float
    curvature: float
    full: float
    cosine: float
    """Between the full gradient and its first-order part; NaN where one of them is zero."""

    @property
    def share(self) -> float:
        """Curvature's share of what the two parts add up to, between 0 and 1."""
        total = self.first_order + self.curvature
        return self.curvature / total if total else 0.0


def xray(learner: Learner, episodes: Episode, steps: int) -> tuple[LayerXray, ...]:
    """The outer gradient over T stacked tasks, tensor by tensor.

    Raises `BadInput` for methods whose outer gradient has no such parts.
    """
    first, full = (_gradients(learner, episodes, steps, order) for order in (True, False))
    return tuple(_layer(name, first[name], full[name]) for name in full)


def _gradients(
    learner: Learner, episodes: Episode, steps: int, first_order: bool
) -> dict[str, Tensor]:
    method = learner.algorithm
    rule = method.rule(steps) if isinstance(method, InnerLoopMethod) else None
    if rule is None or "first_order" not in {field.name for field in fields(cast(Any, rule))}:
        raise BadInput(
            "x-ray",
            marked("the outer gradient of this method is not first order plus curvature"),
            marked("Choose a learner of maml, fomaml, anil, boil or maml_plus_plus"),
        )
    taken = cast(Rule, replace(cast(Any, rule), first_order=first_order))
    engine = cast(InnerLoopMethod, method).engine
    return engine.meta_gradient(learner.weights, episodes, taken, 0).gradients


def _layer(name: str, first: Tensor, full: Tensor) -> LayerXray:
    sizes = float(first.norm()), float(full.norm())
    inner = float((first * full).sum())
    cosine = inner / (sizes[0] * sizes[1]) if sizes[0] and sizes[1] else float("nan")
    return LayerXray(name, sizes[0], float((full - first).norm()), sizes[1], cosine)
