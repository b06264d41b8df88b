"""Whole tasks of a small perceptron: what a worker thread runs in one call."""

from __future__ import annotations

import numpy as np

from workbench.engine.compiled import Array, kernel
from workbench.engine.mlp.kernels import (
    INPUTS,
    MAPS,
    OUTPUTS,
    backward,
    forward,
    loss_curvature,
    loss_gradient,
    product_backward,
    product_forward,
)


@kernel
def measured(
    plan: Array, classes: bool, p: Array, x: Array, y: Array, n: int, h: Array, g: Array
) -> tuple[float, float]:
    """Loss and metric at ``p``; fills the maps and the derivative at the end of ``g``."""
    h[: x.shape[0]] = x
    forward(plan, p, n, h)
    last = plan.shape[0] - 1
    outs = plan[last, OUTPUTS]
    to = n * (plan[last, MAPS] + plan[last, INPUTS])
    return loss_gradient(classes, h, to, n, outs, y, g)


@kernel
def hessian_product(
    plan: Array, classes: bool, p: Array, v: Array, n: int, h: Array, g: Array, d: Array,
    scratch: Array, product: Array,
) -> None:  # fmt: skip
    """``product = H v`` at ``p``, where `measured` and `backward` left h, g and d."""
    last = plan.shape[0] - 1
    outs = plan[last, OUTPUTS]
    to = n * (plan[last, MAPS] + plan[last, INPUTS])
    hdot, gdot, ddot = scratch[0], scratch[1], scratch[2]
    product_forward(plan, p, v, n, h, hdot)
    loss_curvature(classes, h, hdot, to, n, outs, gdot)
    product_backward(plan, p, v, n, h, g, d, hdot, gdot, ddot, product)


@kernel
def stepped(p: Array, rate: float, grad: Array, into: Array) -> None:
    size = p.dtype.type(rate)
    for e in range(p.shape[0]):
        into[e] = p[e] - size * grad[e]


@kernel
def learn_task(
    plan: Array, classes: bool, start: Array, xs: Array, ys: Array, n: int, xq: Array, yq: Array,
    m: int, steps: int, rate: float, first_order: bool, maps: Array, query: Array, path: Array,
    grad: Array, v: Array, seen: Array,
) -> None:  # fmt: skip
    """The outer gradient ``v`` of one task, backwards through its inner loop.

    ``v <- v - rate * H(phi_j) v``; ``maps [steps + 1, 3, ...]`` keeps h, g and d of every step,
    its last row is scratch.
    """
    now = 0
    path[0] = start
    for step in range(steps):
        h, g, d = maps[now, 0], maps[now, 1], maps[now, 2]
        loss, _ = measured(plan, classes, path[now], xs, ys, n, h, g)
        if step == 0:
            seen[0] = loss
        backward(plan, path[now], n, h, g, d, grad)
        later = 0 if first_order else now + 1
        stepped(path[now], rate, grad, path[later])
        now = later
    if steps == 0:
        seen[0], _ = measured(plan, classes, start, xs, ys, n, maps[0, 0], maps[0, 1])
    seen[1], seen[2] = measured(plan, classes, path[now], xq, yq, m, query[0], query[1])
    backward(plan, path[now], m, query[0], query[1], query[2], v)
    for at in range(now - 1, -1, -1):
        hessian_product(
            plan, classes, path[at], v, n, maps[at, 0], maps[at, 1], maps[at, 2], maps[-1], grad
        )
        stepped(v, rate, grad, v)


@kernel
def learn(
    plan: Array, classes: bool, start: Array, xs: Array, ys: Array, xq: Array, yq: Array,
    steps: int, rate: float, first_order: bool, low: int, high: int, grads: Array, seen: Array,
) -> None:  # fmt: skip
    """Outer gradients of tasks low..high into ``grads [T, P]``, three numbers into ``seen``."""
    last = plan.shape[0] - 1
    wide = plan[last, MAPS] + plan[last, INPUTS] + plan[last, OUTPUTS]
    kept = 1 if first_order else max(steps, 1)
    n, m = ys.shape[1], yq.shape[1]
    if not classes:
        n, m = n // plan[last, OUTPUTS], m // plan[last, OUTPUTS]
    maps = np.empty((kept + 1, 3, n * wide), start.dtype)
    query = np.empty((3, m * wide), start.dtype)
    path = np.empty((kept + 1, start.size), start.dtype)
    grad = np.empty_like(start)
    for task in range(low, high):
        learn_task(
            plan, classes, start, xs[task], ys[task], n, xq[task], yq[task], m, steps, rate,
            first_order, maps, query, path, grad, grads[task], seen[task],
        )  # fmt: skip


@kernel
def score(
    plan: Array, classes: bool, start: Array, xs: Array, ys: Array, xq: Array, yq: Array,
    steps: int, rate: float, low: int, high: int, rows: Array,
) -> None:  # fmt: skip
    """``rows [T, 3, steps + 1]``: query metric, query loss, support loss after every step."""
    last = plan.shape[0] - 1
    wide = plan[last, MAPS] + plan[last, INPUTS] + plan[last, OUTPUTS]
    n, m = ys.shape[1], yq.shape[1]
    if not classes:
        n, m = n // plan[last, OUTPUTS], m // plan[last, OUTPUTS]
    maps, query = np.empty((3, n * wide), start.dtype), np.empty((2, m * wide), start.dtype)
    p, grad = np.empty_like(start), np.empty_like(start)
    for task in range(low, high):
        p[:] = start
        row = rows[task]
        for step in range(steps + 1):
            row[1, step], row[0, step] = measured(
                plan, classes, p, xq[task], yq[task], m, query[0], query[1]
            )
            row[2, step], _ = measured(plan, classes, p, xs[task], ys[task], n, maps[0], maps[1])
            if step < steps:
                backward(plan, p, n, maps[0], maps[1], maps[2], grad)
                stepped(p, rate, grad, p)
