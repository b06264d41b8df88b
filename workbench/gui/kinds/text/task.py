"""The task of sentences that is in view, and the sentences of its two sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.gui.lab import type_names
from workbench.gui.lab.state import LabState

if TYPE_CHECKING:
    from workbench.tasks.texts.text_task import TextTask

TEXT = "workbench.tasks.texts.text_task.TextTask"
"""The type of task that is shown here."""


def text_in_view(state: LabState) -> TextTask | None:
    """The task looked at, where it is one of sentences."""
    return state.task if type_names.is_a(state.task, TEXT) else None  # type: ignore[return-value]
