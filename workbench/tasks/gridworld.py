"""A maze whose goal is hidden and whose controls are permuted: no policy can know it at once.

Every step costs 1 but the one that reaches the goal, so that a return is minus the steps that were
taken before it. What is seen is the cell one stands in. Which of the four actions goes up, right,
down or left is drawn with the task, as are goal and walls; the optimum is found by breadth-first
search.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Generator, Tensor

from workbench.core.actions import CategoricalActions
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.task import Split
from workbench.tasks.control import maze
from workbench.tasks.control.family import ControlFamily
from workbench.tasks.control.params import ControlParams
from workbench.tasks.control.task import ControlTask
from workbench.tasks.control.world import Told, World


class GridworldParams(ControlParams):
    name: Literal["gridworld"] = "gridworld"
    size: int = param(5, marked("Cells along each side of the maze."), ge=5, le=9)
    walls: int = param(3, marked("Cells of the maze that are walls."), ge=0, le=20)
    horizon: int = param(20, marked("Steps of a trajectory at most."), symbol="H", ge=1, le=10_000)


class Walking:
    """Walkers in their mazes; ``goals [...]``, ``lead [..., N * N, 4]`` by action."""

    def __init__(self, goals: Tensor, lead: Tensor, count: int, start: int) -> None:
        self._goals, self._lead = goals.unsqueeze(-1), lead.flatten(-2)
        self._cells = lead.shape[-2]
        self._places = torch.full((*goals.shape, count), start)
        self._there = torch.zeros_like(self._places, dtype=torch.bool)

    def seen(self) -> Tensor:
        return torch.nn.functional.one_hot(self._places, self._cells).to(torch.float32)

    def step(self, actions: Tensor) -> Told:
        asked = 4 * self._places + actions.squeeze(-1).long()
        moved = self._lead.gather(-1, asked)
        self._places = torch.where(self._there, self._places, moved)
        self._there = self._places == self._goals
        there = self._there.to(torch.float32)
        return Told(there - 1, there, torch.zeros_like(there))


class Mazes(World):
    def __init__(self, size: int) -> None:
        self._size = size

    def play(self, truth: Tensor, seeds: Tensor, count: int) -> Walking:
        goals, controls, walls = parts(truth)
        lead = maze.led_to(walls, self._size)
        by_action = lead.gather(-1, controls.unsqueeze(-2).expand_as(lead))
        return Walking(goals, by_action, count, maze.centre(self._size))


class GridworldTask(ControlTask):
    """``truth`` is the goal's cell, the move of each action, and the walls: ``[1 + 4 + N * N]``."""


@register("task", "gridworld", title=marked("Gridworld"), params=GridworldParams)
class Gridworld(ControlFamily):
    """Find a hidden goal in a maze with permuted controls, in as few steps as can be."""

    params: GridworldParams
    task = GridworldTask
    actions = CategoricalActions(4)

    @property
    def observed(self) -> int:
        return self.params.size**2

    @property
    def world(self) -> Mazes:
        return Mazes(self.params.size)

    def truth(self, split: Split, draws: Generator) -> Tensor:
        size = self.params.size
        walls = maze.drawn(size, self.params.walls, draws)
        free = (walls == 0).nonzero().flatten()
        free = free[free != maze.centre(size)]
        goal = free[torch.randint(len(free), (1,), generator=draws)]
        controls = torch.randperm(4, generator=draws)
        return torch.cat([goal.float(), controls.float(), walls])

    def checked(self, truth: Tensor) -> Tensor:
        size = self.params.size
        if truth.shape != (5 + size * size,) or not (truth == truth.round()).all():
            raise BadInput("scene", marked("holds no maze of {0} by {0} cells").format(size))
        goal, controls = int(truth[0]), sorted(truth[1:5].tolist())
        walls = truth[5:]
        if not (controls == [0, 1, 2, 3] and ((walls == 0) | (walls == 1)).all()):
            raise BadInput("scene", marked("its controls or walls are none of a maze"))
        start = maze.centre(size)
        inside = 0 <= goal < size * size and goal != start and not (walls[goal] or walls[start])
        if not inside or maze.distances(walls, torch.tensor(goal), size)[start] == maze.FAR:
            raise BadInput(
                marked("Goal"),
                marked("there is no way to cell {0}").format(goal),
                marked("Choose a free cell other than the middle"),
            )
        return truth

    def possible(self, actions: Tensor) -> Tensor:
        if not ((actions == actions.round()) & (actions >= 0) & (actions < 4)).all():
            raise BadInput(
                marked("Trajectory"),
                marked("its actions are none of the four"),
                marked("Give whole numbers from 0 to 3"),
            )
        return actions

    def title_of(self, truth: Tensor) -> str:
        row, column = divmod(int(truth[0]), self.params.size)
        controls = "".join("↑→↓←"[int(move)] for move in truth[1:5])
        return f"({row + 1}, {column + 1}) {controls}"

    def traits_of(self, truth: Tensor) -> dict[str, float]:
        best = self.bounds_of(truth.unsqueeze(0))[marked("optimum")]
        return {
            marked("steps to the goal"): 1 - float(best),
            marked("walls"): float(truth[5:].sum()),
        }

    def bounds_of(self, truth: Tensor) -> dict[str, Tensor]:
        """The last step of a walk costs nothing: it ends at the goal."""
        goals, _, walls = parts(truth)
        size, horizon = self.params.size, self.params.horizon
        start = maze.centre(size)
        best = (maze.distances(walls, goals, size)[..., start] - 1).clamp_max(horizon)
        lost = maze.wandering(walls, goals, size, horizon, start)
        return {marked("optimum"): -best, marked("random moves"): -lost}


def parts(truth: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Goals ``[...]``, the move of each action ``[..., 4]`` and walls ``[..., N * N]``."""
    return truth[..., 0].long(), truth[..., 1:5].long(), truth[..., 5:]
