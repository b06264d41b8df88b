"""Batch normalisation by statistics from elsewhere, and those of a batch, to be kept.

The layers of a model are known by the order in which it calls them, whatever their names are.
"""

from __future__ import annotations

from abc import abstractmethod

from torch import Tensor
from torch.nn import functional as F

from workbench.engine.batch_norms import BatchNorms

Statistics = list[tuple[Tensor, Tensor]]
"""Mean and variance ``[c]`` of each normalisation's input, in the order of the calls."""


class _Norms(BatchNorms):
    """Within it, normalisation that asks for batch statistics goes by `statistics`."""

    @abstractmethod
    def statistics(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """What the next call of a normalisation, of ``x``, goes by."""

    def _norm(self, x: Tensor, weight: Tensor | None, bias: Tensor | None, eps: float) -> Tensor:
        mean, variance = self.statistics(x)
        return F.batch_norm(x, mean, variance, weight, bias, training=False, eps=eps)


class Noted(_Norms):
    """Within it, the statistics of every batch are noted; the variance is the unbiased one."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: Statistics = []

    def statistics(self, x: Tensor) -> tuple[Tensor, Tensor]:
        values = x.transpose(0, 1).flatten(1)
        mean = values.mean(1)
        variance = (values - mean[:, None]).square().mean(1)
        count = values.shape[1]
        self.seen.append((mean, variance * (count / max(1, count - 1))))
        return mean, variance


class Given(_Norms):
    """Within it, the statistics are those given: an item's output is its own affair."""

    def __init__(self, statistics: Statistics) -> None:
        super().__init__()
        self._left = iter(statistics)

    def statistics(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return next(self._left)
