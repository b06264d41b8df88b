"""BOIL, body only update in the inner loop: the head keeps its meta-parameters.

J. Oh, H. Yoo, C. Kim, S.-Y. Yun, "BOIL: Towards Representation Change for Few-shot Learning",
ICLR 2021, section 3.1: the head's inner step size is zero; the outer loop trains it nevertheless.

Differs from the authors' code: in nothing that is known. Their networks halve maps by max-pooling.
"""

from __future__ import annotations

from typing import Literal

from workbench.algorithms.inner_loop import InnerLoopMethod, NormParams
from workbench.core.algorithm import Group
from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.registry import register
from workbench.engine import PartialLoop


class BoilParams(NormParams):
    name: Literal["boil"] = "boil"


@register("algorithm", "boil", title=marked("BOIL"), params=BoilParams)
class Boil(InnerLoopMethod):
    """MAML whose inner loop moves everything but the last layer: features change, not the head."""

    group = Group.INITIALISATION
    rank = 5

    def rule(self, steps: int, iteration: int | None = None) -> PartialLoop:
        kept = self.engine.head
        if not self.params.adapt_norms:
            kept |= self.engine.norms
        return PartialLoop(steps, self.inner_rate, self._moving(kept))

    def _moving(self, kept: frozenset[str]) -> frozenset[str]:
        moving = self.engine.names - self.engine.held - kept
        if not moving:
            raise BadInput(
                "algorithm.name",
                marked("BOIL adapts the body, and this model has no weights there that may move"),
                marked("Choose ANIL, or a model that is not frozen"),
                Mend("algorithm.name", "anil"),
            )
        return moving
