"""The differentiable inner loop over a whole batch of tasks, and what makes it fast.

`Engine` is the only face; no caller knows which strategy stands behind it.
"""

from workbench.core.algorithm import Forward
from workbench.engine.face import Engine
from workbench.engine.rule import InnerLoop, PartialLoop, Rule, TwoRates

__all__ = ["Engine", "Forward", "InnerLoop", "PartialLoop", "Rule", "TwoRates"]
