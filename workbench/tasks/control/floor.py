"""What acting at random earns: the floor of environments of which no bound is known."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from workbench.core.actions import Actions
from workbench.core.marked import marked
from workbench.core.seeds import derive, generator
from workbench.core.task import Report
from workbench.tasks.control.world import World

log = logging.getLogger(__name__)

EPISODES = 10
MOST_STEPS = 20_000
"""Of all tasks together: nobody waits longer for a floor."""

Floor = dict[tuple[float, ...], float]
"""The mean return by what settles a task."""


def measured(
    world: World, actions: Actions, tasks: Sequence[Tensor], horizon: int, report: Report
) -> Floor:
    """Of every task; empty where that takes too long, or an environment fails."""
    found: Floor = {}
    count = episodes(len(tasks), horizon)
    for place, truth in enumerate(tasks if count else ()):
        report(marked("Acting at random"), place / len(tasks))
        try:
            found[tuple(truth.tolist())] = earned(world, actions, truth, horizon, count)
        except Exception:
            # What an environment's own code raises is told where a policy acts in it.
            log.info("no floor of an environment", exc_info=True)
            return {}
    return found


def episodes(tasks: int, horizon: int) -> int:
    """How many of each task there is time for; 0 where not even one."""
    return min(EPISODES, MOST_STEPS // max(tasks * horizon, 1))


def earned(world: World, actions: Actions, truth: Tensor, horizon: int, count: int) -> float:
    """The mean return of ``count`` episodes of a task ``[p]``, any action as likely as another."""
    draws = generator(0, "at random")
    play = world.play(truth, torch.tensor(derive(0, "at random")), count)
    going, total = torch.ones(count), torch.zeros(count)
    for chosen in actions.at_random((horizon, count), draws):
        told = play.step(chosen)
        total += told.reward * going
        going = going * (1 - told.terminal) * (1 - told.cut)
    return float(total.mean())


def looked_up(floor: Floor, truth: Tensor) -> Tensor | None:
    """Of tasks ``[T, p]``; None where one of them was not measured."""
    found = [floor.get(tuple(task)) for task in _rows(truth)]
    known = [value for value in found if value is not None]
    return torch.tensor(known) if len(known) == len(found) else None


def _rows(truth: Tensor) -> Iterator[list[float]]:
    yield from truth.view(-1, truth.shape[-1]).tolist()
