"""Batch normalisation and max-pooling whose second derivative costs a few passes, not a hundred.

torch differentiates its own backward of both by general formulas: some hundred full-size
operations in two orders of memory for batch normalisation, a contiguous gather for max-pooling.
Both are written out here; `Derivatives` puts them under any module that calls torch's functions.

Batch normalisation of one channel of N values, xh = (x - mean) r, r = (var + eps)^-1/2, with
P(v) = v - mean(v) - xh mean(v xh), has the backward pass

    dx = w r P(g),   dw = sum(g xh),   db = sum(g).

For directions u, a, b in (dx, dw, db), and with the five sums of the code,

    S = <u, dx> + a dw + b db = w r q + a sum(g xh) + b sum(g),
    q = sum(u g) - sum(u) sum(g) / N - sum(u xh) sum(g xh) / N,

whose derivatives follow from dr = -r^2 xh / N dx and d xh = r P(dx):

    dS/dg = w r P(u) + a xh + b,   dS/dw = r q,
    dS/dx = a r P(g) - w r^2 / N (q xh + sum(g xh) P(u) + sum(u xh) P(g)).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from workbench.core.task import ProblemSpec

_aten = torch.ops.aten


class Derivatives(TorchFunctionMode):
    """Within it, this thread's modules run the operations below instead of torch's own.

    Running statistics are not updated: an inner loop leaves no trace in the model.
    """

    def __init__(self) -> None:
        super().__init__()
        self.called = False
        """Whether one of them has run."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        ours = _OURS.get(func)
        taken = ours(*args, **(kwargs or {})) if ours else None
        if taken is None:
            return func(*args, **(kwargs or {}))
        self.called = True
        return taken


def called_by(model: nn.Module, spec: ProblemSpec) -> bool:
    """Ask the model: does a forward pass in training mode run one of these operations?"""
    parameter = next(iter(model.parameters()), torch.zeros(0))
    x = spec.example(4, like=parameter)
    with torch.random.fork_rng(devices=[]), torch.no_grad(), Derivatives() as asked:
        copy.deepcopy(model).train()(x)
    return bool(asked.called)


def _batch_norm(
    x: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor | None:
    if not training or x.dim() != 4 or bias is None:
        return None
    if weight is None:  # torch then gives a shift no second derivative
        weight = torch.ones_like(bias)
    normalised: Tensor = _Norm.apply(x, weight, bias, eps)  # type: ignore[no-untyped-call]
    return normalised


def _max_pool2d(
    x: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Tensor | None:
    if return_indices or x.dim() != 4:
        return None
    window = [_pair(v) for v in (kernel_size, stride or kernel_size, padding, dilation)]
    pooled: Tensor = _Pool.apply(x, (*window, ceil_mode))  # type: ignore[no-untyped-call]
    return pooled


_OURS: dict[Callable[..., Any], Callable[..., Tensor | None]] = {
    F.batch_norm: _batch_norm,
    F.max_pool2d: _max_pool2d,
    torch.max_pool2d: _max_pool2d,
}


def _pair(value: Any) -> list[int]:
    return [value, value] if isinstance(value, int) else list(value)


class _Norm(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, eps: float) -> Any:
        mean, var = _statistics(x)
        y, _, _ = _aten.native_batch_norm(x, weight, bias, mean, var, False, 0.0, eps)
        ctx.save_for_backward(x, weight, mean, (var + eps).rsqrt_())
        ctx.eps = eps
        return y

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        return *_NormBack.apply(g, *ctx.saved_tensors, ctx.eps), None  # type: ignore[no-untyped-call]


def _statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and variance ``[c]`` of maps, in two passes of pairwise sums.

    torch's own, on maps with channels last, adds one number after the other in float32. Over a
    constant background its error is that of the whole background, ReLUs of the next layers flip,
    and the outer gradient of the first steps on glyphs was wrong by 5e-3 instead of 1e-6.
    """
    over = (0, 2, 3)
    mean = x.mean(over)
    return mean, (x - mean[:, None, None]).square_().mean(over)


class _NormBack(Function):
    @staticmethod
    def forward(
        ctx: Any, g: Tensor, x: Tensor, weight: Tensor, mean: Tensor, rate: Tensor, eps: float
    ) -> Any:
        ctx.save_for_backward(g, x, weight, mean, rate)
        return _aten.native_batch_norm_backward(
            g, x, weight, None, None, mean, rate, True, eps, [True, True, True]
        )

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, u: Tensor, a: Tensor, b: Tensor) -> Any:
        g, x, w, mean, r = ctx.saved_tensors
        rows_u, rows_g = _rows(u), _rows(g)
        xh = (_rows(x) - mean).mul_(r)
        n = len(xh)
        sum_u, sum_g = rows_u.sum(0), rows_g.sum(0)
        u_xh, g_xh = (rows_u * xh).sum(0), (rows_g * xh).sum(0)
        q = (rows_u * rows_g).sum(0) - (sum_u * sum_g + u_xh * g_xh) / n
        on_u = w * r
        for_g = torch.addcmul(b - on_u * sum_u / n, xh, a - on_u * u_xh / n).addcmul_(rows_u, on_u)
        scale = on_u * r / n
        on_u, on_g = -scale * g_xh, a * r - scale * u_xh
        on_xh = -scale * q - (on_u * u_xh + on_g * g_xh) / n
        for_x = xh.mul_(on_xh).sub_((on_u * sum_u + on_g * sum_g) / n)
        for_x.addcmul_(rows_u, on_u).addcmul_(rows_g, on_g)
        return _maps(for_g, x), _maps(for_x, x), r * q, None, None, None


class _Pool(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, window: tuple[Any, ...]) -> Any:
        pooled, winners = _aten.max_pool2d_with_indices(x, *window)
        ctx.save_for_backward(x, winners)
        ctx.window = window
        return pooled

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Any:
        return _PoolBack.apply(g, *ctx.saved_tensors, ctx.window), None  # type: ignore[no-untyped-call]


class _PoolBack(Function):
    @staticmethod
    def forward(ctx: Any, g: Tensor, x: Tensor, winners: Tensor, window: tuple[Any, ...]) -> Tensor:
        ctx.save_for_backward(winners)
        spread: Tensor = _aten.max_pool2d_with_indices_backward(g, x, *window, winners)
        return spread

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, u: Tensor) -> Any:
        (winners,) = ctx.saved_tensors
        at = winners.permute(0, 2, 3, 1).flatten(1, 2)
        seen = u.permute(0, 2, 3, 1).flatten(1, 2).gather(1, at)
        n, c, h, w = winners.shape
        return seen.view(n, h, w, c).permute(0, 3, 1, 2), None, None, None


def _rows(maps: Tensor) -> Tensor:
    """``[n, c, h, w] -> [n * h * w, c]``, without a copy where channels are innermost."""
    return maps.permute(0, 2, 3, 1).reshape(-1, maps.shape[1])


def _maps(rows: Tensor, like: Tensor) -> Tensor:
    n, c, h, w = like.shape
    return rows.view(n, h, w, c).permute(0, 3, 1, 2)
