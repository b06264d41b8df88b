"""The face of every meta-learning algorithm: how it is trained, and how it is watched."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from torch import Generator, Tensor, nn

from workbench.core.episode import Episode
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.task import ProblemSpec, TaskFamily

Weights = dict[str, Tensor]
"""Meta-parameters by name. Every method reads them and changes none of them."""


Forward = Callable[[Weights, Tensor], Tensor]
"""Outputs of the model with these weights: ``([..., n, *input_shape]) -> [..., n, outputs]``.

Entries that are not the model's are ignored."""


class Group(StrEnum):
    """Kinds of methods by their titles, in the order in which they are offered."""

    INITIALISATION = marked("Learned initialisation")
    INNER_LOOP = marked("Learned inner loop")
    METRIC = marked("Metric and ridge learners")
    FLOORS = marked("Transfer and floors")
    OTHERS = marked("Others")


@dataclass(frozen=True)
class LossWords:
    """What the two losses of an outer step are measured on. An empty one is not drawn."""

    support: str
    query: str


@dataclass(frozen=True)
class Acted:
    """What it took a meta-batch to meet its items."""

    steps: int
    """In the environments of all its tasks."""
    metric_before: float
    """Mean over tasks, before the first inner step."""
    evidence: Evidence | None = None
    """None where a method's outer gradient is that of no loss."""


class Evidence(Protocol):
    """What a meta-batch has met, held fixed, to be judged at other meta-parameters.

    For outer optimisers that ask more than once. Everything is the mean over its tasks; see
    `core.policy_gradient`.
    """

    def value(self, weights: Weights) -> tuple[float, float]:
        """The surrogate loss after adapting, and the divergence from the policies of then."""

    def gradient(self, weights: Weights, clip: float) -> Weights:
        """Of the surrogate loss, whose ratios are clipped to 1 ± ``clip``; 0 clips nothing."""

    def curvature(self, weights: Weights) -> Callable[[Tensor], Tensor]:
        """Products of the divergence's Hessian with a vector of all weights end to end."""


@dataclass(frozen=True)
class MetaGradient:
    """The outer gradient of one meta-batch, averaged over its tasks, and the losses on the way."""

    gradients: Weights
    support_loss: float
    """Mean over tasks, before the first inner step."""
    query_loss: float
    """Mean over tasks, after the last inner step."""
    query_metric: float
    averages: Weights = field(default_factory=dict)
    """New values of meta-parameters that are collected and not trained: they have no gradient."""
    acted: Acted | None = None
    """Where items were met by acting."""

    @property
    def evidence(self) -> Evidence | None:
        return None if self.acted is None else self.acted.evidence


@dataclass(frozen=True)
class AdaptStep:
    """The learner after ``step`` inner steps on one task. Detached and on the CPU."""

    step: int
    support_loss: float
    query_loss: float
    support_metric: float
    query_metric: float
    support_outputs: Tensor
    """``[N*K, N]`` class probabilities, or ``[K, d]`` predicted values."""
    query_outputs: Tensor
    """``[N*Q, N]`` class probabilities, or ``[Q, d]`` predicted values."""
    update_norms: dict[str, float]
    """Norm of this step's change of each adapted tensor, relative to the tensor's own norm."""
    met: Episode | None = None
    """What the learner met by acting, where its items depend on that; see `Batch.met`."""

    @property
    def judged(self) -> bool:
        """Whether there is a loss on the query set: not where nobody knows what is asked."""
        return not (math.isnan(self.query_loss) and bool(self.query_outputs.isfinite().all()))


@dataclass(frozen=True)
class Scores:
    """Per-task results of adapting to T tasks; column j is after j inner steps."""

    metric: Tensor
    """``[T, steps + 1]`` on the query sets."""
    query_loss: Tensor
    support_loss: Tensor
    predicted: Tensor | None = None
    """``[T, n]``, the class of every query item after the last step, label by label; None for
    values, and where a method does not say."""
    wanted: Tensor | None = None
    """``[T, n]``, the class that each of them is of; an evaluation adds it where it can."""


