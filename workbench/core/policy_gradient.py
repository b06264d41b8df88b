"""The objective of a policy: the loss of REINFORCE on trajectories, judged by their return.

R. J. Williams, "Simple statistical gradient-following algorithms for connectionist reinforcement
learning", 1992: the gradient of -log p(a|s) A is that of minus the expected return. On trajectories
of another policy the ratio p(a|s) / p_old(a|s) stands for the logarithm: it has the same gradient
where both are one policy, and what it promises holds in the neighbourhood.

J. Schulman et al., "Proximal Policy Optimization Algorithms", 2017, equation 7: clipped, the ratio
gains nothing by going farther than 1 ± clip.
"""

from __future__ import annotations

from torch import Tensor

from workbench.core.actions import Actions
from workbench.core.marked import marked
from workbench.core.metric import RETURN
from workbench.core.objective import Objective

ADVANTAGE, WEIGHT, ALIVE, REWARD = -4, -3, -2, -1
"""Columns of targets ``[..., n, width + 4]`` behind the action; see `PolicyGradient`."""
COLUMNS = 4


class PolicyGradient(Objective):
    """Items are the steps of trajectories: each one's states in order, one after the other.

    Targets are the action taken, its advantage, what the step counts, whether it was taken at all
    (1, and 0 behind the end of an episode, where all is 0) and the reward. Weights are 0 for steps
    that are not learned from; the mean over all steps is 1.
    """

    judged_by = RETURN
    loss_title = marked("policy loss")

    def __init__(self, actions: Actions, horizon: int) -> None:
        self.actions, self.horizon = actions, horizon

    def item_losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        likelihood = self.actions.log_likelihood(outputs, self.taken(targets))
        return -likelihood * targets[..., ADVANTAGE] * targets[..., WEIGHT]

    def metric(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The mean return of the trajectories, not discounted."""
        return self.horizon * targets[..., REWARD].mean(-1)

    def taken(self, targets: Tensor) -> Tensor:
        """The actions, ``[..., n, width]``."""
        return targets[..., : self.actions.width]

    def surrogate(self, outputs: Tensor, targets: Tensor, old: Tensor, clip: float = 0) -> Tensor:
        """The loss of a new policy on trajectories of the ``old`` one, ``[...]``; 0: unclipped."""
        actions, gain = self.taken(targets), targets[..., ADVANTAGE]
        then = self.actions.log_likelihood(old, actions)
        ratio = (self.actions.log_likelihood(outputs, actions) - then).exp()
        told = ratio * gain
        if clip:
            told = told.minimum(ratio.clamp(1 - clip, 1 + clip) * gain)
        return -(told * targets[..., WEIGHT]).mean(-1)

    def divergence(self, outputs: Tensor, targets: Tensor, old: Tensor) -> Tensor:
        """The mean divergence of the policy from the old one over the steps, ``[...]``."""
        return (self.actions.divergence(old, outputs) * targets[..., WEIGHT]).mean(-1)

    def readable(self, outputs: Tensor) -> Tensor:
        return self.actions.readable(outputs)

    def head_outputs(self, outputs: int) -> int:
        return self.actions.count
