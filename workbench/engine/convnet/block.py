"""A convolutional block: outputs, gradient, and the derivative of both along a direction.

With x the input, W the weights, and per channel over the N positions of the batch:

    z = conv(x, W),  u = is (z - mean),  is = (var + eps)^-1/2,  a = gamma u + beta

Gradient, from delta (the loss's derivative in a, zero but at the winners of pooling and ReLU):

    dbeta = sum delta,  dgamma = sum delta u
    dz = gamma is (delta - D1 - u D2),  D1 = dbeta / N,  D2 = dgamma / N

The R-operator (B. Pearlmutter, "Fast Exact Multiplication by the Hessian", Neural Computation
1994) differentiates these lines along a direction of the weights; a dot marks the derivative:

    zdot = conv(xdot, W) + conv(x, Wdot)
    isdot = -is r,  r = is^2 mean(zdot (z - mean))
    udot = is (zdot - mean zdot) - u r
    adot = gammadot u + gamma udot + betadot
    D2dot = (sum deltadot u + delta udot) / N
    dzdot = (gammadot - gamma r) is (delta - D1 - u D2)
            + gamma is (deltadot - D1dot - udot D2 - u D2dot)

Winners do not move: pooling and ReLU are piecewise linear. The convolution's own bias has no
part in this: the normalisation subtracts it, and without one it plays the part of beta.
Collecting terms makes every line one pass of a kernel with coefficients per channel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from workbench.engine.compiled import Array
from workbench.engine.convnet import kernels
from workbench.engine.convnet.layers import Block


@dataclass
class Affine:
    """Weights of a block, or their derivative along a direction: ``[C, in, 3, 3]``, ``[C]``."""

    weight: Tensor
    scale: Array | None
    shift: Array


@dataclass
class Pass:
    """What one gradient leaves behind for the Hessian-vector product. Maps are [n, H, W, C]."""

    x: Tensor
    at: Affine
    z: Tensor
    mean: Array
    inverse: Array
    """``is``; 1 without normalisation."""
    gain: Array
    """``gamma is``."""
    top: Tensor
    pick: Tensor
    out: Tensor
    dz: Tensor | None = None
    masked: Tensor | None = None
    d1: Array | None = None
    d2: Array | None = None


@dataclass
class Tangent:
    """The forward derivative along a direction."""

    x: Tensor
    along: Affine
    z: Tensor
    mean: Array
    ratio: Array
    """``r``."""
    tilt: Array
    """``gammadot is - gamma is r``."""
    top: Tensor
    out: Tensor


def forward(block: Block, x: Tensor, at: Affine) -> Pass:
    """``x [n, H, W, in]`` to ``out [n, h, w, C]``."""
    z = _conv(block, x, at.weight)
    if at.scale is None:
        mean, inverse = np.zeros(z.shape[-1]), np.ones(z.shape[-1])
        gain, shift = inverse, at.shift
    else:
        mean, variance = kernels.moments(z.numpy())
        inverse = 1 / np.sqrt(variance + block.eps)
        gain = at.scale * inverse
        shift = at.shift - mean * gain
    n, h, w, channels = z.shape
    out, top, pick = z.new_empty(3, n, h // block.pool, w // block.pool, channels).unbind()
    dtype = z.numpy().dtype
    kernels.squash(
        z.numpy(), gain.astype(dtype), shift.astype(dtype), block.pool,
        out.numpy(), top.numpy(), pick.numpy(),
    )  # fmt: skip
    return Pass(x, at, z, mean, inverse, gain, top, pick, out)


def backward(block: Block, seen: Pass, delta: Tensor, *, keep: bool) -> tuple[Tensor, Affine]:
    """The loss's derivative in the input and in the weights; ``keep`` for a product to follow."""
    dtype = seen.z.numpy().dtype
    masked = torch.empty_like(delta)
    total, against = kernels.gather(
        delta.numpy(), seen.pick.numpy(), seen.top.numpy(), seen.mean.astype(dtype), masked.numpy()
    )
    count = seen.z[..., 0].numel()
    zeros = np.zeros_like(seen.mean)
    normed = seen.at.scale is not None
    dscale = seen.inverse * against
    d1, d2 = (total / count, dscale / count) if normed else (zeros, zeros)
    c2 = -seen.gain * seen.inverse * d2
    c1 = -seen.gain * d1 - c2 * seen.mean
    dz = torch.empty_like(seen.z) if keep else seen.z
    kernels.spread(
        masked.numpy(), seen.pick.numpy(), seen.z.numpy(), block.pool,
        seen.gain.astype(dtype), c1.astype(dtype), c2.astype(dtype), dz.numpy(),
    )  # fmt: skip
    if keep:
        seen.dz, seen.masked, seen.d1, seen.d2 = dz, masked, d1, d2
    dx, dweight = _conv_backward(block, dz, seen.x, seen.at.weight)
    return dx, Affine(dweight, dscale if normed else None, total)


