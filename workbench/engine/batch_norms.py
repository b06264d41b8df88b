"""Batch normalisation whose batch statistics are of our own making, whatever the model calls."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import Any

from torch import Tensor
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode


class BatchNorms(TorchFunctionMode):
    """Within it, normalisation that asks for batch statistics goes to `_norm`."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        if func is F.batch_norm and (args[5] if len(args) > 5 else kwargs.get("training", False)):
            return self._norm_called(*args, **kwargs)
        return func(*args, **kwargs)

    def _norm_called(
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
        """The arguments of `torch.nn.functional.batch_norm`, by place or by name."""
        return self._norm(x, weight, bias, eps)

    @abstractmethod
    def _norm(self, x: Tensor, weight: Tensor | None, bias: Tensor | None, eps: float) -> Tensor:
        """What the layer returns for ``x [n, c, ...]``, of the same shape."""
