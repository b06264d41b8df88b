"""One trial of a study, as it is shown: its values, its run, and what became of it.

RUNNING -> COMPLETE | PRUNED | DIVERGED | FAILED
RUNNING -> STOPPED (with a checkpoint, to be gone on with) -> RUNNING
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

RUN, ENDED, TOLD, WORKER, TEST = "run", "ended", "told", "worker", "test"
STOPPED_AT = "stopped_at"
"""Names of the attributes that a trial has in the storage beside its values."""


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    COMPLETE = "complete"
    PRUNED = "pruned"
    DIVERGED = "diverged"
    FAILED = "failed"


OVER = (State.COMPLETE, State.PRUNED, State.DIVERGED, State.FAILED)


@dataclass(frozen=True)
class Trial:
    number: int
    state: State
    values: Mapping[str, Any]
    """What was tried, by field."""
    score: float | None = None
    """The best validation; of a pruned one the last that was reported."""
    reported: Mapping[int, float] = field(default_factory=dict)
    """Validations by outer step."""
    run: str = ""
    """The name of its run's folder, below the study's; empty before it begins."""
    told: str = ""
    """Why it failed."""
    began: float = 0.0
    ended: float | None = None
    """Seconds since the epoch, also of one that was stopped; nothing while it runs."""

    @property
    def over(self) -> bool:
        return self.state in OVER

    @classmethod
    def of(cls, frozen: FrozenTrial) -> Trial:
        attributes = frozen.user_attrs
        return cls(
            frozen.number,
            _state(frozen),
            dict(frozen.params),
            frozen.value if frozen.values else None,
            dict(frozen.intermediate_values),
            str(attributes.get(RUN, "")),
            str(attributes.get(TOLD, "")),
            0.0 if frozen.datetime_start is None else frozen.datetime_start.timestamp(),
            _ended(frozen),
        )


def _ended(frozen: FrozenTrial) -> float | None:
    if frozen.datetime_complete is not None:
        return frozen.datetime_complete.timestamp()
    if frozen.user_attrs.get(ENDED) != State.STOPPED:
        return None
    stopped = frozen.user_attrs.get(STOPPED_AT)
    return None if stopped is None else float(stopped)


def _state(frozen: FrozenTrial) -> State:
    ended = frozen.user_attrs.get(ENDED)
    names = {
        "WAITING": State.WAITING,
        "RUNNING": State.STOPPED if ended == State.STOPPED else State.RUNNING,
        "COMPLETE": State.COMPLETE,
        "PRUNED": State.DIVERGED if ended == State.DIVERGED else State.PRUNED,
        "FAIL": State.FAILED,
    }
    return names[frozen.state.name]
