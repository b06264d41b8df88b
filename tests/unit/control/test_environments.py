"""Navigation and gridworld: what can be earned, and that no policy earns more."""

from __future__ import annotations

from collections import deque

import pytest
import torch
from torch import Tensor

from tests.tiny import prepared
from tests.unit.control.kit import config_of
from workbench.core.seeds import generator
from workbench.tasks.control import maze
from workbench.tasks.control.rollouts import Rollouts
from workbench.tasks.gridworld import Gridworld, parts
from workbench.tasks.navigation import Navigation

TASKS = 30


def rollouts(family: str, **task: object) -> tuple[Navigation | Gridworld, Rollouts]:
    made = prepared(config_of(family, task=task))
    query = made.episodes("test", TASKS, generator(0, family)).query
    assert isinstance(query, Rollouts) and isinstance(made, (Navigation, Gridworld))
    return made, query


def returns(query: Rollouts, act: object) -> Tensor:
    """``[T, n]``"""
    lived = query.lived(act)  # type: ignore[arg-type]
    return lived.rewards.sum(-1)


def heading(goals: Tensor) -> object:
    """A policy that is told the goal and walks there along both axes, without noise."""

    def act(seen: Tensor) -> Tensor:
        means = goals.unsqueeze(-2) - seen
        return torch.cat([means, torch.full_like(means, -20.0)], -1)

    return act


def test_who_knows_the_goal_earns_the_optimum() -> None:
    family, query = rollouts("navigation", horizon=20)
    best = family.bounds_of(query.truth)
    earned = returns(query, heading(query.truth))
    torch.testing.assert_close(earned, best["optimum"].unsqueeze(1).expand_as(earned))
    assert best["optimum"].mean() == pytest.approx(-0.5, abs=0.15)  # -0.506 over all goals
    staying = 20 * query.truth.norm(dim=-1)
    torch.testing.assert_close(best["staying put"], -staying)


@pytest.mark.parametrize("seed", range(3))
def test_no_policy_of_a_point_earns_more(seed: int) -> None:
    family, query = rollouts("navigation", horizon=20)
    draws, best = generator(seed), family.bounds_of(query.truth)["optimum"]
    weight, spread = torch.randn(2, 2, generator=draws), torch.rand(2, generator=draws).log()
    towards = heading(query.truth)

    def act(seen: Tensor) -> Tensor:
        means = towards(seen)[..., :2] + 0.1 * seen @ weight  # type: ignore[operator]
        return torch.cat([means, spread.expand_as(means)], -1)

    assert (returns(query, act) <= best.unsqueeze(1) + 1e-5).all()


def searched(walls: Tensor, start: int, goal: int, size: int) -> int:
    """Moves from start to goal, by the textbook's queue."""
    lead, waiting, seen = maze.led_to(walls, size), deque([(start, 0)]), {start}
    while waiting:
        cell, moves = waiting.popleft()
        if cell == goal:
            return moves
        for there in lead[cell].tolist():
            if there not in seen:
                seen.add(there)
                waiting.append((there, moves + 1))
    raise AssertionError("there is no way")


@pytest.mark.parametrize("size", [5, 9])
def test_the_optimum_of_a_maze_is_that_of_a_search(size: int) -> None:
    family, query = rollouts("gridworld", size=size, walls=size, horizon=40)
    goals, _, walls = parts(query.truth)
    best = family.bounds_of(query.truth)["optimum"]
    start = maze.centre(size)
    for goal, maze_walls, most in zip(goals.tolist(), walls, best.tolist(), strict=True):
        assert most == 1 - searched(maze_walls, start, goal, size)
        assert maze_walls.sum() == size and not maze_walls[goal] and not maze_walls[start]


def shortest(query: Rollouts, size: int) -> object:
    """A policy that knows goal, walls and controls."""
    goals, controls, walls = parts(query.truth)
    far = maze.distances(walls, goals, size)
    lead = maze.led_to(walls, size)
    ahead = far.unsqueeze(-1).expand_as(lead).gather(-2, lead)
    by_action = ahead.gather(-1, controls.unsqueeze(-2).expand_as(ahead))
    return lambda seen: -1000 * (seen @ by_action)


def test_who_knows_the_maze_earns_the_optimum_and_nobody_more() -> None:
    family, query = rollouts("gridworld", horizon=20)
    best = family.bounds_of(query.truth)["optimum"].unsqueeze(1)
    earned = returns(query, shortest(query, 5))
    assert torch.equal(earned, best.expand_as(earned))
    for seed in range(3):
        logits = 3 * torch.randn(25, 4, generator=generator(seed))
        assert (returns(query, lambda seen, logits=logits: seen @ logits) <= best).all()


def test_wandering_is_what_moves_at_random_come_to() -> None:
    family, query = rollouts("gridworld", horizon=20, queries=400)
    earned = returns(query, lambda seen: seen.new_zeros(*seen.shape[:-1], 4)).mean(1)
    told = family.bounds_of(query.truth)["random moves"]
    torch.testing.assert_close(earned, told, rtol=0, atol=1.5)
    assert (earned - told).mean().abs() < 0.15


def test_an_episode_ends_at_the_goal_and_goes_on_to_the_horizon_without_it() -> None:
    _, query = rollouts("navigation", horizon=20)
    lived = query.lived(heading(query.truth))  # type: ignore[arg-type]
    steps = (query.truth.abs().amax(-1) / 0.1 - 0.1).ceil()  # within 0.01 is near enough
    assert torch.equal(lived.alive.sum(-1), steps.unsqueeze(1).expand(TASKS, 4))
    assert torch.equal(lived.terminal.sum(-1), torch.ones(TASKS, 4))
    away = query.lived(heading(-query.truth))  # type: ignore[arg-type]
    assert away.alive.all() and not away.terminal.any()
