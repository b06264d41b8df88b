"""Meta-gradients of policies: all tasks act together, a step of all trajectories at a time.

Tasks are cut into the same parts however many workers there are, and sums are taken in the order
of the parts: two workers give the bits of one.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from workbench.core.algorithm import Acted, MetaGradient, Scores, Weights
from workbench.core.episode import Episode
from workbench.core.policy_gradient import PolicyGradient
from workbench.core.task import ProblemSpec
from workbench.engine.acting.adapted import Adapted
from workbench.engine.acting.evidence import HeldFixed, Judged, leaves, sum_of
from workbench.engine.acting.forward import stacked
from workbench.engine.acting.recorded import Recorded, recorded
from workbench.engine.batched_mlp import for_each
from workbench.engine.gather import flat, split
from workbench.engine.inner import judged, passed, step_by_step
from workbench.engine.plain import score, without_dropout
from workbench.engine.rule import Rule
from workbench.engine.workers import Workers


class _Found(NamedTuple):
    gradient: Tensor
    """Of all weights end to end, summed over the tasks of a part."""
    numbers: Tensor
    """``[4]``, summed too: support loss, query loss, query metric, metric before."""
    acted: int
    judged: Judged | None = None


class ActingStrategy:
    """The same numbers as the general strategy, for any policy; dropout is off."""

    serves_parts = True
    name = "all trajectories of all tasks, step by step"

    def __init__(self, model: nn.Module, spec: ProblemSpec, workers: int) -> None:
        self._spec = spec
        self._workers = Workers(without_dropout(copy.deepcopy(model)), workers)

    def meta_gradient(
        self, weights: Weights, episodes: Episode, rule: Rule, seed: int
    ) -> MetaGradient:
        def one(model: nn.Module, part: Episode) -> _Found:
            begun = leaves(weights)
            own = for_each(begun, len(part))
            through = passed(stacked(model, self._spec), self._spec, own, part, rule)
            learned = judged(self._spec, through, rule)
            found = torch.autograd.grad(
                learned.outer_loss.sum(), list(begun.values()), allow_unused=True
            )
            gradient = flat(begun, dict(zip(begun, found, strict=True)))
            numbers = (learned.support_loss, learned.query_loss, learned.query_metric)
            judged_again = Adapted.of(self._spec, rule, part, through)
            return self._found(part, gradient, numbers, judged_again)

        return self._averaged(weights, episodes, one)

    def mean_gradient(
        self, weights: Weights, episodes: Episode, work: Callable[..., Any]
    ) -> MetaGradient:
        """The mean of what ``work`` finds on the tasks of each part; see `Engine.mean_gradient`."""

        def one(model: nn.Module, part: Episode) -> _Found:
            own = for_each({name: w.detach() for name, w in weights.items()}, len(part))
            gradients, numbers = work(stacked(model, self._spec), own, part, 0)
            summed = {name: gradients[name].sum(0) for name in weights}
            return self._found(part, flat(weights, summed), numbers)

        return self._averaged(weights, episodes, one)

    def scores(self, weights: Weights, episodes: Episode, rule: Rule) -> Scores:
        parts = self._parts(episodes)

        def one(model: nn.Module, number: int) -> Tensor:
            part, forward = parts[number], stacked(model, self._spec)
            path = step_by_step(
                forward, self._spec, for_each(weights, len(part)), part.support, rule
            )
            return score(forward, self._spec, path, part).rows

        metric, query, support = torch.cat(list(self._workers.map(one, len(parts))), -1).mT
        return Scores(metric, query, support)

    def close(self) -> None:
        self._workers.close()

    def _averaged(
        self,
        weights: Weights,
        episodes: Episode,
        work: Callable[[nn.Module, Episode], _Found],
    ) -> MetaGradient:
        parts, tasks = self._parts(episodes), len(episodes)
        made = self._workers.map(lambda model, number: work(model, parts[number]), len(parts))
        found = list(made)
        gradient = sum_of(one.gradient for one in found) / tasks
        support, query, metric, before = (sum_of(o.numbers for o in found) / tasks).tolist()
        held = tuple(one.judged for one in found if one.judged is not None)
        evidence = HeldFixed(held, self._workers) if held else None
        acted = Acted(sum(one.acted for one in found), before, evidence)
        return MetaGradient(split(gradient, weights), support, query, metric, acted=acted)

    def _found(
        self,
        episode: Episode,
        gradient: Tensor,
        numbers: tuple[Tensor, Tensor, Tensor],
        judged_again: Judged | None = None,
    ) -> _Found:
        support, query, judge = episode.support, episode.query, self._spec.objective
        assert isinstance(support, Recorded) and isinstance(query, Recorded)
        assert isinstance(judge, PolicyGradient)
        first = support.kept[0].y
        told = torch.stack([*numbers, judge.metric(first, first)])
        return _Found(gradient, told.double().sum(1), support.acted + query.acted, judged_again)

    def _parts(self, episodes: Episode) -> list[Episode]:
        size = episodes.support.together
        starts = range(0, len(episodes), size)
        return [recorded(episodes[start : start + size]) for start in starts]
