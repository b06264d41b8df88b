"""The first convolution with its normalisation, pooling and ReLU, without its full-size map.

The input does not change over the inner steps, and it has few channels: the map is cheaper to
compute again, patch by patch, than to store and read. ``images`` are ``[n, channels, H, W]`` with
the padding added. Window (y, x) holds the patches at ``stride * (k y + 0..k-1)``, likewise x.

Weights are packed in blocks of `BLOCK` output channels, ``[channels, C / BLOCK, 9 * BLOCK]``, and
sums over channels are ``[C / BLOCK, BLOCK]``: offsets are constants and visibly not negative, so
that the compiler keeps one block's sums in registers.
"""

from __future__ import annotations

import numpy as np

from workbench.engine.compiled import Array, kernel
from workbench.engine.convnet.kernels import CODES

BLOCK = 32
TAPS = 9


@kernel
def _three(images: Array, i: int, j: int, row: int, left: int) -> tuple[float, float, float]:
    return images[i, j, row, left], images[i, j, row, left + 1], images[i, j, row, left + 2]


@kernel
def fill(acc: Array, shift: Array) -> None:
    for b in range(acc.shape[0]):
        for c in range(BLOCK):
            acc[b, c] = shift[b, c]


@kernel
def products(images: Array, i: int, top: int, left: int, weights: Array, acc: Array) -> None:
    """Add ``weights^T patch`` to ``acc``."""
    blocks = acc.shape[0]
    for j in range(images.shape[1]):
        p0, p1, p2 = _three(images, i, j, top, left)
        p3, p4, p5 = _three(images, i, j, top + 1, left)
        p6, p7, p8 = _three(images, i, j, top + 2, left)
        for b in range(blocks):
            for c in range(BLOCK):
                acc[b, c] += (
                    weights[j, b, c] * p0
                    + weights[j, b, c + BLOCK] * p1
                    + weights[j, b, c + 2 * BLOCK] * p2
                    + weights[j, b, c + 3 * BLOCK] * p3
                    + weights[j, b, c + 4 * BLOCK] * p4
                    + weights[j, b, c + 5 * BLOCK] * p5
                    + weights[j, b, c + 6 * BLOCK] * p6
                    + weights[j, b, c + 7 * BLOCK] * p7
                    + weights[j, b, c + 8 * BLOCK] * p8
                )


@kernel
def add_outer(images: Array, i: int, top: int, left: int, g: Array, acc: Array) -> None:
    """Add ``patch g^T`` to ``acc``, packed as weights are."""
    blocks = g.shape[0]
    for j in range(images.shape[1]):
        p0, p1, p2 = _three(images, i, j, top, left)
        p3, p4, p5 = _three(images, i, j, top + 1, left)
        p6, p7, p8 = _three(images, i, j, top + 2, left)
        for b in range(blocks):
            for c in range(BLOCK):
                v = g[b, c]
                acc[j, b, c] += v * p0
                acc[j, b, c + BLOCK] += v * p1
                acc[j, b, c + 2 * BLOCK] += v * p2
                acc[j, b, c + 3 * BLOCK] += v * p3
                acc[j, b, c + 4 * BLOCK] += v * p4
                acc[j, b, c + 5 * BLOCK] += v * p5
                acc[j, b, c + 6 * BLOCK] += v * p6
                acc[j, b, c + 7 * BLOCK] += v * p7
                acc[j, b, c + 8 * BLOCK] += v * p8


