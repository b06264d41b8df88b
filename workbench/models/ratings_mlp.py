"""Embeddings of what is known of item and user, and decision layers that correct the item's mean.

H. Lee et al., "MeLU: Meta-Learned User Preference Estimator for Cold-Start Recommendation",
KDD 2019: embeddings of item and user, two decision layers of 64 with ReLU, one output.

Differs from the authors' code: an embedding there is 32 numbers for each column of the tables, all
put side by side; here it is one layer without a bias on all their values, which is the sum of
embeddings and holds theirs as a special case. The output here corrects the mean rating that the
item has from meta-training users, so that an untrained network is nearly as good as that mean.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict
from typing import Literal

from torch import nn

from workbench.core.marked import marked
from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.stars import Stars
from workbench.core.task import ProblemSpec
from workbench.engine.correction import Correction
from workbench.engine.parts import OUTER_ONLY
from workbench.models.mlp import Width


class RatingsMlpParams(Params):
    name: Literal["ratings_mlp"] = "ratings_mlp"
    embedding: int = param(
        64, marked("Numbers that item and user are embedded in."), ge=1, le=100_000, log_scale=True
    )
    decision: tuple[Width, ...] = param(
        (64, 64), marked("Width of each decision layer, e.g. 64,64."), min_length=1, max_length=64
    )
    adapted: Literal["all", "decision"] = param(
        "all",
        marked("What the inner loop moves: everything, or the decision layers alone."),
        more=marked(
            "MeLU adapts the decision layers: what a film is stays, what this user makes of it "
            "changes. The outer loop trains the embeddings in either case."
        ),
    )

    @property
    def held(self) -> str:
        return "adapted" if self.adapted == "decision" else ""


def no_ratings(spec: ProblemSpec) -> str:
    if isinstance(spec.objective, Stars):
        return ""
    return marked("ratings_mlp corrects the mean rating of an item, and this task has no ratings")


@register(
    "model", "ratings_mlp", title=marked("Ratings MLP"), params=RatingsMlpParams, unfit=no_ratings
)
def ratings_mlp(params: RatingsMlpParams, spec: ProblemSpec) -> nn.Module:
    """Embeddings of item and user, and decision layers that correct the item's mean rating."""
    embedding = nn.Linear(spec.input_shape[0], params.embedding, bias=False)
    setattr(embedding, OUTER_ONLY, params.adapted == "decision")
    layers: list[tuple[str, nn.Module]] = [("embedding", embedding)]
    widths = (params.embedding, *params.decision)
    for number, (inputs, outputs) in enumerate(itertools.pairwise(widths), 1):
        layers.append((f"decision{number}", nn.Linear(inputs, outputs)))
        layers.append((f"relu{number}", nn.ReLU()))
    layers.append(("head", nn.Linear(widths[-1], spec.outputs)))
    return Correction(OrderedDict(layers))
