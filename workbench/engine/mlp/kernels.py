"""A small perceptron's inner loop and its derivative, one task after the other without Python.

Layer l: ``z = h W^T + b``, ``h' = act(z)``; n items. With g the loss's derivative in h' and
``d = g act'``:

    dW = d^T h,  db = sum d,  g of the layer before = d W

and along a direction (V, v), a dot marking the derivative (Pearlmutter 1994):

    zdot = h V^T + v + hdot W^T,  hdot' = act' zdot,  ddot = gdot act' + g act''zdot
    HV = d^T hdot + ddot^T h,  Hv = sum ddot,  gdot of the layer before = ddot W + d V

act' and act'' follow from h': ReLU 1 or 0, and 0; tanh 1 - h'^2, and -2 h' act'.

Parameters are one vector, layer after layer ``W^T [in, out]`` and ``b [out]``: then every inner
loop runs along the outputs. ``plan [layers, 6]`` holds per layer the inputs, the outputs, the
activation, whether there is a bias, and where its parameters and its maps start (per item).
Maps of all layers share one vector ``h``, the input first; likewise ``g`` and ``d``.
"""

from __future__ import annotations

import numpy as np

from workbench.engine.compiled import Array, kernel

NONE, RELU, TANH = 0, 1, 2
INPUTS, OUTPUTS, ACT, BIAS, WEIGHTS, MAPS = range(6)


@kernel
def add_product(w: Array, h: Array, z: Array) -> None:
    """``z += h W^T``: w ``[in, out]``, h ``[n, in]``, z ``[n, out]``."""
    n, ins = h.shape
    outs = w.shape[1]
    whole = ins // 4
    for i in range(n):
        for quarter in range(whole):
            k = 4 * quarter
            a0, a1, a2, a3 = h[i, k], h[i, k + 1], h[i, k + 2], h[i, k + 3]
            for c in range(outs):
                z[i, c] += a0 * w[k, c] + a1 * w[k + 1, c] + a2 * w[k + 2, c] + a3 * w[k + 3, c]
        for k in range(4 * whole, ins):
            a0 = h[i, k]
            for c in range(outs):
                z[i, c] += a0 * w[k, c]


@kernel
def add_outer(d: Array, h: Array, w: Array) -> None:
    """``W^T += h^T d``: d ``[n, out]``, h ``[n, in]``, w ``[in, out]``."""
    n, ins = h.shape
    outs = d.shape[1]
    whole = n // 4
    for k in range(ins):
        for quarter in range(whole):
            i = 4 * quarter
            a0, a1, a2, a3 = h[i, k], h[i + 1, k], h[i + 2, k], h[i + 3, k]
            for c in range(outs):
                w[k, c] += a0 * d[i, c] + a1 * d[i + 1, c] + a2 * d[i + 2, c] + a3 * d[i + 3, c]
        for i in range(4 * whole, n):
            a0 = h[i, k]
            for c in range(outs):
                w[k, c] += a0 * d[i, c]


@kernel
def add_back(w: Array, d: Array, g: Array) -> None:
    """``g += d W``: w ``[in, out]``, d ``[n, out]``, g ``[n, in]``."""
    n, outs = d.shape
    for i in range(n):
        for k in range(w.shape[0]):
            s = g[i, k]
            for c in range(outs):
                s += d[i, c] * w[k, c]
            g[i, k] = s


@kernel
def add_bias(b: Array, z: Array) -> None:
    for i in range(z.shape[0]):
        for c in range(b.shape[0]):
            z[i, c] += b[c]


@kernel
def add_rows(d: Array, b: Array) -> None:
    for i in range(d.shape[0]):
        for c in range(b.shape[0]):
            b[c] += d[i, c]


@kernel
def clear(values: Array) -> None:
    for e in range(values.shape[0]):
        values[e] = values.dtype.type(0)


@kernel
def view(plan: Array, layer: int, p: Array) -> tuple[Array, Array]:
    """``W^T [in, out]`` and ``b [out]`` of a layer."""
    ins, outs, at = plan[layer, INPUTS], plan[layer, OUTPUTS], plan[layer, WEIGHTS]
    middle = at + ins * outs
    return p[at:middle].reshape(ins, outs), p[middle : middle + outs]


@kernel
def maps(plan: Array, layer: int, n: int, h: Array) -> tuple[Array, Array]:
    """A layer's input ``[n, in]`` and output, flat."""
    ins, outs, start = plan[layer, INPUTS], plan[layer, OUTPUTS], n * plan[layer, MAPS]
    to = start + n * ins
    return h[start:to], h[to : to + n * outs]


@kernel
def forward(plan: Array, p: Array, n: int, h: Array) -> None:
    """Fill ``h`` from the input that stands at its front."""
    zero = p.dtype.type(0)
    for layer in range(plan.shape[0]):
        w, b = view(plan, layer, p)
        before, after = maps(plan, layer, n, h)
        clear(after)
        z = after.reshape(n, -1)
        add_product(w, before.reshape(n, -1), z)
        add_bias(b, z)
        if plan[layer, ACT] == RELU:
            for e in range(after.shape[0]):
                v = after[e]
                after[e] = zero if v <= zero else v
        elif plan[layer, ACT] == TANH:
            for e in range(after.shape[0]):
                after[e] = np.tanh(after[e])


