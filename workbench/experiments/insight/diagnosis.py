"""Where a learner's accuracy comes from: its features, its head, or the order of the labels.

Four measurements on the same tasks: the learner as it is; without its head (the NIL test, see
`feature_reuse`); with its head at zero before it adapts; and with the classes of each task numbered
otherwise. A learner that has to learn a task from its support set does not mind the numbers; one
whose meta-parameters hold a label for what they see, which never changed in training, falls
(M. Yin et al., "Meta-Learning without Memorization", ICLR 2020).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import torch
from torch import Tensor

from workbench.algorithms.metric import MetricMethod
from workbench.algorithms.transfer import Transfer
from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.seeds import generator
from workbench.experiments.insight.feature_reuse import Reuse, reuse
from workbench.experiments.session import Learner

Kind = Literal["own", "nil", "zero_head", "relabelled"]
PERMUTATIONS = 10


@dataclass(frozen=True)
class Finding:
    """The query metric of T tasks."""

    kind: Kind
    before: Tensor | None
    """``[T]`` before adapting; nothing where adapting is one closed form."""
    after: Tensor
    """``[T]``"""
    spread: Tensor | None = None
    """``[T]``, of the relabelled: the standard deviation of ``after`` over the orders tried."""


@dataclass(frozen=True)
class Diagnosis:
    """What is known so far; findings that do not apply to the learner or the task are left out."""

    findings: tuple[Finding, ...]
    similarity: dict[str, Tensor]
    """``[T]`` for each block of the model: linear CKA of its features before and after adapting;
    none where adapting is one closed form."""
    progress: float

    def of(self, kind: Kind) -> Finding | None:
        return next((finding for finding in self.findings if finding.kind == kind), None)


def diagnose(
    learner: Learner, episodes: Episode, steps: int, seed: int, permutations: int = PERMUTATIONS
) -> Iterator[Diagnosis]:
    """Measure on T stacked tasks; yields what is known after every measurement.

    The same seed numbers the classes in the same ``permutations`` other ways, or in all there are.
    """
    own = _measured("own", learner, episodes, steps)
    parts = 3.0 + permutations
    yield Diagnosis((own,), {}, 1 / parts)
    reused = [reuse(learner, episodes[task], steps) for task in range(len(episodes))]
    similarity = {} if own.before is None else _similarity(reused)
    known = Diagnosis((own, *_without_head(reused, own)), similarity, 2 / parts)
    yield known
    zeroed = zero_headed(learner)
    if zeroed is not None:
        found = _measured("zero_head", zeroed, episodes, steps)
        known = replace(known, findings=(*known.findings, found), progress=3 / parts)
        yield known
    spec = learner.algorithm.engine.spec
    if spec.labels:
        for number, found in enumerate(_relabelled(learner, episodes, steps, seed, permutations)):
            findings = (*known.findings, found)
            yield replace(known, findings=findings, progress=(4 + number) / parts)


def _measured(kind: Kind, learner: Learner, episodes: Episode, steps: int) -> Finding:
    metric = learner.algorithm.evaluate(learner.weights, episodes, steps).metric.double()
    return Finding(kind, metric[:, 0] if metric.shape[1] > 1 else None, metric[:, -1])


def _without_head(reused: list[Reuse], own: Finding) -> Iterator[Finding]:
    pairs = [one.nil for one in reused if one.nil is not None]
    if pairs:
        before, after = torch.tensor(pairs, dtype=torch.float64).unbind(1)
        yield Finding("nil", None if own.before is None else before, after)


def _similarity(reused: list[Reuse]) -> dict[str, Tensor]:
    return {
        name: torch.tensor([one.similarity[name] for one in reused], dtype=torch.float64)
        for name in reused[0].similarity
    }


def zero_headed(learner: Learner) -> Learner | None:
    """The learner with its head at zero before it adapts; nothing where it has no such head."""
    method = learner.algorithm
    if isinstance(method, Transfer) and method.params.mode in ("head", "all"):
        params = method.params.model_copy(update={"zero_head": True})
        learner = replace(learner, algorithm=Transfer(params, method.engine))
        if method.has_new_head:
            return learner
    elif isinstance(method, (MetricMethod, Transfer)):
        return None
    try:
        head = learner.algorithm.engine.head & learner.weights.keys()
    except BadInput:
        return None
    zeros = {name: torch.zeros_like(learner.weights[name]) for name in head}
    return replace(learner, weights={**learner.weights, **zeros}) if head else None


def _relabelled(
    learner: Learner, episodes: Episode, steps: int, seed: int, count: int
) -> Iterator[Finding]:
    """The mean over the orders tried so far."""
    before, after = list[Tensor](), list[Tensor]()
    for order in orders(learner.algorithm.engine.spec.outputs, count, seed):
        found = _measured("own", learner, relabelled(episodes, order), steps)
        after.append(found.after)
        if found.before is not None:
            before.append(found.before)
        ends = torch.stack(after)
        spread = ends.std(0, unbiased=True) if len(after) > 1 else torch.zeros_like(ends[0])
        first = torch.stack(before).mean(0) if before else None
        yield Finding("relabelled", first, ends.mean(0), spread)


def relabelled(episodes: Episode, order: Tensor) -> Episode:
    """The same tasks with class c called ``order[c]``, in support and query set."""

    def named(batch: Batch) -> Batch:
        return Batch(batch.x, order.to(batch.y.device)[batch.y])

    return Episode(named(episodes.support), named(episodes.query))


def orders(ways: int, count: int, seed: int) -> Iterator[Tensor]:
    """Different permutations of the classes, none of which leaves all of them as they are."""
    draws, seen = generator(seed, "permutations"), {tuple(range(ways))}
    wanted = 1 + min(count, math.factorial(ways) - 1)
    while len(seen) < wanted:
        order = torch.randperm(ways, generator=draws)
        if tuple(order.tolist()) not in seen:
            seen.add(tuple(order.tolist()))
            yield order
