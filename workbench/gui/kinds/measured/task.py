"""The task in view, where it is of measurements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.gui.lab import type_names
from workbench.gui.lab.state import LabState

if TYPE_CHECKING:
    from workbench.tasks.measured.task import MeasuredTask

MEASURED = "workbench.tasks.measured.task.MeasuredTask"


def measured_in_view(state: LabState) -> MeasuredTask | None:
    """The task looked at, where it is of measurements."""
    return state.task if type_names.is_a(state.task, MEASURED) else None  # type: ignore[return-value]
