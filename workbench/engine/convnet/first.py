"""The first block, folded: its statistics follow from the input's patches, once per episode.

The input is the same at every inner step and z = W p is linear in the patch p. With the
patches' mean ``m`` and scatter ``S = sum (p - m)(p - m)^T`` (N patches, padding included):

    mean z = W m,  var z = diag(W S W^T) / N,  U = W S = sum (z - mean) p^T

so a full-size map is neither stored nor read. With A = sum delta (p - m)^T over the winners and
h = diag(W A^T) / N the gradient of `block` becomes

    dgamma = is N h,  dW = gamma is A - gamma is^3 h U,  dbeta = sum delta

and along a direction, with ``isdot = -is^3 diag(Wdot U^T) / N``,

    adot = (gamma is Wdot + t W) (p - m) + betadot,  t = gammadot is + gamma isdot
    hdot = diag(Wdot A^T + W Adot^T) / N
    dWdot = t A + gamma is Adot - (gammadot is^3 + 3 gamma is^2 isdot) h U
            - gamma is^3 (hdot U + h Wdot S)

All of it in float64 on ``[C, 9 * channels]``: small, and safe where the variance is small.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from workbench.engine.compiled import Array
from workbench.engine.convnet import first_kernels as kernels
from workbench.engine.convnet.block import Affine
from workbench.engine.convnet.first_kernels import BLOCK, TAPS
from workbench.engine.convnet.layers import Block


@dataclass
class Patches:
    """The input of one episode: padded images ``[n, channels, H, W]`` and their statistics."""

    images: Array
    count: int
    """N, the patches of all images."""
    height: int
    width: int
    mean: Array
    scatter: Array


@dataclass
class FirstPass:
    patches: Patches
    at: Affine
    inverse: Array
    against: Array
    """``U [C, taps]``."""
    pick: Tensor
    out: Tensor
    sums: Array | None = None
    """``A``."""


@dataclass
class FirstTangent:
    along: Affine
    inverse: Array
    """``isdot``."""
    out: Tensor


def cut(block: Block, x: Tensor, *, normed: bool) -> Patches:
    """Statistics of every 3x3 patch of ``x [n, channels, H, W]``."""
    images = F.pad(x, [block.padding] * 4).contiguous().numpy()
    h, w = ((side - 3) // block.stride + 1 for side in images.shape[2:])
    count, taps = images.shape[0] * h * w, TAPS * images.shape[1]
    if not normed:
        return Patches(images, count, h, w, np.zeros(taps), np.zeros((taps, taps)))
    sums, pairs = kernels.patch_sums(images, block.stride, h, w)
    mean = sums / count
    return Patches(images, count, h, w, mean, pairs - count * np.outer(mean, mean))


def forward(block: Block, patches: Patches, at: Affine) -> FirstPass:
    weight = _rows(at.weight)
    inverse, shift = np.ones(len(weight)), at.shift
    against = weight @ patches.scatter
    if at.scale is not None:
        variance = (weight * against).sum(1) / patches.count
        inverse = 1 / np.sqrt(variance + block.eps)
        weight = (at.scale * inverse)[:, None] * weight
        shift = shift - weight @ patches.mean
    shape = (len(patches.images), patches.height // block.pool, patches.width // block.pool)
    out, pick = at.weight.new_empty(2, *shape, len(weight)).unbind()
    dtype = patches.images.dtype
    kernels.first_squash(
        patches.images, block.stride, block.pool, _packed(weight, dtype), _padded(shift, dtype),
        out.numpy(), pick.numpy(),
    )  # fmt: skip
    return FirstPass(patches, at, inverse, against, pick, out)


def backward(block: Block, seen: FirstPass, delta: Tensor) -> Affine:
    sums, total = _sums(block, seen, delta)
    if seen.at.scale is None:
        return Affine(_like(sums, seen.at.weight), None, total)
    seen.sums = sums
    h = (_rows(seen.at.weight) * sums).sum(1) / seen.patches.count
    gain = seen.at.scale * seen.inverse
    dweight = gain[:, None] * sums - (gain * seen.inverse**2 * h)[:, None] * seen.against
    dscale = seen.inverse * h * seen.patches.count
    return Affine(_like(dweight, seen.at.weight), dscale, total)


def forward_dot(block: Block, seen: FirstPass, along: Affine) -> FirstTangent:
    weight, shift = _rows(along.weight), along.shift
    inversedot = np.zeros_like(seen.inverse)
    if seen.at.scale is not None and along.scale is not None:
        inversedot = -(seen.inverse**3) * (weight * seen.against).sum(1) / seen.patches.count
        tilt = along.scale * seen.inverse + seen.at.scale * inversedot
        gain = seen.at.scale * seen.inverse
        weight = gain[:, None] * weight + tilt[:, None] * _rows(seen.at.weight)
        shift = shift - weight @ seen.patches.mean
    out = torch.empty_like(seen.out)
    dtype = seen.patches.images.dtype
    kernels.first_dot(
        seen.patches.images, block.stride, block.pool, _packed(weight, dtype),
        _padded(shift, dtype), seen.pick.numpy(), out.numpy(),
    )  # fmt: skip
    return FirstTangent(along, inversedot, out)


def backward_dot(block: Block, seen: FirstPass, moved: FirstTangent, deltadot: Tensor) -> Affine:
    sumsdot, total = _sums(block, seen, deltadot)
    scale, scaledot = seen.at.scale, moved.along.scale
    if scale is None or scaledot is None:
        return Affine(_like(sumsdot, seen.at.weight), None, total)
    assert seen.sums is not None
    count, inverse = seen.patches.count, seen.inverse
    weight, weightdot = _rows(seen.at.weight), _rows(moved.along.weight)
    h = (weight * seen.sums).sum(1) / count
    hdot = (weightdot * seen.sums + weight * sumsdot).sum(1) / count
    cubed = scale * inverse**3
    cubed_dot = scaledot * inverse**3 + 3 * scale * inverse**2 * moved.inverse
    dweight = (
        (scaledot * inverse + scale * moved.inverse)[:, None] * seen.sums
        + (scale * inverse)[:, None] * sumsdot
        - (cubed_dot * h + cubed * hdot)[:, None] * seen.against
        - (cubed * h)[:, None] * (weightdot @ seen.patches.scatter)
    )
    dscale = count * (moved.inverse * h + inverse * hdot)
    return Affine(_like(dweight, seen.at.weight), dscale, total)


def _sums(block: Block, seen: FirstPass, delta: Tensor) -> tuple[Array, Array]:
    """``sum delta (p - m)^T [C, taps]`` over the winners, and ``sum delta [C]``."""
    packed, total = kernels.first_sums(
        seen.patches.images, block.stride, block.pool, delta.numpy(), seen.pick.numpy()
    )
    inputs = seen.patches.images.shape[1]
    blocked = packed.reshape(inputs, -1, TAPS, BLOCK).transpose(1, 3, 0, 2)
    sums = blocked.reshape(-1, inputs * TAPS)[: len(total)]
    return sums - np.outer(total, seen.patches.mean), total


def _rows(weight: Tensor) -> Array:
    rows: Array = weight.flatten(1).double().numpy()
    return rows


def _like(rows: Array, weight: Tensor) -> Tensor:
    return torch.from_numpy(rows).view(weight.shape).to(weight.dtype)


def _packed(rows: Array, dtype: np.dtype[np.generic]) -> Array:
    """``[C, taps]`` in blocks of output channels, the last one filled up with zeros."""
    channels, taps = rows.shape
    blocks = -(-channels // BLOCK)
    full = np.zeros((blocks * BLOCK, taps), dtype)
    full[:channels] = rows
    shaped = full.reshape(blocks, BLOCK, taps // TAPS, TAPS).transpose(2, 0, 3, 1)
    return np.ascontiguousarray(shaped).reshape(taps // TAPS, blocks, TAPS * BLOCK)


def _padded(shift: Array, dtype: np.dtype[np.generic]) -> Array:
    full = np.zeros(-(-len(shift) // BLOCK) * BLOCK, dtype)
    full[: len(shift)] = shift
    return full.reshape(-1, BLOCK)
