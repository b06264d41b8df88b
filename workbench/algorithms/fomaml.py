"""First-order MAML: the meta-gradient with the curvature left out.

C. Finn et al., ICML 2017, section 5.2 ("first order approx."): the gradient of the query loss at
the adapted weights is applied to the meta-parameters as it is.

Differs from the authors' code: in defaults alone, as `maml` does.
"""

from __future__ import annotations

from typing import Literal

from workbench.algorithms.inner_loop import InnerLoopMethod, NormParams
from workbench.core.algorithm import Group
from workbench.core.marked import marked
from workbench.core.registry import register
from workbench.engine import Rule


class FomamlParams(NormParams):
    name: Literal["fomaml"] = "fomaml"


@register("algorithm", "fomaml", title=marked("First-order MAML"), params=FomamlParams)
class Fomaml(InnerLoopMethod):
    """MAML without second derivatives: cheaper, and often nearly as good."""

    group = Group.INITIALISATION
    rank = 1

    def rule(self, steps: int, iteration: int | None = None) -> Rule:
        return self.plain_loop(steps, first_order=True)
