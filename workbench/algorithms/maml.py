"""Model-agnostic meta-learning, with the exact second-order meta-gradient.

C. Finn, P. Abbeel, S. Levine, "Model-Agnostic Meta-Learning for Fast Adaptation of Deep Networks",
ICML 2017, algorithm 1:
    theta <- theta - beta * grad_theta sum_i L_i(theta - alpha * grad L_i(theta))

The outer loss is the mean over the meta-batch.
"""

from __future__ import annotations

from typing import Literal

from workbench.algorithms.inner_loop import InnerLoopMethod, InnerParams
from workbench.core.registry import register
from workbench.engine import InnerLoop


class MamlParams(InnerParams):
    name: Literal["maml"] = "maml"


@register("algorithm", "maml", title="MAML", params=MamlParams)
class Maml(InnerLoopMethod):
    """Learn weights from which a few gradient steps solve a new task (second order)."""

    def rule(self, steps: int, iteration: int | None = None) -> InnerLoop:
        return InnerLoop(steps, self.inner_rate)