@kernel
def slope(act: int, h: Array, g: Array, d: Array) -> None:
    """``d = g act'``."""
    zero, one = h.dtype.type(0), h.dtype.type(1)
    if act == RELU:
        for e in range(h.shape[0]):
            v = g[e]
            d[e] = v if h[e] > zero else zero
    elif act == TANH:
        for e in range(h.shape[0]):
            d[e] = g[e] * (one - h[e] * h[e])
    else:
        for e in range(h.shape[0]):
            d[e] = g[e]


@kernel
def backward(plan: Array, p: Array, n: int, h: Array, g: Array, d: Array, grad: Array) -> None:
    """``grad`` from ``h``, and from the loss's derivative at the end of ``g``."""
    clear(grad)
    for layer in range(plan.shape[0] - 1, -1, -1):
        w, _ = view(plan, layer, p)
        dw, db = view(plan, layer, grad)
        before, after = maps(plan, layer, n, h)
        into, out = maps(plan, layer, n, g)
        _, delta = maps(plan, layer, n, d)
        slope(plan[layer, ACT], after, out, delta)
        rows = delta.reshape(n, -1)
        add_outer(rows, before.reshape(n, -1), dw)
        if plan[layer, BIAS]:
            add_rows(rows, db)
        if layer > 0:
            clear(into)
            add_back(w, rows, into.reshape(n, -1))


@kernel
def product_forward(plan: Array, p: Array, v: Array, n: int, h: Array, hdot: Array) -> None:
    """Fill ``hdot``: how every map moves when the parameters move along ``v``."""
    for layer in range(plan.shape[0]):
        w, _ = view(plan, layer, p)
        vw, vb = view(plan, layer, v)
        before, after = maps(plan, layer, n, h)
        into, out = maps(plan, layer, n, hdot)
        clear(out)
        z = out.reshape(n, -1)
        add_product(vw, before.reshape(n, -1), z)
        add_bias(vb, z)
        if layer > 0:
            add_product(w, into.reshape(n, -1), z)
        slope(plan[layer, ACT], after, out, out)


@kernel
def product_backward(
    plan: Array, p: Array, v: Array, n: int, h: Array, g: Array, d: Array, hdot: Array,
    gdot: Array, ddot: Array, product: Array,
) -> None:  # fmt: skip
    """``product = H v``, with the derivative of the loss's derivative at the end of ``gdot``."""
    two = p.dtype.type(2)
    clear(product)
    for layer in range(plan.shape[0] - 1, -1, -1):
        w, _ = view(plan, layer, p)
        vw, _ = view(plan, layer, v)
        dw, db = view(plan, layer, product)
        before, after = maps(plan, layer, n, h)
        moving, moved = maps(plan, layer, n, hdot)
        into, out = maps(plan, layer, n, gdot)
        _, past = maps(plan, layer, n, g)
        _, old = maps(plan, layer, n, d)
        _, new = maps(plan, layer, n, ddot)
        slope(plan[layer, ACT], after, out, new)
        if plan[layer, ACT] == TANH:
            for e in range(new.shape[0]):
                new[e] -= two * past[e] * after[e] * moved[e]
        rows, old_rows = new.reshape(n, -1), old.reshape(n, -1)
        add_outer(rows, before.reshape(n, -1), dw)
        if plan[layer, BIAS]:
            add_rows(rows, db)
        if layer > 0:
            add_outer(old_rows, moving.reshape(n, -1), dw)
            clear(into)
            add_back(w, rows, into.reshape(n, -1))
            add_back(vw, old_rows, into.reshape(n, -1))


@kernel
def loss_gradient(
    classes: bool, h: Array, to: int, n: int, outs: int, y: Array, g: Array
) -> tuple[float, float]:
    """Loss and metric of the outputs at the end of ``h``; ``g`` receives the derivative.

    ``y [n]`` class numbers with mean cross-entropy and accuracy, or ``y [n * outs]`` values with
    the mean squared error for both.
    """
    total, hits = 0.0, 0.0
    if not classes:
        for e in range(n * outs):
            difference = h[to + e] - y[e]
            total += difference * difference
            g[to + e] = 2 * difference / (n * outs)
        return total / (n * outs), total / (n * outs)
    for i in range(n):
        row, target = to + i * outs, int(y[i])
        best = 0
        for c in range(outs):
            if h[row + c] > h[row + best] or h[row + c] != h[row + c]:
                best = c
        top, mass = h[row + best], 0.0
        for c in range(outs):
            mass += np.exp(h[row + c] - top)
        for c in range(outs):
            share = np.exp(h[row + c] - top) / mass
            g[row + c] = (share - (1.0 if c == target else 0.0)) / n
        total -= h[row + target] - top - np.log(mass)
        hits += 1.0 if best == target else 0.0
    return total / n, hits / n


@kernel
def loss_curvature(
    classes: bool, h: Array, hdot: Array, to: int, n: int, outs: int, gdot: Array
) -> None:
    """The derivative of `loss_gradient`'s ``g`` when the outputs move along ``hdot``."""
    if not classes:
        for e in range(to, to + n * outs):
            gdot[e] = 2 * hdot[e] / (n * outs)
        return
    for row in range(to, to + n * outs, outs):
        top, mass, mean = h[row], 0.0, 0.0
        for c in range(outs):
            top = max(top, h[row + c])
        for c in range(outs):
            share = np.exp(h[row + c] - top)
            mass += share
            mean += share * hdot[row + c]
        for c in range(outs):
            share = np.exp(h[row + c] - top) / mass
            gdot[row + c] = share * (hdot[row + c] - mean / mass) / n