@kernel
def first_squash(
    images: Array, stride: int, k: int, weights: Array, shift: Array, out: Array, pick: Array
) -> None:
    """``out = relu(max over the window of weights^T patch + shift)`` and who won, as in squash."""
    n, h, w, channels = out.shape
    code = CODES.astype(images.dtype)
    zero, stop = code[0], code[4]
    acc = np.empty_like(shift)
    sums = acc.reshape(-1)
    for i in range(n):
        for y in range(h):
            for x in range(w):
                o, p = out[i, y, x], pick[i, y, x]
                fill(acc, shift)
                products(images, i, stride * k * y, stride * k * x, weights, acc)
                for c in range(channels):
                    o[c] = sums[c]
                    p[c] = zero
                for at in range(1, k * k):
                    fill(acc, shift)
                    top, left = stride * (2 * y + at // 2), stride * (2 * x + at % 2)
                    products(images, i, top, left, weights, acc)
                    here = code[at]
                    for c in range(channels):
                        a, best, was = sums[c], o[c], p[c]
                        better = (a > best) | (a != a)
                        o[c] = a if better else best
                        p[c] = here if better else was
                for c in range(channels):
                    best, was = o[c], p[c]
                    stopped = best <= zero
                    o[c] = zero if stopped else best
                    p[c] = stop if stopped else was


@kernel
def first_dot(
    images: Array, stride: int, k: int, weights: Array, shift: Array, pick: Array, out: Array
) -> None:
    """``out = weights^T patch + shift`` at the winners, zero where ReLU stopped them."""
    n, h, w, channels = out.shape
    code = CODES.astype(images.dtype)
    zero = code[0]
    acc = np.empty_like(shift)
    sums = acc.reshape(-1)
    for i in range(n):
        for y in range(h):
            for x in range(w):
                o, p = out[i, y, x], pick[i, y, x]
                for c in range(channels):
                    o[c] = zero
                for at in range(k * k):
                    fill(acc, shift)
                    top, left = stride * (k * y + at // 2), stride * (k * x + at % 2)
                    products(images, i, top, left, weights, acc)
                    here = code[at]
                    for c in range(channels):
                        a, was = sums[c], o[c]
                        o[c] = a if p[c] == here else was


@kernel
def first_sums(
    images: Array, stride: int, k: int, delta: Array, pick: Array
) -> tuple[Array, Array]:
    """``sum patch delta^T`` over the winners, packed as weights are, and ``sum delta [C]``."""
    n, h, w, channels = delta.shape
    blocks = (channels + BLOCK - 1) // BLOCK
    code = CODES.astype(images.dtype)
    zero = code[0]
    total, plain = np.zeros((images.shape[1], blocks, TAPS * BLOCK)), np.zeros(channels)
    acc, s = np.empty(total.shape, images.dtype), np.empty(channels, images.dtype)
    g = np.zeros((blocks, BLOCK), images.dtype)
    stopped = g.reshape(-1)
    for i in range(n):
        acc[:] = zero
        s[:] = zero
        for y in range(h):
            for x in range(w):
                d, p = delta[i, y, x], pick[i, y, x]
                for at in range(k * k):
                    here = code[at]
                    for c in range(channels):
                        v = d[c]
                        v = v if p[c] == here else zero
                        stopped[c] = v
                        s[c] += v
                    top, left = stride * (k * y + at // 2), stride * (k * x + at % 2)
                    add_outer(images, i, top, left, g, acc)
        plain += s
        total += acc
    return total, plain


@kernel
def patch_sums(images: Array, stride: int, h: int, w: int) -> tuple[Array, Array]:
    """``sum patch [taps]`` and ``sum patch patch^T [taps, taps]`` over ``h x w`` patches an image.

    In float64: a filter that looks for small differences has a variance far below the sums'.
    """
    n, inputs = images.shape[0], images.shape[1]
    taps = 9 * inputs
    sums, pairs = np.zeros(taps), np.zeros((taps, taps))
    rows = np.empty((taps, w))
    for i in range(n):
        for y in range(h):
            for t in range(taps):
                row, r = images[i, t // 9, stride * y + t % 9 // 3], rows[t]
                for x in range(w):
                    r[x] = row[stride * x + t % 3]
            for a in range(taps):
                ra, total = rows[a], 0.0
                for x in range(w):
                    total += ra[x]
                sums[a] += total
                for b in range(a + 1):
                    rb, total = rows[b], 0.0
                    for x in range(w):
                        total += ra[x] * rb[x]
                    pairs[a, b] += total
    for a in range(taps):
        for b in range(a):
            pairs[b, a] = pairs[a, b]
    return sums, pairs
