"""Ratings on a scale: squared error for training, absolute error or ranking to judge by.

The gain of an item is 2^r - 1, r its rating above the lowest of the scale, discounted by the
logarithm of its place: C. Burges et al., "Learning to Rank using Gradient Descent", ICML 2005,
section 6. H. Lee et al., "MeLU", KDD 2019, judge by both, with the rating itself for r.
"""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.core.marked import marked
from workbench.core.metric import Metric, declare
from workbench.core.objective import Objective

MAE = declare(Metric("mae", marked("Mean absolute error"), False, short=marked("MAE")))
NDCG = declare(Metric("ndcg", marked("nDCG@5"), True, short=marked("nDCG@5")))
PLACES = 5
"""From the top of a ranking that count."""


class Stars(Objective):
    """Squared error of ratings ``[..., n, 1]``; a prediction beyond the scale counts as its end."""

    loss_title = marked("mean squared error")

    def __init__(self, judged_by: Metric, lowest: float, highest: float) -> None:
        self.judged_by, self.lowest, self.highest = judged_by, lowest, highest

    def item_losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return (outputs - targets).square().mean(-1)

    def metric(self, outputs: Tensor, targets: Tensor) -> Tensor:
        if self.judged_by == NDCG:
            return ndcg(outputs.squeeze(-1), targets.squeeze(-1), self.lowest)
        return self.absolute(outputs, targets)

    def absolute(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The mean absolute error of every task, ``[...]``."""
        return (self.readable(outputs) - targets).abs().mean((-2, -1))

    def readable(self, outputs: Tensor) -> Tensor:
        return outputs.clamp(self.lowest, self.highest)


def ndcg(scores: Tensor, ratings: Tensor, lowest: float) -> Tensor:
    """``[...]``: the gain of the first places in the order of ``scores [..., n]``, over the best.

    One where no order is better than another; NaN where a rating or a score is.
    """
    gains = torch.exp2(ratings - lowest) - 1
    told = gains.gather(-1, scores.argsort(dim=-1, descending=True, stable=True))
    best = gains.sort(dim=-1, descending=True).values
    reached, possible = _discounted(told), _discounted(best)
    found = torch.where(possible > 0, reached / possible, torch.ones_like(possible))
    unknown = (scores + ratings).isnan().any(-1)
    return torch.where(unknown, torch.nan, found)


def _discounted(gains: Tensor) -> Tensor:
    first = gains[..., :PLACES]
    places = torch.arange(2, 2 + first.shape[-1], dtype=gains.dtype, device=gains.device)
    return (first / places.log2()).sum(-1)
