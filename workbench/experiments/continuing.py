"""A recorded run that is to go on: its newest checkpoint, if it may be used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from workbench.experiments.changes import refuse_shorter
from workbench.experiments.record.lock import being_written
from workbench.experiments.replay import Recorded, read_checkpoint


def to_go_on(path: Path, iterations: int | None = None) -> Recorded:
    """Raises `BadInput` too where another process writes the run, or has come further.

    ``iterations`` is where the run is to end now, if elsewhere than it was.
    """
    found = read_checkpoint(path)
    if found.run.is_written:
        raise being_written(found.run.path)
    if iterations is None:
        return found
    longer = found.config.replaced({"training": {"iterations": iterations}})
    refuse_shorter(found.checkpoint, longer)
    return replace(found, config=longer)
