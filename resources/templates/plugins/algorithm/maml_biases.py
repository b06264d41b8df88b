"""An algorithm: MAML whose inner loop moves the biases alone."""

from typing import Literal

from workbench.algorithms.inner_loop import InnerLoopMethod, InnerParams
from workbench.core.algorithm import Group
from workbench.core.registry import register
from workbench.engine import PartialLoop


class BiasesParams(InnerParams):
    name: Literal["biases"] = "biases"


@register("algorithm", "biases", title="Biases only", params=BiasesParams)
class Biases(InnerLoopMethod):
    """MAML whose inner loop moves the biases alone; the outer loop trains everything."""

    group = Group.INITIALISATION

    def rule(self, steps: int, iteration: int | None = None) -> PartialLoop:
        moved = frozenset(name for name in self.engine.names if name.endswith("bias"))
        return PartialLoop(steps, self.inner_rate, moved)
