"""Joint training of a policy: one policy for all tasks, then policy gradient on each.

The pre-trained baseline of C. Finn et al., ICML 2017, section 5.3: the same policy and the same
steps on a held-out task, but meta-training maximises what is earned before any of them.

Differs from the authors' code: there the pre-trained policy is tested with a step size of its
own; here by the same rule as the methods that it stands beside.
"""

from __future__ import annotations

from typing import Literal

from workbench.algorithms.inner_loop import InnerLoopMethod, NormParams
from workbench.core.algorithm import Group
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec
from workbench.engine import Rule


class JointParams(NormParams):
    name: Literal["joint"] = "joint"
    inner_steps: int = param(
        0, marked("Always 0: what is trained is the policy before any step."), ge=0, le=0
    )


@register("algorithm", "joint", title=marked("Joint training"), params=JointParams)
class Joint(InnerLoopMethod):
    """One policy trained on all tasks at once, then adapted to each by policy gradient."""

    group = Group.FLOORS
    rank = 0

    @classmethod
    def unfit(cls, spec: ProblemSpec) -> str:
        if spec.collected:
            return ""
        return marked("joint trains policies; where items are there beforehand it is transfer")

    def rule(self, steps: int, iteration: int | None = None) -> Rule:
        return self.plain_loop(steps, first_order=True)
