"""The task of ratings that is in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.gui.lab import type_names
from workbench.gui.lab.state import LabState

if TYPE_CHECKING:
    from workbench.tasks.rated.rated_task import RatedTask

RATED = "workbench.tasks.rated.rated_task.RatedTask"
"""The type of task that is shown here."""


def rated_in_view(state: LabState) -> RatedTask | None:
    """The task looked at, where it is a user with ratings."""
    return state.task if type_names.is_a(state.task, RATED) else None  # type: ignore[return-value]
