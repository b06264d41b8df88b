"""The weights in use after every step, for whichever kind of method."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.algorithms.inner_loop import InnerLoopMethod
from workbench.algorithms.metric import MetricMethod
from workbench.algorithms.stepped import SteppedMethod
from workbench.algorithms.transfer import Transfer
from workbench.core.algorithm import Weights
from workbench.core.episode import Episode
from workbench.engine import Engine, Forward
from workbench.experiments.session import Learner


def engine_of(learner: Learner) -> Engine:
    method = learner.algorithm
    assert isinstance(method, (InnerLoopMethod, SteppedMethod, MetricMethod))
    return method.engine


def features_of(learner: Learner) -> Forward:
    """What the learner's head is given: ``([n, *input_shape]) -> [n, e]``.

    Learners that compare embeddings have no head: all of their model is features.
    """
    method = learner.algorithm
    if isinstance(method, Transfer):
        return method.features()
    engine = engine_of(learner)
    return engine.forward() if isinstance(method, MetricMethod) else engine.features()


def weights_on_the_way(learner: Learner, episode: Episode, steps: int) -> Iterator[Weights]:
    """The model's weights after 0, 1, ... steps; step 0 alone where there are none."""
    method, weights = learner.algorithm, learner.weights
    if isinstance(method, InnerLoopMethod):
        yield from (used for used, _ in method.engine.walk(weights, episode, method.rule(steps)))
    elif isinstance(method, SteppedMethod):
        yield from method.path(method.engine.forward(), weights, episode.support, steps)
    else:
        yield weights
