"""What methods share whose steps are not a `Rule`: mini-batches, optimisers with a memory.

Such a method is a descent: the weights in use after 0, 1, ... steps on a support set.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from functools import partial

import torch
from torch import nn

from workbench.algorithms.watching import observe, relative_change
from workbench.core.algorithm import AdaptStep, Algorithm, Scores, Weights
from workbench.core.episode import Batch, Episode
from workbench.core.seeds import generator
from workbench.engine import Engine, Forward
from workbench.engine.scored import Scored, together


class SteppedMethod(Algorithm):
    """Adapt along a descent; scored and watched step by step."""

    engine: Engine

    @abstractmethod
    def descent(
        self, forward: Forward, weights: Weights, support: Batch, steps: int
    ) -> Iterator[Weights]:
        """The model's weights after 0, 1, ... ``steps`` steps, detached."""

    def on_episode(self, forward: Forward, weights: Weights, episode: Episode) -> Forward:
        """The model as it is run on one episode: a method may keep what its steps do not change."""
        return forward

    @property
    def test_steps(self) -> int:
        return int(self.params.test_steps)

    @property
    def transductive(self) -> bool:
        return self.engine.transductive

    @property
    def strategy(self) -> str:
        return self.engine.strategy()

    def initial(self) -> Weights:
        return self.engine.initial()

    def evaluate(self, weights: Weights, episodes: Episode, steps: int) -> Scores:
        def work(forward: Forward, shared: Weights, episode: Episode, task: int) -> Scored:
            own = self.on_episode(forward, shared, episode)
            path = self.descent(own, shared, episode.support, steps)
            return self.engine.score(own, path, episode)

        return together(self.engine.each(weights, episodes, work))

    def adapt(self, weights: Weights, episode: Episode, steps: int) -> Iterator[AdaptStep]:
        forward = self.on_episode(self.engine.forward(), weights, episode)
        before = Weights()
        for step, used in enumerate(self.descent(forward, weights, episode.support, steps)):
            with torch.no_grad():
                seen = episode.met(partial(forward, used), step)
                support = forward(used, seen.support.x)
                query = self.engine.query_outputs(forward, used, seen)
            norms = relative_change(before, used)
            yield observe(self.engine.spec, step, seen, support, query, norms)
            before = used

    def path(self, weights: Weights, episode: Episode, steps: int) -> Iterator[Weights]:
        return self.descent(self.engine.forward(), weights, episode.support, steps)

    def adapted(self, weights: Weights, episode: Episode, steps: int) -> nn.Module:
        *_, used = self.path(weights, episode, steps)
        return self.engine.module(used)

    def close(self) -> None:
        self.engine.close()


def minibatches(pool: Batch, size: int, *keys: int | str) -> Iterator[Batch]:
    """Endless mini-batches of a pool, drawn from the keys."""
    return (Batch(pool.x[rows], pool.y[rows]) for rows in row_batches(len(pool.y), size, *keys))


def row_batches(count: int, size: int, *keys: int | str) -> Iterator[list[int]]:
    """Endless mini-batches of row numbers: all rows in random order, again and again."""
    draws, rows, size = generator(*keys), list[int](), min(size, count)
    while True:
        while len(rows) < size:
            rows += torch.randperm(count, generator=draws).tolist()
        taken, rows = rows[:size], rows[size:]
        yield taken


def epoch_batches(count: int, size: int, *keys: int | str) -> Iterator[list[list[int]]]:
    """Endless epochs: all rows once, in an order of their own, the last batch perhaps smaller."""
    draws = generator(*keys)
    while True:
        order = torch.randperm(count, generator=draws).tolist()
        yield [order[start : start + size] for start in range(0, count, size)]
