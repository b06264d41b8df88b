"""The engine's one face: episodes in, exact meta-gradients and scores out."""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

import torch
from torch import Tensor, nn

from workbench.core.algorithm import Forward, MetaGradient, Scores, Weights
from workbench.core.episode import Episode
from workbench.core.errors import BadInput
from workbench.core.task import ProblemSpec
from workbench.engine import parts, plain
from workbench.engine.acting.strategy import ActingStrategy
from workbench.engine.activations import Activations, activations_of
from workbench.engine.batched_mlp import BatchedMlpStrategy
from workbench.engine.choice import FlexibleStrategy, Strategy, choose, flexible
from workbench.engine.gather import TaskResult, averaged, flat
from workbench.engine.general import GeneralStrategy, Result, TaskWork
from workbench.engine.holding import holding
from workbench.engine.inner import step_by_step
from workbench.engine.item_weights import ItemWeights
from workbench.engine.refusal import refused
from workbench.engine.rule import InnerLoop, PartialLoop, Rule
from workbench.engine.scored import Scored
from workbench.engine.statistics import Given, Noted, Statistics
from workbench.engine.vmapped import VmapStrategy

Number = float | Tensor
Found = tuple[Mapping[str, Tensor | None], tuple[Number, Number, Number]]
"""One task's gradients by name, and its support loss, query loss and query metric."""


