"""Batches whose items count more or less: what becomes of a result if one of them is left out.

A weight of zero takes an item out of batch normalisation's statistics; the derivative in the
weight, at one, is the first-order effect of leaving it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from torch import Tensor
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode


class ItemWeights(TorchFunctionMode):
    """Within it, batch normalisation takes its statistics with a weight for each item."""

    def __init__(self, items: Tensor) -> None:
        super().__init__()
        self._items = items

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        if func is F.batch_norm and (args[5] if len(args) > 5 else kwargs.get("training", False)):
            return self._norm(*args, **kwargs)
        return func(*args, **kwargs)

    def _norm(
        self,
        x: Tensor,
        running_mean: Tensor | None,
        running_var: Tensor | None,
        weight: Tensor | None = None,
        bias: Tensor | None = None,
        training: bool = True,
        momentum: float = 0.1,
        eps: float = 1e-5,
    ) -> Tensor:
        dims = [0, *range(2, x.dim())]
        share = (self._items / self._items.mean()).reshape(-1, *[1] * (x.dim() - 1))
        mean = (x * share).mean(dims, keepdim=True)
        variance = ((x - mean).square() * share).mean(dims, keepdim=True)
        y = (x - mean) * (variance + eps).rsqrt()
        shape = [1, -1, *[1] * (x.dim() - 2)]
        if weight is not None:
            y = y * weight.view(shape)
        return y if bias is None else y + bias.view(shape)
