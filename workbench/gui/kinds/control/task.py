"""The task of control that is in view, and the trajectories that were lived through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.gui.lab import type_names
from workbench.gui.lab.state import LabState

if TYPE_CHECKING:
    from workbench.core.algorithm import AdaptStep
    from workbench.core.episode import Batch
    from workbench.tasks.control.family import ControlFamily
    from workbench.tasks.control.rollouts import Lived
    from workbench.tasks.control.task import ControlTask

CONTROL = "workbench.tasks.control.task.ControlTask"
NAVIGATION = "workbench.tasks.navigation.NavigationTask"
GRIDWORLD = "workbench.tasks.gridworld.GridworldTask"
"""Types of tasks that are shown here."""


def control_in_view(state: LabState) -> ControlTask | None:
    """The task looked at, where it is one of control."""
    return state.task if type_names.is_a(state.task, CONTROL) else None  # type: ignore[return-value]


def lived_in(batch: Batch | None) -> Lived | None:
    """The trajectories of a set as it was met; None of one that nobody has met."""
    from workbench.tasks.control.rollouts import Met

    return batch.lived if isinstance(batch, Met) else None


def lived_at(step: AdaptStep | None, support: bool) -> Lived | None:
    """What the learner met at a step: the trajectories it learns from, or is judged on."""
    if step is None or step.met is None:
        return None
    return lived_in(step.met.support if support else step.met.query)


def lengths(lived: Lived) -> list[int]:
    """Steps that were taken in every trajectory."""
    return [int(count) for count in lived.alive.sum(-1).tolist()]


def returns(lived: Lived) -> list[float]:
    """What every trajectory has earned, not discounted."""
    found: list[float] = lived.rewards.sum(-1).tolist()
    return found


def family_of(task: ControlTask) -> ControlFamily:
    """A task asks less of its family than the window does."""
    from workbench.tasks.control.family import ControlFamily

    assert isinstance(task.family, ControlFamily)
    return task.family


def facts(task: ControlTask) -> dict[str, float]:
    """What settles a task and what its return is measured by, by what these are called."""
    known = family_of(task).bounds_of(task.truth.unsqueeze(0))
    return {**task.traits, **{name: float(value) for name, value in known.items()}}
