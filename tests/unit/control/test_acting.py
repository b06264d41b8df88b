"""All tasks at once: the numbers of the general route, whoever computes them."""

from __future__ import annotations

import pytest
import torch

from tests.unit.control.kit import built, config_of
from workbench.core.algorithm import MetaGradient
from workbench.core.seeds import generator
from workbench.experiments.config import ExperimentConfig


def found(config: ExperimentConfig, tasks: int) -> MetaGradient:
    family, algorithm = built(config)
    episodes = algorithm.draw(family, tasks, generator(0, "train", 0))
    gradient = algorithm.meta_gradient(algorithm.initial(), episodes, 0, 0)
    algorithm.close()
    return gradient


@pytest.mark.parametrize("family", ["navigation", "gridworld"])
@pytest.mark.parametrize("name", ["maml", "fomaml", "anil", "meta_sgd", "reptile", "cavia"])
def test_they_are_the_numbers_of_task_by_task(family: str, name: str) -> None:
    steps = {"name": name, "inner_steps": 2, "inner_rate": 0.1}
    one, other = (
        found(config_of(family, algorithm=steps, training={"strategy": strategy}), 3)
        for strategy in ("auto", "general")
    )
    assert one.query_metric == pytest.approx(other.query_metric, rel=1e-4)
    assert one.query_loss == pytest.approx(other.query_loss, rel=1e-3, abs=1e-5)
    for key, gradient in one.gradients.items():
        torch.testing.assert_close(gradient, other.gradients[key], rtol=1e-3, atol=1e-5)


def test_reptile_says_that_all_trajectories_go_together() -> None:
    steps = {"name": "reptile", "inner_steps": 2}
    for strategy, said in (("auto", "all trajectories of all tasks"), ("general", "task by task")):
        _, algorithm = built(config_of(algorithm=steps, training={"strategy": strategy}))
        assert algorithm.strategy.startswith(said)


@pytest.mark.parametrize(("family", "tasks"), [("navigation", 45), ("gym", 9)])
def test_two_workers_give_the_bits_of_one(family: str, tasks: int) -> None:
    """More tasks than one part takes."""
    one, two = (found(config_of(family, training={"workers": n}), tasks) for n in (1, 2))
    assert all(torch.equal(g, two.gradients[name]) for name, g in one.gradients.items())
    assert one.acted is not None and two.acted is not None
    assert (one.query_metric, one.acted.steps) == (two.query_metric, two.acted.steps)


@pytest.mark.parametrize("family", ["navigation", "gridworld", "gym"])
def test_watching_a_task_shows_what_is_measured_of_it(family: str) -> None:
    task, algorithm = built(config_of(family))
    episodes = task.episodes("test", 3, generator(1))
    scores = algorithm.evaluate(algorithm.initial(), episodes, 2)
    for number in range(3):
        steps = list(algorithm.adapt(algorithm.initial(), episodes[number], 2))
        told = torch.tensor([step.query_metric for step in steps])
        torch.testing.assert_close(told, scores.metric[number], rtol=1e-4, atol=1e-4)


def test_every_step_learns_from_trajectories_of_its_own() -> None:
    family, algorithm = built(config_of(algorithm={"inner_rate": 1e-9}))
    episode = family.draw("test", 0).episode()
    first, second = (step.met for step in algorithm.adapt(algorithm.initial(), episode, 1))
    assert first is not None and second is not None
    assert not torch.allclose(first.support.x, second.support.x)
    assert not torch.allclose(first.support.x, first.query.x)


def test_more_is_earned_after_a_step_than_before_it() -> None:
    config = config_of(task={"shots": 30, "queries": 30, "scale": 0.1})
    family, algorithm = built(config.replaced({"algorithm": {"inner_rate": 1.0}}))
    episodes = family.episodes("test", 20, generator(2))
    before, *_, after = algorithm.evaluate(algorithm.initial(), episodes, 4).metric.mean(0)
    assert after > before
