"""Trajectories as tables to take away: a row for every step, with all digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.gui.kinds.control.task import lengths
from workbench.gui.takeaway.sheet import Cell, Table

if TYPE_CHECKING:
    from workbench.tasks.control.rollouts import Lived


def trajectories(lived: Lived) -> Table:
    """What was seen before each step, what was done, and what it earned."""
    seen, done = lived.observations.shape[-1], lived.actions.shape[-1]
    header = (
        "trajectory",
        "step",
        *(f"observation {part + 1}" for part in range(seen)),
        *(f"action {part + 1}" for part in range(done)),
        "reward",
    )
    rows: list[tuple[Cell, ...]] = [
        (
            number + 1,
            time + 1,
            *lived.observations[number, time].tolist(),
            *lived.actions[number, time].tolist(),
            float(lived.rewards[number, time]),
        )
        for number, length in enumerate(lengths(lived))
        for time in range(length)
    ]
    return Table(header, rows)
