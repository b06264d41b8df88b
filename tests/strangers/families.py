"""Clouds, straight lines, a value in the plane, and token ids with a model that takes them."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Generator, Tensor, nn

from workbench.core.metric import Metric, declare
from workbench.core.objective import CLASSIFICATION, REGRESSION, Objective
from workbench.core.params import Params, param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec
from workbench.tasks.drawn import DrawnFamily, DrawnParams


class CloudsParams(DrawnParams):
    name: Literal["clouds"] = "clouds"


@register("task", "clouds", title="Clouds", params=CloudsParams)
class Clouds(DrawnFamily):
    """Tell two clouds of points in the plane apart."""

    @property
    def spec(self) -> ProblemSpec:
        return ProblemSpec(CLASSIFICATION, (2,), 2)

    def truth(self, draws: Generator) -> Tensor:
        return 2 * torch.randn(2, 2, generator=draws)

    def items_of(self, truth: Tensor, each: int, draws: Generator) -> tuple[Tensor, Tensor]:
        y = torch.arange(2).repeat_interleave(each)
        return truth[y] + 0.5 * torch.randn(2 * each, 2, generator=draws), y


class LinesParams(DrawnParams):
    name: Literal["lines"] = "lines"


@register("task", "lines", title="Straight lines", params=LinesParams)
class Lines(DrawnFamily):
    """Regress a straight line from a few points."""

    @property
    def spec(self) -> ProblemSpec:
        return ProblemSpec(REGRESSION, (1,), 1)

    def truth(self, draws: Generator) -> Tensor:
        return torch.randn(2, generator=draws)

    def items_of(self, truth: Tensor, each: int, draws: Generator) -> tuple[Tensor, Tensor]:
        x = 2 * torch.rand(each, 1, generator=draws) - 1
        return x, truth[0] * x + truth[1]


class Closeness(Objective):
    """Absolute error, shown as how close one is: the larger the better, and no share."""

    judged_by = declare(Metric("closeness", "Closeness", larger_is_better=True))

    def item_losses(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return (outputs - targets).square().add(1e-6).sqrt().mean(-1)

    def metric(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return -self.loss(outputs, targets)


class PlaceParams(DrawnParams):
    name: Literal["place"] = "place"


@register("task", "place", title="Places", params=PlaceParams)
class Place(DrawnFamily):
    """Predict two values at once, judged by a metric of its own."""

    @property
    def spec(self) -> ProblemSpec:
        return ProblemSpec(Closeness(), (3,), 2)

    def truth(self, draws: Generator) -> Tensor:
        return torch.randn(3, 2, generator=draws)

    def items_of(self, truth: Tensor, each: int, draws: Generator) -> tuple[Tensor, Tensor]:
        x = torch.randn(each, 3, generator=draws)
        return x, x @ truth


class TokensParams(DrawnParams):
    name: Literal["tokens"] = "tokens"


@register("task", "tokens", title="Tokens", params=TokensParams)
class Tokens(DrawnFamily):
    """Tell classes of token sequences apart by the tokens they prefer."""

    @property
    def spec(self) -> ProblemSpec:
        return ProblemSpec(CLASSIFICATION, (4,), 2, vocabulary=30)

    def truth(self, draws: Generator) -> Tensor:
        return torch.randint(26, (2,), generator=draws)

    def items_of(self, truth: Tensor, each: int, draws: Generator) -> tuple[Tensor, Tensor]:
        y = torch.arange(2).repeat_interleave(each)
        return truth[y][:, None] + torch.randint(4, (2 * each, 4), generator=draws), y


def no_tokens(spec: ProblemSpec) -> str:
    return "" if spec.vocabulary else "bag needs token ids, and this task has numbers"


class BagParams(Params):
    name: Literal["bag"] = "bag"
    width: int = param(8, "Numbers a token is embedded in.", ge=1, le=512)


class Bag(nn.Module):
    def __init__(self, vocabulary: int, width: int, outputs: int) -> None:
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.head = nn.Linear(width, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.tokens(x).mean(-2))


@register("model", "bag", title="Mean of tokens", params=BagParams, unfit=no_tokens)
def bag(params: BagParams, spec: ProblemSpec) -> nn.Module:
    """The mean embedding of a sequence, and a linear head."""
    return Bag(spec.vocabulary, params.width, spec.outputs)
