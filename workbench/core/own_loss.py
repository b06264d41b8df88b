"""A loss of the user's own: the function ``loss(outputs, targets)`` of a Python file.

It stands in place of the task's own loss, inside and outside; the metric stays the task's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from workbench.core import guarded
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.objective import Objective
from workbench.core.seeds import generator
from workbench.core.user_code import UserCode

NAME = "loss"
TRIED_ITEMS = 6
_REMEDY = marked("Let loss(outputs, targets) return one number, computed by torch")


@dataclass(frozen=True)
class Function:
    """The function of a file; two of one content are the same."""

    code: UserCode
    call: Callable[[Tensor, Tensor], Tensor] = field(compare=False)

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """A scalar; raises `BadInput` that names the file for anything else."""
        try:
            found = self.call(outputs, targets)
        except Exception as error:
            raise guarded.failure(error, self.code) from error
        if not isinstance(found, Tensor):
            raise self.refused(marked("returns {0}").format(type(found).__name__))
        if found.shape:
            shape = tuple(found.shape)
            raise self.refused(marked("returns a tensor of the shape {0}").format(shape))
        return found

    def refused(self, what: str) -> BadInput:
        problem = marked("{0} of {1} {2}").format(NAME, self.code.path, what)
        return BadInput(self.code.where, problem, _REMEDY)


class OwnLoss(Objective):
    """The loss of a user's function; all else is that of the objective whose place it takes.

    The function meets one task at a time: outputs ``[n, outputs]`` and targets, classes ``[n]`` or
    values ``[n, d]``.
    """

    loss_title = marked("your loss")

    def __init__(self, function: Function, usual: Objective) -> None:
        self._function, self._usual = function, usual
        self.judged_by, self.labels = usual.judged_by, usual.labels

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        if outputs.dim() > 2:
            pairs = zip(outputs, targets, strict=True)
            return torch.stack([self.loss(*pair) for pair in pairs])
        return self._function(outputs, targets)

    def item_losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Raises `BadInput`: a number for the whole set says nothing of its items."""
        raise BadInput(
            self._function.code.where,
            marked("a loss of your own has no part for each item"),
            marked("Choose a learner that was trained with the loss of its task"),
        )

    def metric(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return self._usual.metric(outputs, targets)

    def readable(self, outputs: Tensor) -> Tensor:
        return self._usual.readable(outputs)

    def chance(self, outputs: int) -> float | None:
        return self._usual.chance(outputs)


def own_loss(code: UserCode, usual: Objective, outputs: int) -> OwnLoss:
    """The loss of a trusted file, tried on drawn outputs of a task.

    Raises `BadInput` where the file fails, has no such function, or the function is no loss.
    """
    return guarded.run(lambda: _made(code, usual, outputs), code)


def _made(code: UserCode, usual: Objective, outputs: int) -> OwnLoss:
    call = getattr(guarded.executed(code), NAME, None)
    if not callable(call):
        raise BadInput(
            code.where,
            marked("{0} defines no function {1}").format(code.path, NAME),
            marked("Define {0}(outputs, targets) in it").format(NAME),
        )
    function = Function(code, call)
    _try(function, usual.labels, outputs)
    return OwnLoss(function, usual)


def _try(function: Function, labels: bool, outputs: int) -> None:
    """Ask for one loss and its gradient, so that a misfit shows before a run."""
    draws = generator(0, "own loss")
    given = torch.randn(TRIED_ITEMS, outputs, generator=draws, requires_grad=True)
    classes = torch.arange(TRIED_ITEMS) % outputs
    targets = classes if labels else torch.randn(TRIED_ITEMS, outputs, generator=draws)
    found = function(given, targets)
    if not bool(torch.isfinite(found)):
        raise function.refused(
            marked("returns {0} for ordinary outputs").format(float(found.detach()))
        )
    slope = _slope(function, found, given)
    if slope is None:
        raise function.refused(marked("has no gradient in its outputs"))
    if not bool(torch.isfinite(slope).all()):
        raise function.refused(marked("has a gradient that is not finite"))


def _slope(function: Function, found: Tensor, given: Tensor) -> Tensor | None:
    if not found.requires_grad:
        return None
    try:
        (slope,) = torch.autograd.grad(found, given, allow_unused=True)
    except RuntimeError as error:
        raise guarded.failure(error, function.code) from error
    return slope
