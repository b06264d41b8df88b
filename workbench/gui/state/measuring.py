"""Answering one question to one run, on a thread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.errors import BadInput
from workbench.core.marked import marked

if TYPE_CHECKING:
    from workbench.experiments.measuring import Question
    from workbench.gui.threads.background import Report


def kept_iterations(run: Path) -> list[int]:
    """Of the checkpoints of a run, in order."""
    from workbench.experiments.record.reading import sidecars

    return [int(file.stem) for file in sidecars(run / "checkpoints")]


def answer(run: Path, question: Question, report: Report) -> Path:
    """Measure and keep; returns the file of the scores.

    ``report`` is told how far it is, and ends the work by raising. Nothing is fetched. Raises
    `BadInput`, and `Untrusted` for a file that the user has not trusted.
    """
    from workbench.experiments.foreign import opened
    from workbench.experiments.measuring import Measurement
    from workbench.experiments.session import build_family
    from workbench.experiments.store import open_run

    asked = Measurement(open_run(run), question)
    family = asked.build(opened(asked.config))
    family.prepare(report)
    shaping = family
    if asked.needs_own_data:
        shaping = build_family(opened(asked.recorded))
        shaping.prepare(report)
    learner = asked.learner(shaping)
    if question.steps is not None and not asked.config.takes_steps:
        learner.algorithm.close()
        raise BadInput(
            "steps", marked("this learner takes no inner steps"), marked("Leave the field empty")
        )
    going = asked.evaluate(learner, family)
    while True:
        try:
            told = next(going)
        except StopIteration as end:
            curve, scores = end.value
            more = {"data": asked.described(family)} if asked.foreign else {}
            return asked.keep(curve, scores, more)
        report(f"{told.done:,} of {told.tasks:,} tasks", told.done / told.tasks)
