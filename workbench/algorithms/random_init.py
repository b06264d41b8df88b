"""The floor of every chart: the same inner loop from weights that were never meta-trained.

Differs from the authors' code: there is none; this is the start of `maml`.
"""

from __future__ import annotations

from typing import Literal

from workbench.algorithms.inner_loop import InnerLoopMethod, NormParams
from workbench.core.algorithm import Group
from workbench.core.marked import marked
from workbench.core.registry import register
from workbench.engine import Rule


class RandomInitParams(NormParams):
    name: Literal["random_init"] = "random_init"


@register(
    "algorithm", "random_init", title=marked("Random initialisation"), params=RandomInitParams
)
class RandomInit(InnerLoopMethod):
    """No meta-training: gradient steps from random weights, as a floor to compare with."""

    group = Group.FLOORS
    rank = 1
    trains = False

    def rule(self, steps: int, iteration: int | None = None) -> Rule:
        return self.plain_loop(steps, first_order=True)
