"""What every method has in common that adapts by gradient steps on the support set.

A method of this kind is a `Rule`: which tensors move, and how. Everything else, from the exact
outer derivative to what the lab shows, follows from it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from functools import partial
from typing import ClassVar, Literal

import torch
from torch import nn

from workbench.algorithms.watching import observe, relative_change
from workbench.core.algorithm import AdaptStep, Algorithm, MetaGradient, Scores, Weights
from workbench.core.episode import Episode
from workbench.core.marked import marked
from workbench.core.params import Params, param
from workbench.engine import Engine, InnerLoop, PartialLoop, Rule, TwoRates


class StepParams(Params):
    """What every method asks for that adapts in steps."""

    inner_steps: int = param(
        1,
        marked("Gradient steps on the support set while meta-training."),
        symbol="k",
        ge=0,
        le=100,
    )
    test_steps: int = param(
        3, marked("Gradient steps on held-out tasks; may exceed those trained with."), ge=0, le=1000
    )


class InnerParams(StepParams):
    """What every method with one step size for all weights asks for."""

    together: ClassVar[frozenset[str]] = frozenset({"inner_rate", "reduction"})

    inner_rate: float = param(
        0.4,
        marked("Step size of adaptation on the support set."),
        symbol="α",
        gt=0,
        le=100,
        log_scale=True,
        more=marked(
            "Too large, and adaptation diverges; too small, and nothing is "
            "learned from the support set."
        ),
    )
    reduction: Literal["mean", "paper"] = param(
        "mean",
        marked(
            "How the support loss is reduced: mean over items, or the MAML "
            "authors' sum over N·K divided by K."
        ),
        advanced=True,
        more=marked(
            "The authors' reduction makes cross-entropy N times larger, so "
            "their published α of 0.4 on 5-way tasks equals α = 2.0 here "
            "with the mean. Regression is not affected."
        ),
    )


class NormParams(InnerParams):
    """What methods ask for that may leave normalisation out of the inner loop."""

    adapt_norms: bool = param(
        True,
        marked("Let the inner loop move scale and shift of batch normalisation, too."),
        advanced=True,
        more=marked("In the MAML authors' code they are trained by the outer loop alone."),
    )
    later_rate: float = param(
        1.0,
        marked("What α is multiplied by after the first inner step."),
        gt=0,
        le=10,
        advanced=True,
        more=marked("The MAML authors halve it when they test policies of control."),
    )


class InnerLoopMethod(Algorithm):
    """Adapt by a `Rule`, and differentiate the query loss through it."""

    engine: Engine
    collects = True

    @abstractmethod
    def rule(self, steps: int, iteration: int | None = None) -> Rule:
        """The inner loop of ``steps`` steps; ``iteration`` is given while meta-training."""

    @property
    def test_steps(self) -> int:
        return int(self.params.test_steps)

    @property
    def transductive(self) -> bool:
        return self.engine.transductive

    @property
    def strategy(self) -> str:
        return self.engine.strategy(self.rule(self.params.inner_steps, 0))

    def initial(self) -> Weights:
        return self.engine.initial()

    def meta_gradient(
        self, weights: Weights, episodes: Episode, seed: int, iteration: int = 0
    ) -> MetaGradient:
        rule = self.rule(self.params.inner_steps, iteration)
        return self.engine.meta_gradient(weights, episodes, rule, seed)

    def evaluate(self, weights: Weights, episodes: Episode, steps: int) -> Scores:
        return self.engine.scores(weights, episodes, self.rule(steps))

    def adapt(self, weights: Weights, episode: Episode, steps: int) -> Iterator[AdaptStep]:
        before: Weights = {}
        path = self.engine.step_by_step(weights, episode, self.rule(steps))
        for step, (used, forward) in enumerate(path):
            with torch.no_grad():
                seen = episode.met(partial(forward, used), step)
                support = forward(used, seen.support.x)
                query = self.engine.query_outputs(forward, used, seen)
            norms = relative_change(before, used)
            yield observe(self.engine.spec, step, seen, support, query, norms)
            before = used

    def path(self, weights: Weights, episode: Episode, steps: int) -> Iterator[Weights]:
        return (used for used, _ in self.engine.step_by_step(weights, episode, self.rule(steps)))

    def adapted(self, weights: Weights, episode: Episode, steps: int) -> nn.Module:
        *_, used = self.path(weights, episode, steps)
        return self.engine.module(used)

    def close(self) -> None:
        self.engine.close()

    @property
    def inner_rate(self) -> float:
        """The step size on the mean support loss, whatever reduction it was given for.

        A step of it along the gradient of the mean loss is the step that was asked for.
        """
        return float(self.params.inner_rate * self.loss_scale)

    @property
    def loss_scale(self) -> int:
        """How many times the mean support loss is what the inner loop descends.

        The MAML authors divide the sum over N*K items by K alone: N times the mean.
        """
        per_class = self.params.reduction == "paper" and self.engine.spec.labels
        return self.engine.spec.outputs if per_class else 1

    def plain_loop(self, steps: int, *, first_order: bool = False) -> Rule:
        """Gradient descent of all weights, or of all but normalisation where that stays out."""
        norms = frozenset[str]() if self.params.adapt_norms else self.engine.norms
        if self.params.later_rate != 1:
            later = self.inner_rate * self.params.later_rate
            adapted = self.engine.names - norms
            return TwoRates(steps, self.inner_rate, later, adapted, first_order)
        if not norms:
            return InnerLoop(steps, self.inner_rate, first_order)
        return PartialLoop(steps, self.inner_rate, self.engine.names - norms, first_order)
