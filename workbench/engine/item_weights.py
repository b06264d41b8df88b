"""Batches whose items count more or less: what becomes of a result if one of them is left out.

A weight of zero takes an item out of batch normalisation's statistics; the derivative in the
weight, at one, is the first-order effect of leaving it out.
"""

from __future__ import annotations

from torch import Tensor

from workbench.engine.batch_norms import BatchNorms


class ItemWeights(BatchNorms):
    """Within it, batch normalisation takes its statistics with a weight for each item."""

    def __init__(self, items: Tensor) -> None:
        super().__init__()
        self._items = items

    def _norm(self, x: Tensor, weight: Tensor | None, bias: Tensor | None, eps: float) -> Tensor:
        dims = [0, *range(2, x.dim())]
        share = (self._items / self._items.mean()).reshape(-1, *[1] * (x.dim() - 1))
        mean = (x * share).mean(dims, keepdim=True)
        variance = ((x - mean).square() * share).mean(dims, keepdim=True)
        y = (x - mean) * (variance + eps).rsqrt()
        shape = [1, -1, *[1] * (x.dim() - 2)]
        if weight is not None:
            y = y * weight.view(shape)
        return y if bias is None else y + bias.view(shape)
