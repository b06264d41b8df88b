"""What a run may tell the world: frozen records, yielded one after the other.

The life of a run: `Preparing` -> (`StepDone` | `Evaluating` |
`Evaluated` | `CheckpointSaved`)* -> `Finished`.
`Finished` comes exactly once and last, whatever happened. `Halted` may come at any time between.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.curve import Curve
from workbench.core.task import Split

if TYPE_CHECKING:
    from workbench.core.algorithm import Scores


class Reason(StrEnum):
    """Why a run ended."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"


class Halt(StrEnum):
    """Why a run waits."""

    STORAGE = "storage"
    """A file of its record cannot be written; nothing is lost as long as it waits."""
    DIVERGED = "diverged"
    """The meta-gradient is not finite; going on ends the run, with a test of its best weights."""


@dataclass(frozen=True)
class Preparing:
    """The engine is made ready; the first run on a machine compiles kernels."""

    iteration: int
    message: str


@dataclass(frozen=True)
class Beginning(Preparing):
    """A process is begun that will train: said by whoever begins it, and never by the run."""


@dataclass(frozen=True)
class ActedSoFar:
    """Of a run whose items are met by acting."""

    steps: int
    """In environments since the run began, evaluations not counted."""
    metric_before: float
    """Of the meta-batch, before the first inner step."""


@dataclass(frozen=True)
class StepDone:
    """One outer step: the means over the meta-batch."""

    iteration: int
    """Outer steps done, counted from 1."""
    seconds: float
    """Time spent training so far, pauses and evaluations not counted."""
    support_loss: float
    """On the support sets, before the first inner step."""
    query_loss: float
    """On the query sets, after the last inner step: the loss that is meta-trained."""
    query_metric: float
    gradient_norm: float
    outer_rate: float
    acted: ActedSoFar | None = None


@dataclass(frozen=True)
class Evaluating:
    """How far an evaluation is. For whoever watches: it is not recorded."""

    split: Split
    tasks: int
    """Tasks to measure."""
    done: int
    """Tasks measured so far; 0 when it begins."""
    seconds: float
    """Time spent on them, pauses not counted."""


@dataclass(frozen=True)
class Evaluated:
    """Adaptation measured on held-out tasks of one split."""

    iteration: int
    curve: Curve
    best: bool
    """Whether this is the best validation so far."""
    scores: Scores | None = field(default=None, compare=False, repr=False)
    """Every task's, for whoever watches at the time: they are not recorded with the event."""


@dataclass(frozen=True)
class CheckpointSaved:
    iteration: int
    path: Path


@dataclass(frozen=True)
class Finished:
    """The last event. ``error`` is a sentence for the user, ``details`` the traceback."""

    reason: Reason
    iteration: int = 0
    error: str = ""
    details: str = ""


@dataclass(frozen=True)
class Halted:
    """The run cannot go on by itself: it waits until it is asked for the next event.

    Asked without more ado it ends. A reader who can ask a person first, does.
    """

    iteration: int
    cause: Halt
    message: str
    """What happened, where, and what it takes to go on."""


@dataclass(frozen=True)
class Noticed:
    """Something the user should know; the run goes on."""

    iteration: int
    message: str


@dataclass(frozen=True)
class PartFailed(Noticed):
    """One run of a race or a search failed or diverged: it is counted there, and others go on."""


Event = (
    Preparing | StepDone | Evaluating | Evaluated | CheckpointSaved | Halted | Noticed | Finished
)
