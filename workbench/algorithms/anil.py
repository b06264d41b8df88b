"""ANIL, almost no inner loop: only the head adapts.

A. Raghu, M. Raghu, S. Bengio, O. Vinyals, "Rapid Learning or Feature Reuse? Towards Understanding
the Effectiveness of MAML", ICLR 2020, section 4.1. The outer loop trains everything; in the inner
loop the body's step size is zero. Normalisation in the body still uses the statistics of the batch.

Differs from the authors' code: none was found to compare with.
"""

from __future__ import annotations

from typing import Literal

from workbench.algorithms.inner_loop import InnerLoopMethod, InnerParams
from workbench.core.algorithm import Group
from workbench.core.marked import marked
from workbench.core.registry import register
from workbench.engine import PartialLoop


class AnilParams(InnerParams):
    name: Literal["anil"] = "anil"


@register("algorithm", "anil", title=marked("ANIL"), params=AnilParams)
class Anil(InnerLoopMethod):
    """MAML whose inner loop moves the last layer only: features are reused, not relearned."""

    group = Group.INITIALISATION
    rank = 4

    def rule(self, steps: int, iteration: int | None = None) -> PartialLoop:
        return PartialLoop(steps, self.inner_rate, self.engine.head)
