"""The largest support curvature against closed forms, and where it tells that a step diverges."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
import torch
from torch import nn

from tests.tiny import prepared, tiny_config
from workbench.algorithms.maml import Maml, MamlParams
from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.objective import REGRESSION
from workbench.core.task import ProblemSpec
from workbench.engine import Engine
from workbench.experiments.insight.curvature import largest_eigenvalue, sharpness
from workbench.experiments.session import Learner, untrained

F64 = torch.float64


def line(rate: float) -> tuple[Learner, Episode, float]:
    """Linear regression in float64: the Hessian is 2 X^T X / n wherever one stands."""
    model = nn.Sequential(nn.Linear(3, 1, bias=False)).to(F64)
    method = Maml(MamlParams(inner_rate=rate), Engine(model, ProblemSpec(REGRESSION, (3,), 1), 1))
    draws = torch.Generator().manual_seed(1)
    x = torch.randn(12, 3, generator=draws, dtype=F64)
    y = torch.randn(12, 1, generator=draws, dtype=F64)
    weights = {"0.weight": torch.zeros(1, 3, dtype=F64)}
    exact = float(torch.linalg.eigvalsh(2 * x.T @ x / 12)[-1])
    return (
        Learner(tiny_config(), method, weights, 0, "line"),
        Episode(Batch(x, y), Batch(x, y)),
        exact,
    )


def test_on_a_quadratic_it_is_the_top_eigenvalue_at_every_step() -> None:
    learner, episode, exact = line(0.1)
    found = list(sharpness(learner, episode, 3))
    assert [one.step for one in found] == [0, 1, 2, 3]
    for one in found:
        assert one.rate == pytest.approx(0.1)
        assert one.curvature == pytest.approx(exact, rel=2e-3)


@pytest.mark.parametrize(("factor", "grows"), [(0.9, False), (1.1, True)])
def test_descent_diverges_exactly_above_two_over_alpha(factor: float, grows: bool) -> None:
    exact = line(1.0)[2]
    learner, episode, _ = line(factor * 2 / exact)
    steps = list(learner.adapt(episode, 200))
    assert (steps[-1].support_loss > steps[0].support_loss) is grows
    assert next(sharpness(learner, episode, 0)).overshoots is grows


def test_the_largest_is_not_the_largest_in_size() -> None:
    matrix = torch.diag(torch.tensor([-5.0, 1.0, 2.0, -1.0], dtype=F64))
    found = largest_eigenvalue(lambda v: matrix @ v, torch.zeros(4, dtype=F64))
    assert found == pytest.approx(2.0, rel=1e-2)


METHODS = ("maml", "fomaml", "anil", "boil", "random_init", "imaml", "cavia")
OWN_RATES = ("meta_sgd", "maml_plus_plus", "meta_curvature")


@pytest.fixture(params=[*METHODS, *OWN_RATES])
def learner(request: pytest.FixtureRequest) -> Iterator[tuple[str, Learner, Episode]]:
    config = tiny_config(algorithm={"name": request.param})
    family = prepared(config)
    made = untrained(config, family)
    yield request.param, made, family.draw("test", 0).episode()
    made.algorithm.close()


def test_every_method_with_an_inner_loop_has_it(learner: tuple[str, Learner, Episode]) -> None:
    name, made, episode = learner
    found = list(sharpness(made, episode, 2))
    assert len(found) == 3 and all(math.isfinite(one.growth) for one in found)
    if name in METHODS:
        rate = made.config.algorithm.inner_rate
        assert all(one.rate == pytest.approx(rate, rel=1e-4) for one in found)


def test_methods_without_gradient_steps_say_so() -> None:
    config = tiny_config(algorithm={"name": "nearest_neighbour"})
    family = prepared(config)
    made = untrained(config, family)
    with pytest.raises(BadInput, match="takes no gradient steps"):
        list(sharpness(made, family.draw("test", 0).episode(), 1))
