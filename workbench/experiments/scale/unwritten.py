"""The run as the processes see it that do not record: they know where it is, and write nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbench.core.events import Event
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.store import Run


class Unwritten(Run):
    """Process 0 writes what the others would write, too."""

    def claim(self) -> None:
        """It is not held by this process."""

    def release(self) -> None:
        """Nothing waits to be written."""

    def go_on_from(self, iteration: int, changes: Mapping[str, tuple[Any, Any]]) -> None:
        """The mark is another's to make."""

    def record(self, event: Event) -> None:
        """It is recorded elsewhere."""

    def save_checkpoint(self, checkpoint: Checkpoint) -> Path:
        return self.path

    def finish(self, result: dict[str, Any]) -> None:
        """What it came to is kept elsewhere."""