def forward_dot(block: Block, seen: Pass, xdot: Tensor, along: Affine) -> Tangent:
    """The derivative of `forward` when the input moves along xdot and the weights along along."""
    zdot = _conv(block, xdot, seen.at.weight)
    zdot += _conv(block, seen.x, along.weight)
    dtype = zdot.numpy().dtype
    if along.scale is None:
        mean = ratio = tilt = np.zeros_like(seen.mean)
        e2 = along.shift
    else:
        mean, covariance = kernels.moments_dot(
            zdot.numpy(), seen.z.numpy(), seen.mean.astype(dtype)
        )
        ratio = seen.inverse**2 * covariance
        tilt = along.scale * seen.inverse - seen.gain * ratio
        e2 = along.shift - seen.gain * mean - tilt * seen.mean
    out, top = torch.empty_like(seen.out), torch.empty_like(seen.top)
    kernels.squash_dot(
        zdot.numpy(), seen.pick.numpy(), seen.top.numpy(), block.pool, seen.gain.astype(dtype),
        tilt.astype(dtype), e2.astype(dtype), out.numpy(), top.numpy(),
    )  # fmt: skip
    return Tangent(xdot, along, zdot, mean, ratio, tilt, top, out)


def backward_dot(
    block: Block, seen: Pass, moved: Tangent, deltadot: Tensor
) -> tuple[Tensor, Affine]:
    """The derivative of `backward`: what a Hessian-vector product adds up to in this block."""
    assert seen.dz is not None
    assert seen.masked is not None
    dtype = seen.z.numpy().dtype
    maskeddot = torch.empty_like(deltadot)
    total, first = kernels.gather(
        deltadot.numpy(), seen.pick.numpy(), seen.top.numpy(), seen.mean.astype(dtype),
        maskeddot.numpy(),
    )  # fmt: skip
    normed = seen.at.scale is not None
    coefficients = np.zeros((5, total.size))
    coefficients[0] = seen.gain
    dscale = None
    if normed:
        dscale = _normed_dot(seen, moved, total, first, coefficients)
    dzdot = torch.empty_like(seen.z)
    kernels.spread_dot(
        maskeddot.numpy(), seen.masked.numpy(), seen.pick.numpy(), seen.z.numpy(),
        moved.z.numpy(), block.pool, coefficients.astype(dtype), dzdot.numpy(),
    )  # fmt: skip
    dx, dweight = _conv_backward(block, dzdot, seen.x, seen.at.weight)
    dx2, dweight2 = _conv_backward(block, seen.dz, moved.x, moved.along.weight)
    return dx.add_(dx2), Affine(dweight.add_(dweight2), dscale, total)


def _normed_dot(seen: Pass, moved: Tangent, total: Array, first: Array, f: Array) -> Array:
    """Fill in the coefficients of ``dzdot``; returns ``dgammadot``."""
    assert seen.masked is not None
    assert seen.d1 is not None
    assert seen.d2 is not None
    masked = seen.masked.numpy()
    count = seen.z[..., 0].numel()
    _, second = kernels.gather(
        masked, seen.pick.numpy(), moved.top.numpy(), moved.mean.astype(masked.dtype), masked
    )
    dscale: Array = seen.inverse * (first + second) - moved.ratio * seen.d2 * count
    d1dot, d2dot = total / count, dscale / count
    f[1] = moved.tilt
    f[3] = seen.inverse * (seen.gain * (seen.d2 * moved.ratio - d2dot) - moved.tilt * seen.d2)
    f[4] = -seen.gain * seen.d2 * seen.inverse
    f[2] = -moved.tilt * seen.d1 - seen.gain * d1dot - f[3] * seen.mean - f[4] * moved.mean
    return dscale


def _conv(block: Block, x: Tensor, weight: Tensor) -> Tensor:
    z = torch.conv2d(x.permute(0, 3, 1, 2), weight, None, block.stride, block.padding)
    return z.permute(0, 2, 3, 1).contiguous()


def _conv_backward(block: Block, dz: Tensor, x: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    dx, dweight, _ = torch.ops.aten.convolution_backward(
        dz.permute(0, 3, 1, 2), x.permute(0, 3, 1, 2), weight, None, [block.stride] * 2,
        [block.padding] * 2, [1, 1], False, [0, 0], 1, [True, True, False],
    )  # fmt: skip
    return dx.permute(0, 2, 3, 1).contiguous(), dweight
