"""The runs that are stored: a row for each, damaged ones among them."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput, printable
from workbench.core.events import Reason
from workbench.experiments import catalog, run_index
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.hosting import address
from workbench.experiments.record.lock import is_held
from workbench.experiments.record.stamps import Stamp, has_settings, stamps
from workbench.experiments.run_index import Entries, Entry, Row
from workbench.experiments.store import RACE, SEARCH, Run, default_root

DAMAGED, RUNNING, UNFINISHED = "damaged", "running", "unfinished"
STATUSES = (DAMAGED, RUNNING, UNFINISHED, *(str(reason) for reason in Reason))
TRASH = ".trash"
"""The folder among the runs that deleted ones lie in; see `labbook.trash`."""
QUEUE = ".queue"
"""The folder among the runs that holds what waits; see `experiments.queue`."""


@dataclass(frozen=True)
class RunSummary:
    """One row of the history. ``problem`` says why a damaged run cannot be opened."""

    place: str
    """Its directory."""
    name: str
    """What `open_run` finds it by: its directory, below that of its race if it has one."""
    row: Row | None = None
    """What the list says of it; nothing of a damaged one."""
    running: bool = False
    """A process that is alive writes it now."""
    problem: str = ""

    @cached_property
    def path(self) -> Path:
        return Path(self.place)

    @cached_property
    def started(self) -> datetime | None:
        return None if self.row is None else datetime.fromtimestamp(self.row.started)

    @property
    def iteration(self) -> int:
        """Of the newest checkpoint; 0 without one."""
        return 0 if self.row is None else self.row.iteration

    @cached_property
    def config(self) -> ExperimentConfig | None:
        """The settings that it was started with; nothing of a damaged run."""
        sections = self._told[0]
        try:
            return None if sections is None else ExperimentConfig.from_json(sections)
        except BadInput:  # what it needs has gone since it was listed
            return None

    @cached_property
    def result(self) -> dict[str, Any] | None:
        """What it came to; nothing before its first end."""
        result: dict[str, Any] | None = self._told[1]
        return result

    @cached_property
    def _told(self) -> list[Any]:
        return (
            [None, None] if self.row is None else list(json.loads(zlib.decompress(self.row.body)))
        )

    @property
    def status(self) -> str:
        """``damaged``, ``running``, ``unfinished``, or the reason why it ended."""
        if self.row is None:
            return DAMAGED
        if self.running:
            return RUNNING
        behind = not self.row.reason or self.row.iterations < self.row.iteration
        return UNFINISHED if behind else self.row.reason

    @property
    def resumable(self) -> bool:
        """Whether it can go on from a checkpoint, and is not done."""
        return bool(self.iteration) and self.status in (UNFINISHED, "stopped", "failed")

    @property
    def repeatable(self) -> bool:
        """Whether it ended before its first checkpoint, so that its settings are all it left."""
        return not self.iteration and self.status in (UNFINISHED, "stopped", "failed")

    @property
    def drivable(self) -> bool:
        """Whether a process of its own trains it now, which a window can drive."""
        return self.running and address.is_published(self.path)

    @property
    def has_more(self) -> bool:
        """Whether it holds a checkpoint to go on from or to fork, and nobody writes it."""
        return bool(self.iteration) and self.status not in (DAMAGED, RUNNING)


def list_runs(root: Path | None = None) -> list[RunSummary]:
    """All runs, newest first; a damaged one is listed with its problem, and hides no other.

    What has not changed since it was last listed is taken from `run_index`.
    """
    catalog.load()
    root = root or default_root()
    known = run_index.read(root)
    found: list[RunSummary] = []
    kept: Entries = {}
    read_anew = False
    with stamps(root) as stamp_of:
        for name in _names(root, stamp_of):
            stamp, entry = stamp_of(name), known.get(name)
            if entry is None or entry.stamp != stamp:
                summary = summary_of(root / name, printable(name))
                entry = _lasting(summary, stamp)
                read_anew = read_anew or entry is not None
            else:
                summary = RunSummary(f"{root}{os.sep}{name}", printable(name), entry.row)
            found.append(summary)
            if entry is not None:
                kept[name] = entry
    if read_anew or len(kept) != len(known):
        run_index.write(root, kept)
    return sorted(found, key=lambda run: run.name, reverse=True)


def _lasting(summary: RunSummary, stamp: Stamp) -> Entry | None:
    """What may be kept of it: what is damaged or written now is looked at anew each time."""
    if summary.row is None or summary.running or not run_index.is_settled(stamp):
        return None
    return Entry(stamp, summary.row)


def signature(
    running: frozenset[str], root: Path | None = None
) -> tuple[dict[str, Stamp], frozenset[str]]:
    """Differs from an earlier one where the list would: what was written, and who still writes.

    ``running`` are the names of runs that were being written when they were listed.
    """
    root = root or default_root()
    with stamps(root) as stamp_of:
        written = {name: stamp_of(name) for name in _names(root, stamp_of)}
    return written, frozenset(name for name in running if is_held(root / name))


def _names(root: Path, stamp_of: Callable[[str], Stamp]) -> Iterator[str]:
    """Every run's directory below the root, those of races and studies among them."""
    for name in _folders(root):
        if not has_settings(stamp_of(name)) and _is_group(root / name):
            yield from (f"{name}/{inner}" for inner in _folders(root / name))
        else:
            yield name


def _is_group(folder: Path) -> bool:
    """Whether it holds runs that belong together."""
    return any(_holds((folder / mark).is_file) for mark in (RACE, SEARCH))


def _folders(root: Path) -> list[str]:
    """What cannot be read holds none, unless it is itself one of them; nor are the trash, the queue
    and whatever else is hidden runs."""
    try:
        with os.scandir(root) as entries:
            found = [entry for entry in entries if not entry.name.startswith(".")]
            return [entry.name for entry in found if _holds(entry.is_dir)]
    except OSError:
        return []


def _holds(question: Callable[[], bool]) -> bool:
    """No where the system cannot tell, as of a link that leads to itself."""
    try:
        return question()
    except OSError:
        return False


def summary_of(path: Path, name: str = "") -> RunSummary:
    """One run, read from its directory; the directory's name unless it has another in the list."""
    name = name or printable(path.name)
    run = Run(path)
    try:
        config, facts, result = run.config(), run.facts(), run.result()
        iterations = run.iterations()
    except BadInput as error:
        return RunSummary(str(path), name, problem=_sentence(error))
    except OSError as error:
        problem = f"{printable(path)}: {error.strerror or error}"
        return RunSummary(str(path), name, problem=problem)
    ended = (0, "") if result is None else (int(result["iterations"]), str(result["reason"]))
    told = zlib.compress(json.dumps([config.to_json(), result]).encode(), 1)
    row = Row(facts.started, ended[0], max(iterations, default=0), ended[1], told)
    return RunSummary(str(path), name, row, run.is_written)


def _sentence(error: BadInput) -> str:
    return f"{error.where}: {error.problem}"
