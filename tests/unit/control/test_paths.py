"""Trajectories one by one, as the lab draws them."""

from __future__ import annotations

import pytest
import torch

from tests.unit.control.kit import built, config_of
from workbench.core.paths import Paths
from workbench.core.policy_gradient import PolicyGradient
from workbench.tasks.control.rollouts import Rollouts
from workbench.tasks.control.task import ControlTask


def test_they_are_what_was_lived_through() -> None:
    family, algorithm = built(config_of("gridworld", task={"horizon": 40}))
    task, objective = family.draw("test", 3), family.spec.objective
    assert isinstance(task, ControlTask) and isinstance(objective, PolicyGradient)
    picked = task.without((0, 1)).episode()
    (step,) = algorithm.adapt(algorithm.initial(), picked, 0)
    assert step.met is not None and isinstance(picked.support, Rollouts)
    found = Paths.of(objective, step.met.support)
    forward, weights = algorithm.engine.forward(), algorithm.initial()
    lived = picked.support.lived(lambda seen: forward(weights, seen))
    assert torch.equal(found.states, lived.observations[:, :-1])
    assert torch.equal(found.actions, lived.actions)
    assert torch.equal(found.returns, lived.rewards.sum(1))
    assert torch.equal(found.lengths, lived.alive.sum(1))
    assert found.lengths.min() < 40  # one has reached the goal
    assert found.counted.tolist() == [True, False, True, True]
    query = Paths.of(objective, step.met.query)
    assert query.returns.mean() == pytest.approx(step.query_metric, rel=1e-5)
