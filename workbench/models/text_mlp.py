"""Weights for each feature of a sentence, and a hidden layer beside them.

A hidden layer alone forgets rare words: what no meta-training class says has weights that were
never trained. A weight for each feature keeps every word and says how much it counts; the hidden
layer adds what words have in common. Both together are scaled to one length, so that sentences are
compared by direction, as tf-idf vectors are.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Literal

import torch
from torch import Tensor, nn

from workbench.core.marked import marked
from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec

SPREAD = 5.8
"""Of a hidden unit's first weights, as a multiple of one over the root of the features: the hidden
layer then begins about half as long as the weighed features beside it."""
TINY = 1e-8


class TextMlpParams(Params):
    name: Literal["text_mlp"] = "text_mlp"
    parts: Literal["both", "weighted", "hidden"] = param(
        "both",
        marked(
            "What the head is given: the features with learned weights, a hidden layer, or both."
        ),
        more=marked(
            "Weighted keeps every word, hidden finds what words have in "
            "common and forgets the rare ones."
        ),
    )
    width: int = param(128, marked("Units of the hidden layer."), ge=1, le=100_000, log_scale=True)
    length: float = param(
        1.0,
        marked("Length that what the head is given is scaled to; 0 leaves it as it is."),
        ge=0,
        le=1000,
        more=marked("Sentences are then told apart by direction alone."),
    )


class TextFeatures(nn.Module):
    """``[n, features]`` to ``[n, features + width]``, or to one of the two parts."""

    def __init__(self, features: int, params: TextMlpParams) -> None:
        super().__init__()
        self.length = params.length
        self.weight = nn.Parameter(torch.ones(features)) if params.parts != "hidden" else None
        self.hidden: nn.Linear | None = None
        if params.parts != "weighted":
            self.hidden = nn.Linear(features, params.width)
            nn.init.normal_(self.hidden.weight, std=SPREAD / math.sqrt(features))
            nn.init.zeros_(self.hidden.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = x.flatten(1)
        parts = [] if self.weight is None else [x * self.weight]
        if self.hidden is not None:
            parts.append(torch.relu(self.hidden(x)))
        joined = torch.cat(parts, -1)
        if not self.length:
            return joined
        return self.length * joined / (joined.square().sum(-1, keepdim=True) + TINY).sqrt()


def no_sentence(spec: ProblemSpec) -> str:
    """Sentences are one row of numbers."""
    if spec.vocabulary:
        return marked("text_mlp needs numbers, and this task has token ids")
    if len(spec.input_shape) != 1 or not spec.labels:
        return marked("text_mlp tells classes of sentences apart, and this task has none")
    return ""


@register("model", "text_mlp", title=marked("Text MLP"), params=TextMlpParams, unfit=no_sentence)
def text_mlp(params: TextMlpParams, spec: ProblemSpec) -> nn.Module:
    """Learned weights for the features of a sentence, beside a hidden layer."""
    features = TextFeatures(spec.input_shape[0], params)
    size = {"weighted": 0, "hidden": params.width, "both": params.width}[params.parts]
    size += 0 if params.parts == "hidden" else spec.input_shape[0]
    head = nn.Linear(size, spec.outputs)
    return nn.Sequential(OrderedDict(features=features, head=head))
