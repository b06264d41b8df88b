"""Advantages and the baseline against plain loops; limits of time are not ends of the world."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from workbench.core.advantages import advantages, returns_to_go
from workbench.tasks.control.baseline import features, fitted_values

DISCOUNT, DECAY = 0.9, 0.8


def draws() -> torch.Generator:
    return torch.Generator().manual_seed(1)


def by_loop(rewards: list[float], values: list[float], ended: bool) -> list[float]:
    """The definition, a sum over what follows each step; ``ended`` in a terminal state."""
    steps = len(rewards)
    after = [*values[1:steps], 0.0 if ended else values[steps]]
    deltas = [r + DISCOUNT * v - own for r, v, own in zip(rewards, after, values, strict=False)]
    return [
        sum((DISCOUNT * DECAY) ** k * delta for k, delta in enumerate(deltas[at:]))
        for at in range(steps)
    ]


@pytest.mark.parametrize(("length", "ended"), [(6, False), (6, True), (3, True), (3, False)])
def test_they_are_the_sum_that_defines_them(length: int, ended: bool) -> None:
    rewards, values = torch.randn(6, generator=draws()), torch.randn(7, generator=draws())
    alive, terminal = (torch.arange(6) < length).float(), torch.zeros(6)
    terminal[length - 1] = float(ended)
    found = advantages(rewards * alive, values, alive, terminal, DISCOUNT, DECAY)
    wanted = by_loop(rewards[:length].tolist(), values.tolist(), ended)
    torch.testing.assert_close(found[:length], torch.tensor(wanted))
    assert not found[length:].any()


def test_what_was_reached_at_a_limit_of_time_is_worth_something_and_a_terminal_state_is_not() -> (
    None
):
    rewards, values, alive = torch.zeros(2, 3), torch.zeros(2, 4), torch.ones(2, 3)
    values[:, 3] = 10
    terminal = torch.tensor([[0.0, 0, 0], [0, 0, 1]])
    cut, ended = advantages(rewards, values, alive, terminal, DISCOUNT, 1.0)
    torch.testing.assert_close(cut, 10 * DISCOUNT ** torch.tensor([3.0, 2, 1]))
    assert not ended.any()


def test_returns_to_go_are_discounted_sums() -> None:
    found = returns_to_go(torch.tensor([[1.0, 2, 3]]), 0.5)
    assert found.tolist() == [[1 + 1 + 0.75, 3.5, 3.0]]


def plainly_fitted(observations: Tensor, returns: Tensor, counted: Tensor) -> Tensor:
    """One task, one trajectory after the other, by the textbook."""
    rows, wanted = [], []
    for path, earned, counts in zip(observations, returns, counted, strict=True):
        for time, (seen, told, here) in enumerate(zip(path, earned, counts, strict=False)):
            if here:
                o, t = seen.clamp(-10, 10).tolist(), time / 100
                rows.append([*o, *(one**2 for one in o), t, t**2, t**3, 1.0])
                wanted.append(float(told))
    table = np.array(rows)
    square = table.T @ table + 1e-5 * np.eye(table.shape[1])
    weights = np.linalg.solve(square, table.T @ np.array(wanted))
    return (features(observations) @ torch.from_numpy(weights)).float()


def test_the_baseline_is_the_ridge_of_the_textbook_task_by_task() -> None:
    observations = 4 * torch.randn(2, 5, 9, 3, generator=draws())
    returns = torch.randn(2, 5, 8, generator=draws())
    counted = (torch.rand(2, 5, 8, generator=draws()) > 0.3).float()
    found = fitted_values(observations, returns, counted)
    for task in range(2):
        wanted = plainly_fitted(observations[task], returns[task], counted[task])
        torch.testing.assert_close(found[task], wanted, rtol=1e-4, atol=1e-4)
