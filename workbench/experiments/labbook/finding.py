"""A stored run by what a person calls it."""

from __future__ import annotations

from pathlib import Path

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.experiments.labbook.entry import Entry, entries_of
from workbench.experiments.runs import list_runs, summary_of
from workbench.experiments.store import default_root


def stored() -> list[Entry]:
    """Every stored run, newest first."""
    return entries_of(list_runs())


def find_run(called: str) -> Path:
    """The directory of a run: by its path, by its place among the stored ones, or by its name.

    A damaged one is found, too. Raises `BadInput` where there is none, or several have that name.
    """
    for candidate in (Path(called), default_root() / called):
        if called and candidate.is_dir():
            return candidate
    named = [entry for entry in stored() if entry.notes.name == called != ""]
    if len(named) > 1:
        raise BadInput(
            called,
            marked("is the name of {0} runs").format(len(named)),
            marked("Say which: {0}").format(", ".join(entry.run.name for entry in named)),
        )
    if not named:
        raise BadInput(
            called,
            marked("is not a run directory"),
            marked("See `runs` for the ones there are"),
        )
    return named[0].path


def entry_at(run: Path) -> Entry:
    """One run as a line of the lab book."""
    (entry,) = entries_of([summary_of(run)])
    return entry
