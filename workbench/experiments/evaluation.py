"""How well a learner adapts to held-out tasks, with an honest interval."""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Generator as Going
from dataclasses import replace
from typing import TypeVar

import torch
from torch import Generator, Tensor

from workbench.core.algorithm import Algorithm, Scores, Weights
from workbench.core.curve import Curve
from workbench.core.episode import Episode
from workbench.core.events import Evaluating
from workbench.core.metric import named
from workbench.core.seeds import generator
from workbench.core.task import Split, TaskFamily
from workbench.experiments.spread import ci95, spreads

CHUNK = 20
"""Tasks drawn at once; part of the protocol, since it settles which tasks a seed stands for."""

Result = TypeVar("Result")


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
) -> Going[Evaluating, None, tuple[Curve, Scores]]:
    """`evaluate`, telling how far it is."""
    parts, wanted, seconds = list[Scores](), list[Tensor](), 0.0
    bounds = list[dict[str, Tensor]]()
    for start in range(0, tasks, CHUNK):
        yield Evaluating(split, tasks, start, seconds)
        if should_stop():
            raise Interrupted
        began = time.perf_counter()
        draws = draws_of(seed, split, start)
        episodes = family.episodes(split, min(CHUNK, tasks - start), draws)
        parts.append(_on_cpu(algorithm.evaluate(weights, beside(episodes, weights), steps)))
        wanted.append(episodes.query.y)
        bounds.append(family.bounds(episodes))
        seconds += time.perf_counter() - began
    yield Evaluating(split, tasks, tasks, seconds)
    scores = Scores(
        torch.cat([part.metric for part in parts]),
        torch.cat([part.query_loss for part in parts]),
        torch.cat([part.support_loss for part in parts]),
    )
    # Items that a model meets by acting are not those that were drawn.
    if family.spec.labels and not family.spec.collected:
        known = [part.predicted for part in parts if part.predicted is not None]
        predicted = torch.cat(known) if len(known) == len(parts) else None
        scores = replace(scores, predicted=predicted, wanted=torch.cat(wanted))
    curve = summarise(scores, family, algorithm, split)
    return replace(curve, bounds=_means(bounds)), scores


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
