"""The element-wise part of a convolutional block, one pass over memory a kernel.

Maps are ``[n, H, W, C]`` (channels last); vectors over channels are ``[C]``. A block is
``z = conv(x)``, ``a = scale * z + shift``, then the largest of each ``k x k`` window (``k`` is 1
or 2; first one wins a tie, as in torch), then ReLU. Pooling before ReLU gives the same outputs
and the same gradients as ReLU before pooling, and touches a quarter of the memory.

``pick`` is the position of the winner in its window (0..3), or 4 where ReLU stopped it; every
derivative is then a gather or a scatter along ``pick``. `block` holds the derivation.

Sums over items are float64 totals of one partial sum an image, in a fixed order.
"""

from __future__ import annotations

import numpy as np

from workbench.engine.compiled import Array, kernel

CODES = np.arange(5)
"""Positions in a window, and 4 for stopped; kept in the maps' own dtype, which vectorises."""


@kernel
def moments(z: Array) -> tuple[Array, Array]:
    """Mean and biased variance of every channel, around the first item for precision."""
    n, h, w, channels = z.shape
    pivot = z[0, 0, 0].copy()
    total, squares = np.zeros(channels), np.zeros(channels)
    s, q = np.empty_like(pivot), np.empty_like(pivot)
    for i in range(n):
        s[:] = 0
        q[:] = 0
        for y in range(h):
            for x in range(w):
                row = z[i, y, x]
                for c in range(channels):
                    d = row[c] - pivot[c]
                    s[c] += d
                    q[c] += d * d
        for c in range(channels):
            total[c] += s[c]
            squares[c] += q[c]
    count = n * h * w
    mean = total / count
    return mean + pivot, squares / count - mean * mean


