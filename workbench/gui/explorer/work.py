"""What the explorer does on a thread: reading a measurement, and drawing its tasks once more."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.gui.explorer.state import Drawn

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.scores import Kept
    from workbench.experiments.tasks_seen.seen import Seen
    from workbench.gui.threads.background import Report


def listed(run: Path, report: Report) -> list[Kept]:
    """What was measured of a run and can be shown, newest first."""
    from workbench.experiments.scores import kept_of

    return kept_of(run)


def read(kept: Kept, report: Report) -> Seen:
    """Raises `BadInput` for a file that is damaged or keeps no task."""
    from workbench.experiments.tasks_seen.seen import AGAIN, read_seen

    if kept.problem:
        raise BadInput(kept.file.name, kept.problem, AGAIN)
    return read_seen(kept.file)


def drawn(family: TaskFamily, seen: Seen, report: Report) -> Drawn:
    """The tasks of a measurement, of a family that is prepared; raises `BadInput`."""
    from workbench.experiments.tasks_seen.difficulty import traits
    from workbench.experiments.tasks_seen.draws import all_tasks

    if seen.fingerprint and family.fingerprint != seen.fingerprint:
        raise BadInput(
            marked("Tasks"),
            marked("the data has changed since they were measured"),
            marked("Measure again to see the tasks beside their curves"),
        )
    tasks = all_tasks(family, seen.split, seen.tasks, seen.seed, report)
    return Drawn(tasks, traits(tasks, family, seen.split, report))


def drawn_of_run(
    run: Path, kept: Kept, seen: Seen, at_hand: TaskFamily | None, report: Report
) -> Drawn:
    """As `drawn`, of the data that a recorded run was measured on; nothing is fetched for it."""
    from workbench.experiments.foreign import opened
    from workbench.experiments.measuring import Measurement, question_of
    from workbench.experiments.store import open_run

    asked = Measurement(open_run(run), question_of(kept))
    config = opened(asked.config)
    if at_hand is not None and not asked.foreign and at_hand.is_of(config.task):
        return drawn(at_hand, seen, report)
    family = asked.build(config)
    family.prepare(report)
    return drawn(family, seen, report)
