"""Losses and metrics of a problem, for one task or for many stacked along leading dimensions."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from workbench.core.task import ProblemSpec


def loss(spec: ProblemSpec, outputs: Tensor, targets: Tensor) -> Tensor:
    """Mean cross-entropy or mean squared error over the items of each task.

    ``outputs [..., n, outputs]`` with ``targets [..., n]`` (classes) or ``[..., n, d]`` (values);
    returns ``[...]``, one loss a task.
    """
    return item_losses(spec, outputs, targets).mean(-1)


def item_losses(spec: ProblemSpec, outputs: Tensor, targets: Tensor) -> Tensor:
    """The loss of every item, ``[..., n]``; shapes as in `loss`, which is their mean."""
    if spec.kind == "regression":
        return (outputs - targets).square().mean(-1)
    log_likelihood = F.log_softmax(outputs, dim=-1).gather(-1, targets.unsqueeze(-1))
    return -log_likelihood.squeeze(-1)


def metric(spec: ProblemSpec, outputs: Tensor, targets: Tensor) -> Tensor:
    """Accuracy in [0, 1] or mean squared error of each task; shapes as in `loss`."""
    if spec.kind == "regression":
        return loss(spec, outputs, targets)
    return (outputs.argmax(-1) == targets).to(outputs.dtype).mean(-1)