@kernel
def squash(
    z: Array, scale: Array, shift: Array, k: int, out: Array, top: Array, pick: Array
) -> None:
    """``out = relu(max(scale z + shift))``; ``top`` is the winner's ``z``."""
    n, h, w, channels = out.shape
    code = CODES.astype(z.dtype)
    zero, stop = code[0], code[4]
    for i in range(n):
        for y in range(h):
            for x in range(w):
                o, t, p = out[i, y, x], top[i, y, x], pick[i, y, x]
                row = z[i, k * y, k * x]
                for c in range(channels):
                    t[c] = row[c]
                    o[c] = scale[c] * row[c] + shift[c]
                    p[c] = zero
                for at in range(1, k * k):
                    row = z[i, 2 * y + at // 2, 2 * x + at % 2]
                    here = code[at]
                    for c in range(channels):
                        v, best, kept, was = row[c], o[c], t[c], p[c]
                        a = scale[c] * v + shift[c]
                        better = (a > best) | (a != a)
                        o[c] = a if better else best
                        t[c] = v if better else kept
                        p[c] = here if better else was
                for c in range(channels):
                    best, was = o[c], p[c]
                    stopped = best <= zero
                    o[c] = zero if stopped else best
                    p[c] = stop if stopped else was


@kernel
def gather(
    delta: Array, pick: Array, top: Array, mean: Array, masked: Array
) -> tuple[Array, Array]:
    """``masked = delta`` where ReLU let through; its sum and its sum against ``top - mean``."""
    n, h, w, channels = delta.shape
    total, against = np.zeros(channels), np.zeros(channels)
    s, q = np.empty_like(mean), np.empty_like(mean)
    code = CODES.astype(mean.dtype)
    zero, stop = code[0], code[4]
    for i in range(n):
        s[:] = 0
        q[:] = 0
        for y in range(h):
            for x in range(w):
                d, p, t, m = delta[i, y, x], pick[i, y, x], top[i, y, x], masked[i, y, x]
                for c in range(channels):
                    g = d[c]
                    g = g if p[c] < stop else zero
                    m[c] = g
                    s[c] += g
                    q[c] += g * (t[c] - mean[c])
        for c in range(channels):
            total[c] += s[c]
            against[c] += q[c]
    return total, against


@kernel
def spread(
    masked: Array, pick: Array, z: Array, k: int, c0: Array, c1: Array, c2: Array, out: Array
) -> None:
    """``out = c0 * masked at the winners + c1 + c2 * z``; ``out`` may be ``z`` itself."""
    n, h, w, channels = z.shape
    code = CODES.astype(z.dtype)
    zero = code[0]
    for i in range(n):
        for y in range(h):
            for x in range(w):
                row, o = z[i, y, x], out[i, y, x]
                for c in range(channels):
                    o[c] = c1[c] + c2[c] * row[c]
                if y // k < masked.shape[1] and x // k < masked.shape[2]:
                    at = code[k * (y % k) + x % k]
                    m, p = masked[i, y // k, x // k], pick[i, y // k, x // k]
                    for c in range(channels):
                        v = c0[c] * m[c]
                        o[c] += v if p[c] == at else zero


@kernel
def moments_dot(zdot: Array, z: Array, mean: Array) -> tuple[Array, Array]:
    """Mean of ``zdot``, and mean of ``zdot * (z - mean)``, of every channel."""
    n, h, w, channels = z.shape
    total, against = np.zeros(channels), np.zeros(channels)
    s, q = np.empty_like(mean), np.empty_like(mean)
    for i in range(n):
        s[:] = 0
        q[:] = 0
        for y in range(h):
            for x in range(w):
                row, dot = z[i, y, x], zdot[i, y, x]
                for c in range(channels):
                    s[c] += dot[c]
                    q[c] += dot[c] * (row[c] - mean[c])
        for c in range(channels):
            total[c] += s[c]
            against[c] += q[c]
    count = n * h * w
    return total / count, against / count


@kernel
def squash_dot(
    zdot: Array, pick: Array, top: Array, k: int, e0: Array, e1: Array, e2: Array,
    out: Array, topdot: Array,
) -> None:  # fmt: skip
    """``topdot = zdot`` and ``out = e0 zdot + e1 top + e2`` at the winners."""
    n, h, w, channels = out.shape
    code = CODES.astype(zdot.dtype)
    zero, stop = code[0], code[4]
    for i in range(n):
        for y in range(h):
            for x in range(w):
                o, s, t, p = out[i, y, x], topdot[i, y, x], top[i, y, x], pick[i, y, x]
                for c in range(channels):
                    s[c] = zero
                for at in range(k * k):
                    row = zdot[i, k * y + at // 2, k * x + at % 2]
                    here = code[at]
                    for c in range(channels):
                        v, was = row[c], s[c]
                        s[c] = v if p[c] == here else was
                for c in range(channels):
                    a = e0[c] * s[c] + e1[c] * t[c] + e2[c]
                    o[c] = a if p[c] < stop else zero


@kernel
def spread_dot(
    maskeddot: Array, masked: Array, pick: Array, z: Array, zdot: Array, k: int, f: Array,
    out: Array,
) -> None:  # fmt: skip
    """``f0 maskeddot + f1 masked`` at the winners ``+ f2 + f3 z + f4 zdot``; ``f`` is [5, C]."""
    n, h, w, channels = z.shape
    f0, f1, f2, f3, f4 = f[0], f[1], f[2], f[3], f[4]
    code = CODES.astype(z.dtype)
    zero = code[0]
    for i in range(n):
        for y in range(h):
            for x in range(w):
                row, dot, o = z[i, y, x], zdot[i, y, x], out[i, y, x]
                for c in range(channels):
                    o[c] = f2[c] + f3[c] * row[c] + f4[c] * dot[c]
                if y // k < masked.shape[1] and x // k < masked.shape[2]:
                    at = code[k * (y % k) + x % k]
                    m, p = masked[i, y // k, x // k], pick[i, y // k, x // k]
                    md = maskeddot[i, y // k, x // k]
                    for c in range(channels):
                        v = f0[c] * md[c] + f1[c] * m[c]
                        o[c] += v if p[c] == at else zero
