"""R2-D2: a head by ridge regression, in closed form, and the outer gradient through its solution.

L. Bertinetto, J. Henriques, P. Torr, A. Vedaldi, "Meta-learning with Differentiable Closed-form
Solvers", ICLR 2019. With X the features of the support set and Y its one-hot labels,

    W = X' (X X' + lambda I)^-1 Y,   logits = alpha (x W) + beta,

which by the Woodbury identity is the ridge regression (X'X + lambda I)^-1 X'Y, at the price of a
system as large as the support set and not as the features. lambda, alpha and beta are learned with
the embedding. As in the authors' code a feature that is always 1 gives the classes a bias.

Differs from the authors' code: theirs divides X and Y by the root of the number of items n, so that
its lambda is n times smaller than here; it starts from lambda 50, and learns it only when asked to.
Here the logarithm of lambda is learned, so that lambda stays positive. beta shifts all logits
alike: neither loss nor accuracy depends on it.

On curves the values themselves are regressed, without alpha and beta.
"""

from __future__ import annotations

import math
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from workbench.algorithms.metric import Learned, MetricMethod, MetricParams
from workbench.core.algorithm import Weights
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register

LOG_RIDGE, SCALE, BIAS = "ridge/log_lambda", "ridge/alpha", "ridge/beta"


class R2d2Params(MetricParams):
    name: Literal["r2d2"] = "r2d2"
    ridge: float = param(
        1.0,
        marked("How strongly the head's weights are held to zero, to begin with."),
        symbol="λ",
        gt=0,
        le=1e6,
        log_scale=True,
    )
    learn_ridge: bool = param(
        True, marked("Learn λ with the embedding; otherwise it stays as it begins.")
    )
    scale: float = param(
        10.0,
        marked("Factor of the logits, to begin with; it is learned."),
        symbol="α",
        gt=0,
        le=1e4,
        log_scale=True,
        more=marked(
            "Ridge regression of one-hot labels gives values near 0 and 1, "
            "too close together for cross-entropy. The authors begin at 10 "
            "on Omniglot."
        ),
    )


@register("algorithm", "r2d2", title="R2-D2", params=R2d2Params)
class R2d2(MetricMethod):
    """Learn features on which ridge regression, solved exactly, tells new classes apart."""

    rank = 3

    def initial(self) -> Weights:
        weights = super().initial()
        like = next(iter(weights.values()), torch.zeros(1))
        first = {LOG_RIDGE: math.log(self.params.ridge)} if self.params.learn_ridge else {}
        if self.engine.spec.labels:
            first |= {SCALE: self.params.scale, BIAS: 0.0}
        return {**weights, **{name: like.new_tensor(value) for name, value in first.items()}}

    def learned(self, weights: Weights, support: Tensor, y: Tensor) -> Learned:
        wanted = F.one_hot(y).to(support.dtype) if self.engine.spec.labels else y
        return (ridge_head(_with_one(support), wanted, self._ridge(weights, support)),)

    def judged(self, weights: Weights, learned: Learned, query: Tensor) -> Tensor:
        regressed = _with_one(query) @ learned[0]
        if not self.engine.spec.labels:
            return regressed
        return weights[SCALE] * regressed + weights[BIAS]

    def _ridge(self, weights: Weights, like: Tensor) -> Tensor:
        if LOG_RIDGE in weights:
            return weights[LOG_RIDGE].exp()
        return like.new_tensor(self.params.ridge)


def ridge_head(x: Tensor, y: Tensor, ridge: Tensor) -> Tensor:
    """``W [e, d]`` of least ``|x W - y|^2 + ridge |W|^2`` for ``x [n, e]`` and ``y [n, d]``.

    A system without a solution gives infinite or NaN weights, and not an error.
    """
    system = x @ x.T + ridge * torch.eye(len(x), dtype=x.dtype, device=x.device)
    solved: Tensor = torch.linalg.solve_ex(system, y).result
    return x.T @ solved


def _with_one(features: Tensor) -> Tensor:
    return F.pad(features, (0, 1), value=1.0)
