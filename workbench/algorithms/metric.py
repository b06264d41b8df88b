"""What metric learners have in common: an embedding is trained, and adapting is a closed form.

The model is used without its head. Predictions compare the embedding of a query item with those
of the support set; there are no inner steps, so there is one thing to watch: step 0.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from torch import Generator, Tensor, nn

from workbench.algorithms.watching import observe
from workbench.core.algorithm import (
    AdaptStep,
    Algorithm,
    Group,
    LossWords,
    MetaGradient,
    Scores,
    Weights,
)
from workbench.core.episode import Episode
from workbench.core.errors import BadInput
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.params import Params, param
from workbench.core.task import TaskFamily
from workbench.engine import Engine, Forward
from workbench.engine.face import Found
from workbench.engine.parts import with_head
from workbench.engine.scored import Scored, labels_of, together

Learned = tuple[Tensor, ...]
"""What a metric learner keeps of a support set: class means, a ridge head, the items themselves."""


class MetricParams(Params):
    """What every metric learner asks for."""

    train_ways: int = param(
        0,
        marked(
            "Classes of a meta-training task; 0 is as many as in the task. "
            "More make it harder, and the embedding better."
        ),
        ge=0,
        le=1000,
        more=marked("J. Snell et al., 2017, train 60-way to be tested 5- and 20-way on Omniglot."),
    )


class MetricMethod(Algorithm):
    """Compare embeddings; a method of its own says how."""

    engine: Engine
    group = Group.METRIC
    has_steps = False
    losses = LossWords(marked("support, by itself"), marked("query"))

    @abstractmethod
    def learned(self, weights: Weights, support: Tensor, y: Tensor) -> Learned:
        """What is kept of a support set, of embeddings ``[s, e]`` and targets ``y``.

        ``y`` may be of any N: training tasks can have more ways.
        """

    @abstractmethod
    def judged(self, weights: Weights, learned: Learned, query: Tensor) -> Tensor:
        """Logits ``[q, N]`` or values ``[q, d]`` from what was `learned` and ``[q, e]``."""

    def outputs(self, weights: Weights, support: Tensor, y: Tensor, query: Tensor) -> Tensor:
        """Logits ``[q, N]`` or values ``[q, d]`` from embeddings ``[s, e]`` and ``[q, e]``."""
        return self.judged(weights, self.learned(weights, support, y), query)

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        return self.engine.spec.objective.loss(outputs, targets)

    def embedded(
        self, forward: Forward, weights: Weights, episode: Episode
    ) -> tuple[Tensor, Tensor]:
        """The embeddings of support and query set while meta-training."""
        return self.seen(forward, weights, episode)

    def seen(self, forward: Forward, weights: Weights, episode: Episode) -> tuple[Tensor, Tensor]:
        """The embeddings of support and query set of a held-out task, each predicted as one."""
        return forward(weights, episode.support.x), forward(weights, episode.query.x)

    def predicted(
        self, forward: Forward, weights: Weights, episode: Episode
    ) -> tuple[Tensor, Tensor]:
        """The outputs for support and query set of a held-out task."""
        support, y = forward(weights, episode.support.x), episode.support.y
        query = self.engine.query_outputs(forward, weights, episode)
        learned = self.learned(weights, support, y)
        return self.judged(weights, learned, support), self.judged(weights, learned, query)

    @classmethod
    def shaped(cls, model: nn.Module, family: TaskFamily, params: Any) -> nn.Module:
        if params.train_ways:
            try:
                family.varied(ways=params.train_ways)
            except BadInput as error:
                mends = (
                    Mend("algorithm.train_ways", mend.value)
                    for mend in error.mends
                    if mend.where == "task.ways"
                )
                raise BadInput(
                    "algorithm.train_ways", error.problem, error.remedy, *mends
                ) from error
        return with_head(model, family.spec, nn.Identity())

    @property
    def test_steps(self) -> int:
        return 0

    @property
    def transductive(self) -> bool:
        return self.engine.transductive

    @property
    def strategy(self) -> str:
        return self.engine.strategy()

    def initial(self) -> Weights:
        return self.engine.initial()

    def draw(self, family: TaskFamily, tasks: int, draws: Generator) -> Episode:
        wider = self.params.train_ways
        return (family.varied(ways=wider) if wider else family).episodes("train", tasks, draws)

    def meta_gradient(
        self, weights: Weights, episodes: Episode, seed: int, iteration: int = 0
    ) -> MetaGradient:
        return self.engine.mean_gradient(weights, episodes, self._gradient, seed)

    def evaluate(self, weights: Weights, episodes: Episode, steps: int) -> Scores:
        def work(forward: Forward, shared: Weights, episode: Episode, task: int) -> AdaptStep:
            return self._seen(forward, shared, episode)

        spec = self.engine.spec
        return together(
            Scored(
                torch.tensor([[seen.query_metric], [seen.query_loss], [seen.support_loss]]),
                labels_of(spec, seen.query_outputs),
            )
            for seen in self.engine.each(weights, episodes, work)
        )

    def adapt(self, weights: Weights, episode: Episode, steps: int) -> Iterator[AdaptStep]:
        yield self._seen(self.engine.forward(), weights, episode)

    def path(self, weights: Weights, episode: Episode, steps: int) -> Iterator[Weights]:
        yield weights

    def adapted(self, weights: Weights, episode: Episode, steps: int) -> nn.Module:
        with torch.no_grad():
            support = self.engine.forward()(weights, episode.support.x)
            learned = self.learned(weights, support, episode.support.y)
        return Compared(self, weights, learned).eval()

    def features(self) -> Forward:
        """All of the model: learners that compare embeddings have no head."""
        return self.engine.forward()

    def close(self) -> None:
        self.engine.close()

    def _gradient(self, forward: Forward, weights: Weights, episode: Episode, task: int) -> Found:
        leaves = {name: weight.detach().requires_grad_() for name, weight in weights.items()}
        support, query = self.embedded(forward, leaves, episode)
        y = episode.support.y
        learned = self.learned(leaves, support, y)
        outputs = self.judged(leaves, learned, query)
        loss = self.loss(outputs, episode.query.y)
        found = torch.autograd.grad(loss, list(leaves.values()), allow_unused=True)
        with torch.no_grad():
            again = self.judged(leaves, learned, support)
            before = float(self.loss(again, y))
        metric = self.engine.spec.objective.metric(outputs.detach(), episode.query.y)
        numbers = (before, float(loss.detach()), float(metric))
        return dict(zip(leaves, found, strict=True)), numbers

    @torch.no_grad()
    def _seen(self, forward: Forward, weights: Weights, episode: Episode) -> AdaptStep:
        on_support, on_query = self.predicted(forward, weights, episode)
        return observe(self.engine.spec, 0, episode, on_support, on_query, {}, self.loss)


class Compared(nn.Module):
    """The embedding network, and what was learned of a support set."""

    def __init__(self, method: MetricMethod, weights: Weights, learned: Learned) -> None:
        super().__init__()
        self.body = method.engine.module(weights)
        self.learned = nn.ParameterList(nn.Parameter(part, False) for part in learned)
        own = {name: w.detach().clone() for name, w in weights.items()}
        self._judged = partial(method.judged, own)

    def forward(self, x: Tensor) -> Tensor:
        return self._judged(tuple(self.learned), self.body(x))


def class_means(embedded: Tensor, y: Tensor) -> Tensor:
    """``[N, e]``, the mean embedding of each class; classes may be of different sizes."""
    return class_sums(embedded, y) / torch.bincount(y)[:, None]


def class_sums(embedded: Tensor, y: Tensor) -> Tensor:
    """``[N, e]``, the embeddings of each class added up."""
    return nn.functional.one_hot(y).to(embedded.dtype).T @ embedded


def squared_distances(one: Tensor, other: Tensor) -> Tensor:
    """``[a, b]`` between rows; written out, since torch's ``cdist`` has no second derivative."""
    return (one[:, None] - other[None]).square().sum(-1)


def cosines(one: Tensor, other: Tensor) -> Tensor:
    """``[a, b]`` between rows; 0 to a row of zeros."""
    unit = nn.functional.normalize
    return unit(one, dim=-1) @ unit(other, dim=-1).T
