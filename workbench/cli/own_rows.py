"""``adapt`` and ``predict`` on measurements: values in the units of the data, and kept learners."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workbench.cli import outputs, values
from workbench.core.algorithm import AdaptStep
from workbench.experiments.predicting.answers import Answers
from workbench.experiments.predicting.predictor import Predictor
from workbench.experiments.session import Learner
from workbench.tasks.measured.support_files import joined
from workbench.tasks.measured.task import MOST_ROWS, MeasuredTask


def told(
    given: argparse.Namespace, learner: Learner, task: MeasuredTask, last: AdaptStep
) -> dict[str, Any]:
    """What is predicted of the query rows, and where the adapted learner was kept."""
    units, asked = task.scaled, task.query
    found = values.told(units, asked.x, asked.y, units.y.own(last.query_outputs), given.csv)
    if given.save is None:
        return found
    predictor = Predictor.of(learner, Answers.values(units), task.episode().support, last.step)
    return {**found, "saved": outputs.keep(predictor, given.save)}


def predicted(predictor: Predictor, query: Path, file: Path | None) -> dict[str, Any]:
    """What a kept learner says of the rows of a table."""
    units = predictor.answers.units
    assert units is not None
    rows = joined([query], units, MOST_ROWS)
    outputs = predictor.values(rows.x)
    return values.told(units, rows.x, rows.y, outputs, file)
