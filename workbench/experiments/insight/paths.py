"""The weights in use after every step, for whichever kind of method."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.algorithms.inner_loop import InnerLoopMethod
from workbench.algorithms.metric import MetricMethod
from workbench.algorithms.stepped import SteppedMethod
from workbench.core.algorithm import Weights
from workbench.core.episode import Episode
from workbench.engine import Engine
from workbench.experiments.session import Learner


def engine_of(learner: Learner) -> Engine:
    method = learner.algorithm
    assert isinstance(method, (InnerLoopMethod, SteppedMethod, MetricMethod))
    return method.engine


def weights_on_the_way(learner: Learner, episode: Episode, steps: int) -> Iterator[Weights]:
    """The model's weights after 0, 1, ... steps; step 0 alone where there are none."""
    method, weights = learner.algorithm, learner.weights
    if isinstance(method, InnerLoopMethod):
        yield from (used for used, _ in method.engine.walk(weights, episode, method.rule(steps)))
    elif isinstance(method, SteppedMethod):
        yield from method.path(method.engine.forward(), weights, episode.support, steps)
    else:
        yield weights
