"""``predict``: ask a learner that was adapted and kept: classes, values or boxes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from workbench.cli import consent, own_rows, predictions, scenes
from workbench.cli.arguments import add_json
from workbench.experiments.predicting import adapted_file
from workbench.experiments.predicting.adapted_file import Adapted
from workbench.experiments.predicting.answers import Kind
from workbench.experiments.predicting.predictor import Predictor


def add(commands: Any, arguments: list[str]) -> None:
    parser = commands.add_parser(
        "predict",
        help="ask an adapted learner about new pictures or measurements",
        description="Ask a learner that adapt --save kept about new pictures or rows of a table.",
    )
    parser.add_argument("adapted", type=Path, metavar="ADAPTED", help="what adapt --save wrote")
    parser.add_argument(
        "query",
        type=Path,
        metavar="PATH",
        help="pictures, a zip archive of them, or one file, of which those in a folder named as a "
        "class are scored as well, or in which boxes are found; or a table with the columns of "
        "the inputs",
    )
    predictions.add_csv(parser)
    consent.add_trust(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    kept = adapted_file.read(given.adapted)
    consent.ask(kept.config)
    with kept.predictor() as predictor:
        told = _told(predictor, kept, given)
    return {
        "adapted": str(given.adapted.resolve()),
        "run": kept.about.run,
        "iterations": kept.about.iteration,
        "steps": kept.about.steps,
        "classes": list(predictor.answers.names),
        **told,
    }, 0


def _told(predictor: Predictor, kept: Adapted, given: argparse.Namespace) -> dict[str, Any]:
    match predictor.answers.kind:
        case Kind.VALUES:
            return own_rows.predicted(predictor, given.query, given.csv)
        case Kind.BOXES:
            return scenes.predicted(predictor, kept.style, given.query, given.csv)
        case Kind.CLASS:
            return predictions.told(predictor, kept.style, given.query, given.csv)
