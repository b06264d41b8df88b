"""The floors of regression, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.core.episode import Batch, Episode
from workbench.tasks.floors import STRENGTH, floors, least_squares, mean_of_support, ridge


def drawn(shots: int = 6, inputs: int = 2, outputs: int = 3, tasks: int = 4) -> Episode:
    draws = torch.Generator().manual_seed(shots)

    def part(rows: int) -> Batch:
        x = torch.randn(tasks, rows, inputs, generator=draws)
        return Batch(x, torch.randn(tasks, rows, outputs, generator=draws))

    return Episode(part(shots), part(5))


def test_the_mean_is_that_of_each_task() -> None:
    episodes = drawn()
    for task, found in enumerate(mean_of_support(episodes)):
        one = episodes[task]
        expected = (one.query.y - one.support.y.mean(0)).square().mean()
        assert float(found) == pytest.approx(float(expected))


@pytest.mark.parametrize(("shots", "inputs"), [(6, 2), (3, 8), (1, 2)])
def test_the_ridge_is_its_normal_equations(shots: int, inputs: int) -> None:
    """Written with the offset as an unpenalised column, in numpy."""
    episodes = drawn(shots, inputs)
    for task, found in enumerate(ridge(episodes)):
        x, y, q, w = (
            part.double().numpy()
            for part in (
                episodes.support.x[task],
                episodes.support.y[task],
                episodes.query.x[task],
                episodes.query.y[task],
            )
        )
        columns = np.hstack([x, np.ones((shots, 1))])
        penalty = STRENGTH * np.diag([1.0] * inputs + [0.0])
        slopes = np.linalg.solve(columns.T @ columns + penalty, columns.T @ y)
        answered = np.hstack([q, np.ones((5, 1))]) @ slopes
        assert float(found) == pytest.approx(float(((answered - w) ** 2).mean()), rel=1e-5)


def test_least_squares_with_the_right_features_is_exact() -> None:
    x = torch.linspace(-2, 2, 7)[None, :, None]
    support = Batch(x, 3 * x.square() - x + 2)
    asked = torch.linspace(-3, 3, 5)[None, :, None]
    query = Batch(asked, 3 * asked.square() - asked + 2)
    episode = Episode(support, query)
    parabola = least_squares(episode, lambda x: torch.cat([x**0, x, x**2], -1))
    assert float(parabola) < 1e-10 < float(ridge(episode)) < float(mean_of_support(episode))


def test_they_are_of_every_task_and_named() -> None:
    assert {name: len(values) for name, values in floors(drawn()).items()} == {
        "mean of the support": 4,
        "ridge on the support": 4,
    }
