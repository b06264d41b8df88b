"""The floor of every chart: the same inner loop from weights that were never meta-trained."""

from __future__ import annotations

from typing import Literal

from workbench.algorithms.inner_loop import InnerLoopMethod, InnerParams
from workbench.core.registry import register
from workbench.engine import InnerLoop


class RandomInitParams(InnerParams):
    name: Literal["random_init"] = "random_init"


@register("algorithm", "random_init", title="Random initialisation", params=RandomInitParams)
class RandomInit(InnerLoopMethod):
    """No meta-training: gradient steps from random weights, as a floor to compare with."""

    trains = False

    def rule(self, steps: int, iteration: int | None = None) -> InnerLoop:
        return InnerLoop(steps, self.inner_rate, first_order=True)
