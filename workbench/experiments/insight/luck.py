"""Where a support set stands among others of the same classes: one episode misleads."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.core.episode import stack
from workbench.core.metric import named
from workbench.core.seeds import generator
from workbench.core.task import ProblemSpec, Task
from workbench.experiments.session import Learner

CHUNK = 10
"""Support sets tried at once."""


@dataclass(frozen=True)
class Luck:
    """How the support set in hand compares with the ``tried`` others."""

    own: float
    """What is lost after adapting to it; of any support set, infinite where it diverges.

    The query loss; of a policy, whose loss is there for its gradient alone, minus the return.
    """
    others: tuple[float, ...]
    best: Task
    worst: Task
    judged_by: str = ""
    """The metric that is lost where that is not the loss; its sign is then the other one."""

    @property
    def tried(self) -> int:
        return len(self.others)

    @property
    def percentile(self) -> float:
        """The share of the others that serve worse, in per cent; ties count half."""
        worse = sum(loss > self.own for loss in self.others)
        equal = sum(loss == self.own for loss in self.others)
        return 100 * (worse + equal / 2) / max(self.tried, 1)

    def loss(self, task: Task) -> float:
        """That of the best or the worst support set, or else of the one in hand."""
        if task is self.best:
            return min(self.own, *self.others)
        return max(self.own, *self.others) if task is self.worst else self.own


def luck(learner: Learner, task: Task, steps: int, seed: int, count: int = 200) -> Iterator[Luck]:
    """Yield what is known after every chunk; the same seed tries the same support sets."""
    own = _losses(learner, [task], steps)[0]
    best = worst = (own, task)
    others: list[float] = []
    for start in range(0, count, CHUNK):
        tried = [
            task.another_support(generator(seed, "luck", number))
            for number in range(start, min(start + CHUNK, count))
        ]
        found = _losses(learner, tried, steps)
        others += found
        ranked = sorted([best, worst, *zip(found, tried, strict=True)], key=lambda pair: pair[0])
        best, worst = ranked[0], ranked[-1]
        yield Luck(own, tuple(others), best[1], worst[1], _judged_by(learner))


def _losses(learner: Learner, tasks: list[Task], steps: int) -> list[float]:
    episodes = stack([task.episode() for task in tasks])
    scores = learner.algorithm.evaluate(learner.weights, episodes, steps)
    lost = -scores.metric if _judged_by(learner) else scores.query_loss
    losses: list[float] = lost[:, -1].tolist()
    return [loss if math.isfinite(loss) else math.inf for loss in losses]


def _judged_by(learner: Learner) -> str:
    spec: ProblemSpec = learner.algorithm.engine.spec
    return spec.metric if spec.collected and named(spec.metric).larger_is_better else ""
