"""A network that predicts what is to be added to the first number of each input."""

from __future__ import annotations

from torch import Tensor, nn


class Correction(nn.Sequential):
    """``[n, d]`` to ``[n, 1]``: the first number of an input, corrected by a stack of layers.

    Without a Linear layer at its end it gives features, and adds nothing to them.
    """

    def forward(self, x: Tensor) -> Tensor:
        found = x
        for layer in self:
            found = layer(found)
        return corrected(x, found) if isinstance(self[-1], nn.Linear) else found


def corrected(x: Tensor, correction: Tensor) -> Tensor:
    """``[..., n, 1]`` of inputs ``[..., n, d]`` and what is added to their first number."""
    return x[..., :1] + correction
