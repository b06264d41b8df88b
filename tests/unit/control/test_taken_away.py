"""What is asked of any learner is asked of a policy on the states that it met."""

from __future__ import annotations

import math

import torch

from tests.tiny import prepared
from tests.unit.control.kit import config_of
from workbench.experiments.exports.adapted import CLOSE, AdaptedModel
from workbench.experiments.insight.feature_reuse import reuse
from workbench.experiments.session import untrained


def test_an_adapted_policy_is_a_model_that_acts_alike() -> None:
    config = config_of()
    family = prepared(config)
    found = AdaptedModel.of(untrained(config, family), family.draw("test", 1), 2, family.spec)
    assert found.items.shape == (4 * 8, 2) and found.difference() <= CLOSE
    assert torch.equal(found.items[0], torch.zeros(2))


def test_features_are_compared_on_what_was_met() -> None:
    config = config_of("gridworld", algorithm={"name": "maml", "inner_rate": 1.0})
    family = prepared(config)
    found = reuse(untrained(config, family), family.draw("test", 1).episode(), 2)
    assert found.nil is None
    assert all(math.isfinite(value) and value > 0.5 for value in found.similarity.values())
