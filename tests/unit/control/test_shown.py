"""What the window asks of control: the luck of a policy's support set, names of states."""

from __future__ import annotations

import pytest

from tests.tiny import prepared
from tests.unit.control.kit import config_of
from workbench.experiments.insight.luck import luck
from workbench.experiments.session import untrained
from workbench.tasks.half_cheetah import HalfCheetah


def test_the_luck_of_a_policy_is_its_return() -> None:
    config = config_of("navigation")
    family = prepared(config)
    learner, task = untrained(config, family), family.draw("test", 1)
    *_, found = luck(learner, task, 2, seed=1, count=6)
    own, best, worst = (
        list(learner.adapt(one.episode(), 2))[-1].query_metric
        for one in (task, found.best, found.worst)
    )
    assert found.judged_by == "return" and -found.own == pytest.approx(own, rel=1e-4)
    assert best == pytest.approx(-min(found.own, *found.others), rel=1e-4)
    assert worst == pytest.approx(-max(found.own, *found.others), rel=1e-4)
    assert worst < best


def test_every_number_of_a_state_has_a_name_or_none_has() -> None:
    assert len(HalfCheetah.seen_names) == HalfCheetah.observed