class Engine:
    """Runs the inner and the outer derivative of one model on one kind of problem.

    The model given is a template: it is copied, and its weights are only the starting point.
    """

    def __init__(
        self,
        model: nn.Module,
        spec: ProblemSpec,
        workers: int = 0,
        *,
        strategy: str = "auto",
        recompute: bool = False,
        alone: bool = False,
    ) -> None:
        """``workers`` 0 means one a core; ``recompute`` trades time for memory over many steps.

        ``alone`` predicts each query item beside the support set only; see `plain.query_outputs`.
        Raises `BadInput` when ``strategy`` is a name of `choice.NAMES` that does not fit.
        """
        self._model = copy.deepcopy(model).train()
        self.spec = spec
        self._traits = plain.traits_of(self._model, spec)
        self._parts: dict[str, plain.Traits] = {}
        transductive = _transductive(self._model, spec, self._traits)
        self.transductive = transductive and not alone
        """Whether a prediction depends on the other items of the query set."""
        self.alone = transductive and alone
        self._general = GeneralStrategy(self._model, spec, workers, recompute, self.alone)
        self._choose = functools.partial(
            choose, self._model, spec, workers, strategy, recompute, self._general
        )
        self._fast = None if strategy == "auto" else self._choose()
        """Left open until it is needed: one task by itself needs none, and a compiler is slow to
        import. What was asked for by name is tried at once."""
        self._flexible = flexible(self._model, spec, workers, strategy, self._general)
        self.names = frozenset(self.initial())
        """The model's own weights; meta-parameters may hold more."""
        self.held = parts.held_weights(self._model)
        """Those that the inner loop leaves alone, whatever the rule."""

    @property
    def head(self) -> frozenset[str]:
        """The names of the last layer's weights; raises `BadInput` where there is no such layer."""
        return parts.head_weights(self._model, self.spec)

    @property
    def norms(self) -> frozenset[str]:
        """The names of the scales and shifts of batch normalisations."""
        return parts.norm_weights(self._model)

    def strategy(self, rule: Rule | None = None, *, stacks: bool = False) -> str:
        """How the numbers are computed, in words for the user.

        Without a rule by `each`, or where work ``stacks`` as `mean_gradient` does it.
        """
        if rule is not None:
            return self._serving(self.holding(rule)).name
        return ((self._stacking if stacks else None) or self._general).name

    @property
    def divides(self) -> bool:
        """Whether a part of a meta-batch gives what it gives within the whole, random draws too."""
        if not self._general.random:
            return True
        return not isinstance(self._chosen, VmapStrategy)

    def holding(self, rule: Rule) -> Rule:
        """The rule as it runs on this model: weights that are `held` stay out of it."""
        return holding(rule, self.held)

    def initial(self) -> Weights:
        """Copies of the model's trainable parameters."""
        named = self._model.named_parameters()
        return {name: p.detach().clone() for name, p in named if p.requires_grad}

    def meta_gradient(
        self, weights: Weights, episodes: Episode, rule: Rule, seed: int
    ) -> MetaGradient:
        """The gradient of the mean outer loss after the inner loop, over T stacked tasks.

        Raises `BadInput` naming the layer when the model cannot be differentiated twice.
        """
        rule = self.holding(rule)
        try:
            return self._serving(rule).meta_gradient(weights, episodes, rule, seed)
        except RuntimeError as error:
            found = None if rule.first_order else self._refused(episodes, error)
            if found is None:
                raise
            raise found from error

    def scores(self, weights: Weights, episodes: Episode, rule: Rule) -> Scores:
        """Adapt to every task and score each step, query by query set."""
        rule = self.holding(rule)
        serving = self._general if self.alone else self._serving(rule)
        return serving.scores(weights, episodes, rule)

    def step_by_step(
        self, weights: Weights, episode: Episode, rule: Rule
    ) -> Iterator[tuple[Weights, Forward]]:
        """The model's weights at step 0..k on one task, with the function that uses them."""
        forward = self.forward()
        held = self.holding(rule)
        for used in step_by_step(forward, self.spec, weights, episode.support, held):
            yield {name: used[name] for name in used if name in self.names}, forward

    def forward(self) -> Forward:
        """The model as a function, for one thread: a copy without dropout."""
        # Calling a module with weights lends them to it: two threads cannot share one.
        return plain.forward_of(plain.without_dropout(copy.deepcopy(self._model)), self._traits)

    def module(self, used: Weights) -> nn.Module:
        """A copy of the model with these weights, without dropout."""
        model = plain.without_dropout(copy.deepcopy(self._model))
        model.load_state_dict({name: used[name] for name in used if name in self.names}, False)
        return model.eval()

    def features(self) -> Forward:
        """What the head is given: ``([n, *input_shape]) -> [n, e]``.

        A model without a recognisable head, such as that of a metric learner, is all features.
        """
        try:
            body = parts.with_head(self._model, self.spec, nn.Identity())
        except BadInput:
            return self.forward()
        return plain.forward_of(plain.without_dropout(body), self._traits)

    def part(self, name: str) -> Forward:
        """A submodule that takes the model's own input, as a function of the model's weights."""
        part = plain.without_dropout(copy.deepcopy(self._model.get_submodule(name)))
        if name not in self._parts:
            self._parts[name] = plain.traits_of(part, self.spec)
        forward, start = plain.forward_of(part, self._parts[name]), f"{name}."

        def of_whole(weights: Weights, x: Tensor) -> Tensor:
            own = {n.removeprefix(start): w for n, w in weights.items() if n.startswith(start)}
            return forward(own, x)

        return of_whole

    def activations(self) -> Activations:
        """What each block of the model puts out, for one thread."""
        return activations_of(plain.without_dropout(copy.deepcopy(self._model)), self._traits)

    def weighing_forward(self, items: Tensor) -> Forward:
        """The model on a batch whose n items count ``items [n]`` times in its batch statistics."""
        model = plain.without_dropout(copy.deepcopy(self._model))
        return plain.forward_of(model, self._traits, lambda: ItemWeights(items))

    def batch_statistics(self, weights: Weights, x: Tensor) -> Statistics:
        """What every normalisation of the model sees of a batch ``[n, *input_shape]``."""
        noted = Noted()
        model = plain.without_dropout(copy.deepcopy(self._model))
        with torch.no_grad():
            plain.forward_of(model, self._traits, lambda: noted)(weights, x)
        return noted.seen

    def settled_forward(self, statistics: Statistics) -> Forward:
        """The model with normalisation by these statistics, whatever the batch."""
        model = plain.without_dropout(copy.deepcopy(self._model))
        return plain.forward_of(model, self._traits, lambda: Given(statistics))

    def score(self, forward: Forward, path: Iterable[Weights], episode: Episode) -> Scored:
        """Query metric, query loss and support loss along a task's path, and where it ends."""
        return plain.score(forward, self.spec, path, episode, alone=self.alone)

    def query_outputs(self, forward: Forward, used: Weights, episode: Episode) -> Tensor:
        """``[n, outputs]`` on the query set, by the protocol of this engine."""
        return plain.query_outputs(forward, used, episode, alone=self.alone)

    def each(self, weights: Weights, episodes: Episode, work: TaskWork[Result]) -> Iterator[Result]:
        """What ``work(forward, weights, episode, task)`` gives for each task, on worker threads.

        For methods without a `Rule`. In task order; dropout is off.
        """
        return self._general.each(weights, episodes, work, None)

    def mean_gradient(
        self,
        weights: Weights,
        episodes: Episode,
        work: TaskWork[Found],
        seed: int,
        *,
        stacks: bool = False,
    ) -> MetaGradient:
        """The mean of what ``work`` finds for each task; dropout masks are drawn from ``seed``.

        Work that ``stacks`` is also given T tasks at once where the model can be run so: weights
        and episode with a leading dimension, and the same of gradients and numbers expected.
        """
        if stacks and self._stacking is not None:
            return self._stacking.mean_gradient(weights, episodes, work)

        def one(forward: Forward, shared: Weights, episode: Episode, task: int) -> TaskResult:
            gradients, numbers = work(forward, shared, episode, task)
            support, query, metric = (float(number) for number in numbers)
            return TaskResult(flat(weights, gradients), (support, query, metric))

        return averaged(weights, self._general.each(weights, episodes, one, seed), len(episodes))

    @property
    def _stacking(self) -> BatchedMlpStrategy | ActingStrategy | None:
        """What computes all tasks at once; None where the model cannot be run so."""
        found = self._flexible
        return found if isinstance(found, (BatchedMlpStrategy, ActingStrategy)) else None

    def close(self) -> None:
        """Join the worker threads."""
        for strategy in (self._fast, self._flexible, self._general):
            if strategy is not None:
                strategy.close()

    def _serving(self, rule: Rule) -> FlexibleStrategy:
        partial = isinstance(rule, PartialLoop) and self.spec.is_image
        if isinstance(self._flexible, ActingStrategy):
            return self._flexible
        if not partial and not isinstance(rule, InnerLoop):
            return self._flexible
        if partial and not self._chosen.serves_parts:
            return self._flexible
        return cast(FlexibleStrategy, self._chosen)

    @property
    def _chosen(self) -> Strategy:
        """The way for plain gradient descent."""
        if self._fast is None:
            self._fast = self._choose()
        return self._fast

    def _refused(self, episodes: Episode, error: RuntimeError) -> BadInput | None:
        try:
            return refused(self._model, episodes[0].support.x, error)
        except RuntimeError:
            return None


def _transductive(model: nn.Module, spec: ProblemSpec, traits: plain.Traits) -> bool:
    """Ask the model: does the output for one item change with the company it is in?"""
    parameter = next(model.parameters(), torch.zeros(0))
    x = spec.example(4, like=parameter)
    probe = copy.deepcopy(model)
    forward = plain.forward_of(plain.without_dropout(probe), traits)
    with torch.no_grad():
        alone, together = forward({}, x[:2])[0], forward({}, x)[0]
    return not torch.allclose(alone, together, atol=1e-5)