class Algorithm(ABC):
    """A way to meta-train a model and to adapt it to a task.

    Built from its parameters and an engine; free of state, so that one thread may train with it
    while another adapts a snapshot.
    """

    group: ClassVar[str] = Group.OTHERS
    """The title under which it is offered: one of `Group`, or another."""
    rank: ClassVar[int] = 100
    """Its place in the group: small ones, which a newcomer should try, come first."""
    trains = True
    """False for floors, which are measured as they are and offered beside every learner."""
    has_steps: ClassVar[bool] = True
    """Whether it adapts step by step, by its parameter ``test_steps``; else by a closed form."""
    losses: ClassVar[LossWords] = LossWords(marked("support, before"), marked("query, after"))
    collects: ClassVar[bool] = False
    """Whether it can learn from items that a model meets by acting; see `ProblemSpec.collected`."""
    descends: ClassVar[bool] = True
    """Whether its outer gradient is that of a loss, which could be taken again elsewhere."""
    divides: ClassVar[bool] = True
    """Whether the outer gradient of a meta-batch is the mean of what its tasks give each alone."""
    holds: ClassVar[bool] = True
    """Whether layers that a model keeps out of the inner loop stay out of this method's."""
    shaped_by_data = False
    """Whether `shaped` asks for the classes of the data trained on, which other data has not."""

    older: ClassVar[str] = ""
    """What to say of checkpoints that no longer fit since the method was changed, if any do."""

    def __init__(self, params: Any, engine: Any) -> None:
        self.params = params
        self.engine = engine

    @classmethod
    def loss_title(cls, params: Any, spec: ProblemSpec) -> str:
        """What the loss that is trained is called."""
        return cls.own_loss(params) or spec.objective.loss_title

    @classmethod
    def own_loss(cls, params: Any) -> str:
        """What the method trains in place of the problem's loss; empty where it trains that."""
        return ""

    @classmethod
    def unfit(cls, spec: ProblemSpec) -> str:
        """Why the method cannot learn this kind of problem, in one sentence; empty if it can."""
        if spec.collected and not cls.collects:
            return marked(
                "this method needs items that are there beforehand; here the model meets its own"
            )
        return ""

    @classmethod
    def shaped(cls, model: nn.Module, family: TaskFamily, params: Any) -> nn.Module:
        """The module to train in place of the one chosen, e.g. without its head.

        ``family`` is prepared. Raises `BadInput` when the model lacks what the method needs.
        """
        return model

    @classmethod
    def stretches(cls, params: Any) -> tuple[tuple[int, dict[str, Any]], ...]:
        """From which outer steps on a step costs otherwise; most methods' cost the same always.

        With each come changes of parameters that let every step, from the first on, cost as the
        steps of this stretch do: a forecast measures those.
        """
        return ((0, {}),)

    def draw(self, family: TaskFamily, tasks: int, draws: Generator) -> Episode:
        """One meta-batch to train on, drawn from ``draws`` alone."""
        return family.episodes("train", tasks, draws)

    @property
    @abstractmethod
    def test_steps(self) -> int:
        """Inner steps on held-out tasks; may differ from the steps trained with."""

    @property
    @abstractmethod
    def transductive(self) -> bool:
        """Whether predictions on one query item depend on the other query items."""

    @property
    @abstractmethod
    def strategy(self) -> str:
        """How the numbers are computed, in words for the user."""

    @abstractmethod
    def initial(self) -> Weights:
        """The meta-parameters that meta-training starts from."""

    @abstractmethod
    def meta_gradient(
        self, weights: Weights, episodes: Episode, seed: int, iteration: int = 0
    ) -> MetaGradient:
        """The outer gradient over T stacked tasks.

        ``seed`` settles dropout masks and mini-batches; ``iteration`` counts the outer steps
        already taken, for methods that change with time.
        """

    @abstractmethod
    def adapt(self, weights: Weights, episode: Episode, steps: int) -> Iterator[AdaptStep]:
        """Adapt to one task and yield step 0 (before adaptation) to ``steps``.

        A method without inner steps yields step 0 only. Divergence is yielded as it is: infinite
        or NaN numbers are results, not errors.
        """

    @abstractmethod
    def evaluate(self, weights: Weights, episodes: Episode, steps: int) -> Scores:
        """Adapt to each of T stacked tasks and score every step."""

    def path(self, weights: Weights, episode: Episode, steps: int) -> Iterator[Weights]:
        """The model's weights in use after 0, 1, ... ``steps`` steps; 0 alone where there are none.

        Raises `BadInput` for a method that has no such weights to show.
        """
        raise BadInput("algorithm", marked("this method does not show the weights it adapts with"))

    def adapted(self, weights: Weights, episode: Episode, steps: int) -> nn.Module:
        """The learner after ``steps`` steps on a task: ``[n, *input_shape]`` to its outputs.

        Logits ``[n, N]`` or values ``[n, d]``. The module is a copy of its own, in evaluation mode;
        batch normalisation uses the statistics of whatever batch it is given. Raises `BadInput` for
        a method that does not end in a model.
        """
        raise BadInput("algorithm", marked("this method does not end in a model to take away"))

    @property
    def model_names(self) -> frozenset[str]:
        """The names of the model's own weights; meta-parameters may hold more."""
        names: frozenset[str] = self.engine.names
        return names

    def features(self) -> Forward:
        """What the learner's head is given: ``([n, *input_shape]) -> [n, e]``."""
        features: Forward = self.engine.features()
        return features

    def learned_rates(self, weights: Weights) -> Weights:
        """Step sizes that are themselves learned, by the tensor they move; most have none."""
        return {}

    def close(self) -> None:  # noqa: B027 - most methods hold no threads
        """Release worker threads. The algorithm is not used afterwards."""
