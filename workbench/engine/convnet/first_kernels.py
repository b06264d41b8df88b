"""The first convolution with its normalisation, pooling and ReLU, without its full-size map.

The input does not change over the inner steps, and it has few channels: the map is cheaper to
compute again, patch by patch, than to store and read. ``images`` are ``[n, channels, H, W]`` with
the padding added. Window (y, x) holds the patches at ``stride * (k y + 0..k-1)``, likewise x.

Weights are packed in blocks of `BLOCK` output channels, ``[channels, C / BLOCK, 9, BLOCK]`` and
flat: with every offset a constant the compiler keeps one block's sums in registers.
"""

from __future__ import annotations

import numpy as np

from workbench.engine.convnet.kernels import CODES, Array, kernel

BLOCK = 32
TAPS = 9


@kernel
def _three(images: Array, i: int, j: int, row: int, left: int) -> tuple[float, float, float]:
    return images[i, j, row, left], images[i, j, row, left + 1], images[i, j, row, left + 2]


@kernel
def products(images: Array, i: int, top: int, left: int, weights: Array, acc: Array) -> None:
    """Add ``weights^T patch`` to ``acc``, flat over the blocks."""
    blocks = acc.shape[0] // BLOCK
    for j in range(images.shape[1]):
        p0, p1, p2 = _three(images, i, j, top, left)
        p3, p4, p5 = _three(images, i, j, top + 1, left)
        p6, p7, p8 = _three(images, i, j, top + 2, left)
        for b in range(blocks):
            start = (j * blocks + b) * (TAPS * BLOCK)
            for c in range(BLOCK):
                w = start + c
                acc[b * BLOCK + c] += (
                    weights[w] * p0 + weights[w + BLOCK] * p1 + weights[w + 2 * BLOCK] * p2
                    + weights[w + 3 * BLOCK] * p3 + weights[w + 4 * BLOCK] * p4
                    + weights[w + 5 * BLOCK] * p5 + weights[w + 6 * BLOCK] * p6
                    + weights[w + 7 * BLOCK] * p7 + weights[w + 8 * BLOCK] * p8
                )  # fmt: skip


@kernel
def add_outer(images: Array, i: int, top: int, left: int, g: Array, acc: Array) -> None:
    """Add ``patch g^T`` to ``acc``, packed as weights are."""
    blocks = g.shape[0] // BLOCK
    for j in range(images.shape[1]):
        p0, p1, p2 = _three(images, i, j, top, left)
        p3, p4, p5 = _three(images, i, j, top + 1, left)
        p6, p7, p8 = _three(images, i, j, top + 2, left)
        for b in range(blocks):
            start = (j * blocks + b) * (TAPS * BLOCK)
            for c in range(BLOCK):
                a, v = start + c, g[b * BLOCK + c]
                acc[a] += v * p0
                acc[a + BLOCK] += v * p1
                acc[a + 2 * BLOCK] += v * p2
                acc[a + 3 * BLOCK] += v * p3
                acc[a + 4 * BLOCK] += v * p4
                acc[a + 5 * BLOCK] += v * p5
                acc[a + 6 * BLOCK] += v * p6
                acc[a + 7 * BLOCK] += v * p7
                acc[a + 8 * BLOCK] += v * p8


@kernel
def first_squash(
    images: Array, stride: int, k: int, weights: Array, shift: Array, out: Array, pick: Array
) -> None:
    """``out = relu(max over the window of weights^T patch + shift)`` and who won, as in squash."""
    n, h, w, channels = out.shape
    code = CODES.astype(images.dtype)
    zero, stop = code[0], code[4]
    acc = np.empty_like(shift)
    for i in range(n):
        for y in range(h):
            for x in range(w):
                o, p = out[i, y, x], pick[i, y, x]
                acc[:] = shift
                products(images, i, stride * k * y, stride * k * x, weights, acc)
                for c in range(channels):
                    o[c] = acc[c]
                    p[c] = zero
                for at in range(1, k * k):
                    acc[:] = shift
                    top, left = stride * (2 * y + at // 2), stride * (2 * x + at % 2)
                    products(images, i, top, left, weights, acc)
                    here = code[at]
                    for c in range(channels):
                        a, best, was = acc[c], o[c], p[c]
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
    for i in range(n):
        for y in range(h):
            for x in range(w):
                o, p = out[i, y, x], pick[i, y, x]
                for c in range(channels):
                    o[c] = zero
                for at in range(k * k):
                    acc[:] = shift
                    top, left = stride * (k * y + at // 2), stride * (k * x + at % 2)
                    products(images, i, top, left, weights, acc)
                    here = code[at]
                    for c in range(channels):
                        a, was = acc[c], o[c]
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
    total, plain = np.zeros(images.shape[1] * blocks * TAPS * BLOCK), np.zeros(channels)
    acc, s = np.empty(total.shape, images.dtype), np.empty(channels, images.dtype)
    g = np.zeros(blocks * BLOCK, images.dtype)
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
                        g[c] = v
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
