"""Sizes of a task of ratings, and what is asked of whom."""

from __future__ import annotations

from typing import Literal

from workbench.core.marked import marked
from workbench.core.params import Params, param

State = Literal["new_users", "new_items", "new_both", "known_both"]


class RatedParams(Params):
    """What every family of ratings asks for."""

    shots: int = param(
        8, marked("Rated items of a user that the learner sees."), symbol="K", ge=1, le=1000
    )
    queries: int = param(
        10, marked("Other items of that user it is judged on."), symbol="Q", ge=1, le=1000
    )
    metric: Literal["mae", "ndcg"] = param(
        "mae",
        marked("Judge by the mean absolute error, or by the order of the first five (nDCG@5)."),
        more=marked("Trained is the squared error in either case."),
    )
    state: Literal["new_users", "new_items", "new_both", "known_both"] = param(
        "new_users",
        marked("What validation and test ask of: new users, new items, both, or neither."),
        more=marked(
            "The four states of MeLU. New items are those that cold_items keeps out; of users and "
            "items that are known, the very ratings were trained on."
        ),
    )
    cold_items: float = param(
        0.0,
        marked("Share of items that is kept out of meta-training."),
        ge=0,
        le=0.6,
        advanced=True,
    )
    factors: int = param(
        4,
        marked("Numbers of each item from what meta-training users gave it; 0 for none."),
        ge=0,
        le=64,
        advanced=True,
        more=marked("By alternating least squares. Items that nobody rated have zeros."),
    )
    features: int = param(
        64,
        marked("Numbers kept for what is known of item and user."),
        ge=0,
        le=4096,
        log_scale=False,
        advanced=True,
        more=marked("Where the tables tell more, what tells least is left out."),
    )
    val_share: float = param(
        0.1, marked("Share of users kept for validation."), ge=0.01, le=0.6, advanced=True
    )
    test_share: float = param(
        0.25, marked("Share of users kept for the test."), ge=0.01, le=0.6, advanced=True
    )
    split_seed: int = param(
        0,
        marked("Settles which users are for training, validation and test."),
        ge=0,
        advanced=True,
    )
