"""What ``adapt`` says of a query set beside its numbers: each kind of task has its own words."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workbench.cli import own_rows, rankings, scenes, sentences
from workbench.core.algorithm import AdaptStep
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.task import Task
from workbench.experiments.session import Learner
from workbench.tasks.detection.task import SceneTask
from workbench.tasks.measured.task import MeasuredTask
from workbench.tasks.rated.rated_task import RatedTask
from workbench.tasks.texts.text_task import TextTask


@dataclass(frozen=True)
class Adapted:
    """A learner on one task, and what the flags ask of it."""

    learner: Learner
    task: Any
    steps: int
    last: AdaptStep
    given: argparse.Namespace


Report = Callable[[Adapted], dict[str, Any]]


def _asking(told: Callable[..., dict[str, Any]]) -> Report:
    """Of a kind that predicts items named by ``--ask``."""
    return lambda on: told(on.learner, on.task, on.steps, on.last, on.given.ask)


def _rows(on: Adapted) -> dict[str, Any]:
    return own_rows.told(on.given, on.learner, on.task, on.last)


def _boxes(on: Adapted) -> dict[str, Any]:
    return scenes.told(on.given, on.learner, on.task, on.last)


REPORTS: tuple[tuple[type[Task], Report], ...] = (
    (TextTask, _asking(sentences.told)),
    (RatedTask, _asking(rankings.told)),
    (SceneTask, _boxes),
    (MeasuredTask, _rows),
)


def told(on: Adapted) -> dict[str, Any]:
    """Print and return it; nothing for kinds of which the numbers say all."""
    report = next((report for kind, report in REPORTS if isinstance(on.task, kind)), None)
    if on.given.ask and report in (None, _rows):
        raise BadInput(
            "--ask",
            marked("tasks of this run have no items that could be asked for"),
            marked("Leave the flag out"),
        )
    return {} if report is None else report(on)
