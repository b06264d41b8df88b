"""What a problem is judged by: the loss that is trained, the metric that is shown.

Every function takes one task or many stacked along leading dimensions. A new objective is a
subclass, with a metric of its own where none of those declared fits.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from torch import Tensor
from torch.nn import functional as F

from workbench.core.marked import marked
from workbench.core.metric import ACCURACY, MSE, Metric


class Objective(ABC):
    """Loss and metric of outputs ``[..., n, outputs]`` against targets, and how they are read."""

    judged_by: Metric
    labels: bool = False
    """Whether targets are classes ``[..., n]``, out of as many as there are outputs."""
    metric_is_loss: ClassVar[bool] = False
    """Whether `metric` is the very number that `loss` is."""

    located: ClassVar[bool] = False
    """Whether outputs tell of places in an input, for each of them apart."""

    loss_title: ClassVar[str] = marked("loss")
    """What `loss` is called, as at an axis."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @abstractmethod
    def item_losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The loss of every item, ``[..., n]``; differentiable twice in the outputs."""

    @abstractmethod
    def metric(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The metric of every task, ``[...]``."""

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The mean of `item_losses` over the items of each task, ``[...]``."""
        return self.item_losses(outputs, targets).mean(-1)

    def head_outputs(self, outputs: int) -> int:
        """How many of a model's outputs its last layer gives; all, but for some policies."""
        return outputs

    def readable(self, outputs: Tensor) -> Tensor:
        """Outputs as a person reads them, of the same shape: probabilities, predicted values."""
        return outputs

    def chance(self, outputs: int) -> float | None:
        """The metric of guessing; None where there is no such number."""
        return None


class Classification(Objective):
    """Cross-entropy of logits, judged by accuracy; targets are classes ``[..., n]``."""

    judged_by = ACCURACY
    labels = True
    loss_title = marked("cross-entropy")

    def item_losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        log_likelihood = F.log_softmax(outputs, dim=-1).gather(-1, targets.unsqueeze(-1))
        return -log_likelihood.squeeze(-1)

    def metric(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return (outputs.argmax(-1) == targets).to(outputs.dtype).mean(-1)

    def readable(self, outputs: Tensor) -> Tensor:
        return outputs.softmax(-1)

    def chance(self, outputs: int) -> float | None:
        return 1.0 / outputs


class AdjustedClassification(Classification):
    """Cross-entropy with smoothed labels, with classes that count alike, or with both.

    C. Szegedy et al., "Rethinking the Inception Architecture", CVPR 2016, section 7: a share of
    every label is spread evenly over all classes, its own among them. Balanced, an item counts less
    the more items its class has in the same set, so that the loss is the mean over classes.
    """

    def __init__(self, smoothing: float, balanced: bool) -> None:
        self.smoothing, self.balanced = smoothing, balanced

    def item_losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        spread = -F.log_softmax(outputs, dim=-1).mean(-1)
        own = super().item_losses(outputs, targets)
        losses = (1 - self.smoothing) * own + self.smoothing * spread
        return losses * _balance(targets, outputs) if self.balanced else losses


def _balance(targets: Tensor, outputs: Tensor) -> Tensor:
    """``[..., n]``: what every item counts, so that the classes that are there count alike."""
    counts = F.one_hot(targets, outputs.shape[-1]).sum(-2).to(outputs.dtype)
    present = (counts > 0).sum(-1, keepdim=True)
    return targets.shape[-1] / (present * counts.gather(-1, targets))


class SquaredError(Objective):
    """Squared error, the mean over the dimensions of a value; targets are ``[..., n, d]``."""

    judged_by = MSE
    metric_is_loss = True
    loss_title = marked("mean squared error")

    def item_losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return (outputs - targets).square().mean(-1)

    def metric(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return self.loss(outputs, targets)


CLASSIFICATION, REGRESSION = Classification(), SquaredError()
