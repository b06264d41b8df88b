"""How well a learner adapts to held-out tasks, with an honest interval."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Generator as Going
from dataclasses import replace
from itertools import chain, zip_longest
from typing import NamedTuple, TypeVar

import torch
from torch import Generator, Tensor

from workbench.core.algorithm import Algorithm, Scores, Weights
from workbench.core.curve import Curve
from workbench.core.episode import Episode
from workbench.core.events import Evaluating
from workbench.core.metric import named
from workbench.core.seeds import generator
from workbench.core.task import Split, TaskFamily
from workbench.experiments.scale.group import ALONE, Group, agreed
from workbench.experiments.spread import ci95, spreads

CHUNK = 20
"""Tasks drawn at once; part of the protocol, since it settles which tasks a seed stands for."""

Result = TypeVar("Result")


class _Part(NamedTuple):
    """What a chunk of tasks came to."""

    scores: Scores
    wanted: Tensor
    bounds: dict[str, Tensor]


class Interrupted(Exception):
    """The evaluation was asked to stop before its last task."""


def evaluate(
    algorithm: Algorithm,
    family: TaskFamily,
    weights: Weights,
    *,
    split: Split,
    tasks: int,
    steps: int,
    seed: int,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[Curve, Scores]:
    """Adapt to ``tasks`` tasks of a split; the same seed gives the same tasks to every learner.

    Raises `Interrupted` when ``should_stop`` says so.
    """
    going = watched(algorithm, family, weights, split, tasks, steps, seed, should_stop)
    return drained(going)


def drained(going: Going[object, None, Result]) -> Result:
    """What it comes to, whatever it tells on the way."""
    while True:
        try:
            next(going)
        except StopIteration as end:
            found: Result = end.value
            return found


def watched(
    algorithm: Algorithm,
    family: TaskFamily,
    weights: Weights,
    split: Split,
    tasks: int,
    steps: int,
    seed: int,
    should_stop: Callable[[], bool],
    group: Group = ALONE,
) -> Going[Evaluating, None, tuple[Curve, Scores]]:
    """`evaluate`, telling how far it is.

    The processes of a ``group`` take the chunks in turn, and all get the same bits as one process:
    a chunk is drawn and computed as a whole. Where one is asked to stop, all do.
    """
    own, seconds = list[_Part](), 0.0
    starts = range(0, tasks, CHUNK)
    for turn in range(0, len(starts), group.size):
        yield Evaluating(split, tasks, starts[turn], seconds)
        if agreed(group, 0.0, should_stop())[1]:
            raise Interrupted
        began = time.perf_counter()
        for start in starts[turn + group.rank : turn + group.rank + 1]:
            draws = draws_of(seed, split, start)
            episodes = family.episodes(split, min(CHUNK, tasks - start), draws)
            scores = _on_cpu(algorithm.evaluate(weights, beside(episodes, weights), steps))
            own.append(_Part(scores, episodes.query.y, family.bounds(episodes)))
        seconds += time.perf_counter() - began
    parts = _in_turn(group.gathered(own))
    yield Evaluating(split, tasks, tasks, seconds)
    scores = _together([part.scores for part in parts])
    # Items that a model meets by acting are not those that were drawn.
    if family.spec.labels and not family.spec.collected:
        scores = replace(scores, wanted=torch.cat([part.wanted for part in parts]))
    else:
        scores = replace(scores, predicted=None)
    curve = summarise(scores, family, algorithm, split)
    return replace(curve, bounds=_means([part.bounds for part in parts])), scores


def _in_turn(parts: list[list[_Part]]) -> list[_Part]:
    """One of every process, then the next of every process, which is the order of the tasks."""
    return [part for part in chain(*zip_longest(*parts)) if part is not None]


def _together(parts: list[Scores]) -> Scores:
    known = [part.predicted for part in parts if part.predicted is not None]
    return Scores(
        torch.cat([part.metric for part in parts]),
        torch.cat([part.query_loss for part in parts]),
        torch.cat([part.support_loss for part in parts]),
        torch.cat(known) if len(known) == len(parts) else None,
    )


def predicted(
    algorithm: Algorithm,
    family: TaskFamily,
    weights: Weights,
    split: Split,
    tasks: int,
    steps: int,
    seed: int,
) -> Tensor:
    """`Scores.predicted` of `watched` for a method whose scores do not say: it adapts once more."""
    rows = []
    for start in range(0, tasks, CHUNK):
        episodes = family.episodes(split, min(CHUNK, tasks - start), draws_of(seed, split, start))
        for place in range(len(episodes)):
            *_, last = algorithm.adapt(weights, episodes[place], steps)
            rows.append(last.query_outputs.argmax(-1))
    return torch.stack(rows)


def beside(episodes: Episode, weights: Weights) -> Episode:
    """Episodes, which are drawn on the CPU, brought to where the weights are, in their precision.

    On the CPU they stay as they are, and so do those of a method that has no weights.
    """
    first = next(iter(weights.values()), None)
    if first is None or first.device.type == "cpu":
        return episodes
    return episodes.to(first.device, first.dtype)


def _on_cpu(scores: Scores) -> Scores:
    predicted = None if scores.predicted is None else scores.predicted.cpu()
    return Scores(
        scores.metric.cpu(), scores.query_loss.cpu(), scores.support_loss.cpu(), predicted
    )


def draws_of(seed: int, split: Split, start: int) -> Generator:
    """What the tasks from number ``start`` on are drawn from, `CHUNK` of them."""
    return generator(seed, "evaluate", split, start)


def summarise(scores: Scores, family: TaskFamily, algorithm: Algorithm, split: Split) -> Curve:
    """Means over tasks with 95 % confidence intervals, medians and quantiles."""
    values, metric = scores.metric.double(), family.spec.metric
    return Curve(
        metric=metric,
        split=split,
        tasks=values.shape[0],
        transductive=algorithm.transductive,
        seen_classes=family.seen_classes and split != "train",
        mean=_numbers(values.mean(0)),
        ci95=_numbers(ci95(values)),
        query_loss=_numbers(scores.query_loss.double().mean(0)),
        support_loss=_numbers(scores.support_loss.double().mean(0)),
        spread=spreads(values, errors=not named(metric).larger_is_better),
    )


def _means(parts: list[dict[str, Tensor]]) -> dict[str, float]:
    """Over all tasks, of what is known of every part."""
    return {name: float(torch.cat([p[name] for p in parts]).double().mean()) for name in parts[0]}


def _numbers(values: Tensor) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
