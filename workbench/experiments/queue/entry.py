"""One entry of the queue, in a file of its own.

    WAITING -> RUNNING -> DONE | FAILED
    RUNNING -> STOPPED (put back, first) -> RUNNING
    RUNNING, and its process is dead: INTERRUPTED -> RUNNING

INTERRUPTED is never written: it is what RUNNING means where nobody works through the queue.
DAMAGED is a file that cannot be read; it stays, with its reason, and is never worked on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.sealed import read_sealed, write_sealed
from workbench.core.strict import Strict, strictly
from workbench.experiments.queue import work as works
from workbench.experiments.queue.work import Work

SCHEMA = 1
_REMEDY = marked("Remove the entry, and add the experiment again")


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    DONE = "done"
    FAILED = "failed"
    DAMAGED = "damaged"


PENDING = (State.WAITING, State.STOPPED, State.INTERRUPTED)
"""Those whose turn is still to come."""
ENDED = (State.DONE, State.FAILED)


@dataclass(frozen=True)
class Entry:
    id: str
    place: float
    """Smaller ones come first."""
    added: float
    """Seconds since the epoch."""
    work: Work | None = None
    """Nothing in a damaged entry."""
    state: State = State.WAITING
    path: Path | None = None
    """Its run, or the folder of its race or study, once there is one."""
    told: str = ""
    """Why it failed or cannot be read, or what is to be known of its result."""

    @property
    def pending(self) -> bool:
        return self.state in PENDING

    @property
    def ended(self) -> bool:
        return self.state in ENDED


class _File(Strict):
    schema_version: Literal[1]
    place: float
    added: float
    state: Literal["waiting", "running", "stopped", "done", "failed"]
    path: str
    told: str
    work: dict[str, Any]


def write(file: Path, entry: Entry) -> None:
    """Atomically; raises `CannotWrite`. A damaged entry is never written."""
    assert entry.work is not None
    state = State.RUNNING if entry.state is State.INTERRUPTED else entry.state
    values = {
        "schema_version": SCHEMA,
        "place": entry.place,
        "added": entry.added,
        "state": str(state),
        "path": "" if entry.path is None else str(entry.path),
        "told": entry.told,
        "work": works.to_json(entry.work),
    }
    write_sealed(file, values)


def read(file: Path) -> Entry:
    """What is damaged comes back as such, last of all, and says why."""
    try:
        found = strictly(_File, read_sealed(file, remedy=_REMEDY), str(file))
        work = works.from_json(found.work, str(file))
    except BadInput as error:
        return Entry(file.stem, math.inf, 0.0, None, State.DAMAGED, told=str(error))
    path = Path(found.path) if found.path else None
    state = State(found.state)
    return Entry(file.stem, found.place, found.added, work, state, path, found.told)
