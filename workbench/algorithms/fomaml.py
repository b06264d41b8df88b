"""First-order MAML: the meta-gradient with the curvature left out.

C. Finn et al., ICML 2017, section 5.2 ("first order approx."): the gradient of the query loss at
the adapted weights is applied to the meta-parameters as it is.
"""

from __future__ import annotations

from typing import Literal

from workbench.algorithms.maml import InnerParams, Maml
from workbench.core.registry import register


class FomamlParams(InnerParams):
    name: Literal["fomaml"] = "fomaml"


@register("algorithm", "fomaml", title="First-order MAML", params=FomamlParams)
class Fomaml(Maml):
    """MAML without second derivatives: cheaper, and often nearly as good."""

    first_order = True
