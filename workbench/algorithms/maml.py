"""Model-agnostic meta-learning, with the exact second-order meta-gradient.

C. Finn, P. Abbeel, S. Levine, "Model-Agnostic Meta-Learning for Fast Adaptation of Deep Networks",
ICML 2017, algorithm 1:
    theta <- theta - beta * grad_theta sum_i L_i(theta - alpha * grad L_i(theta))

The outer loss is the mean over the meta-batch.

Differs from the authors' code: in defaults alone. Their support loss is the sum over classes
(``reduction`` "paper"); their batch normalisation has a shift only (``norm`` "batch_shift" of the
model) that the inner loop does not move (``adapt_norms`` off). The paper's presets set all three.
"""

from __future__ import annotations

from typing import Literal

from workbench.algorithms.inner_loop import InnerLoopMethod, NormParams
from workbench.core.algorithm import Group
from workbench.core.marked import marked
from workbench.core.registry import register
from workbench.engine import Rule


class MamlParams(NormParams):
    name: Literal["maml"] = "maml"


@register("algorithm", "maml", title=marked("MAML"), params=MamlParams)
class Maml(InnerLoopMethod):
    """Learn weights from which a few gradient steps solve a new task (second order)."""

    group = Group.INITIALISATION
    rank = 0

    def rule(self, steps: int, iteration: int | None = None) -> Rule:
        return self.plain_loop(steps)
