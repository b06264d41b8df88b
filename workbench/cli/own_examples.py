"""``adapt RUN --support FOLDER``: a learner adapted to one's own classes, kept, and asked."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench import terminal
from workbench.cli import consent, outputs, predictions
from workbench.cli.arguments import steps_of, whole
from workbench.cli.going_on import warn_of
from workbench.cli.output import opened_family
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.registry import get
from workbench.core.task import TaskFamily, unheard
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.elsewhere import style_of
from workbench.experiments.predicting.answers import Answers
from workbench.experiments.predicting.predictor import Predictor, learner_for
from workbench.experiments.store import Run
from workbench.tasks.images import ImageFamily
from workbench.tasks.own.example_sets import Examples, read_examples

_OTHERS = ("ask", "scene", "save_scene")
"""Flags that speak of a task drawn from the run's own data."""


def asked_for(given: argparse.Namespace) -> bool:
    """Whether the support set is a folder or an archive of pictures."""
    return len(given.support or ()) == 1 and _holds_folders(given.support[0])


def refuse_alone(given: argparse.Namespace, recorded: ExperimentConfig) -> None:
    """Raise `BadInput` for flags that go with a folder or with what can be asked, and have none."""
    alone = [name for name in ("query", "save", "csv") if getattr(given, name) is not None]
    if not alone or get("task", recorded.task.name).build.asks:
        return
    if not _learned_images(recorded):
        raise BadInput(
            f"--{alone[0]}",
            marked("is not for learners of {0}").format(recorded.task.name),
            marked("Leave it out; where single items can be asked, --ask does it"),
        )
    raise BadInput(
        f"--{alone[0]}",
        marked("goes with a folder as support set"),
        marked("Give --support FOLDER, with a folder of images for each class"),
    )


def run(given: argparse.Namespace, record: Run) -> tuple[dict[str, Any], int]:
    """Adapt to the folder's classes; keep the learner and predict, as asked."""
    _refuse_others(given)
    at = None if given.checkpoint is None else whole(given.checkpoint, "--checkpoint", 0)
    checkpoint = record.load_checkpoint(at)
    recorded = ExperimentConfig.from_json(checkpoint.config)
    if not _learned_images(recorded):
        raise BadInput(
            "--support",
            marked("is a folder, and this run learned {0}").format(recorded.task.name),
            marked("Give the files themselves: pictures with boxes beside them, or one table"),
        )
    consent.ask(recorded)
    warn_of(checkpoint)

    def prepare(config: ExperimentConfig) -> TaskFamily:
        data = {} if given.data is None else {"task": {"root": given.data}}
        return opened_family(
            config.replaced(data), str(given.recorded), "Give its place with --data PATH"
        )

    style = style_of(recorded, "--support")
    examples = read_examples(given.support[0], style, unheard)
    for line in examples.notes:
        terminal.note(line)
    ways = len(examples.names)
    with learner_for(checkpoint, ways, prepare) as (learner, anew):
        _refuse_new_head(given, ways, anew)
        steps = steps_of(given.steps, learner)
        known = replace(learner, origin=record.path)
        predictor = Predictor.of(known, Answers.classes(examples.names), examples.batch, steps)
        terminal.write(_said(examples, steps))
        result: dict[str, Any] = {
            "run": str(record.path.resolve()),
            "iterations": learner.iteration,
            "steps": steps,
            "classes": list(examples.names),
            "examples": len(examples.batch.y),
        }
        if given.save is not None:
            result["saved"] = outputs.keep(predictor, given.save)
        if given.query is not None:
            result |= predictions.told(predictor, style, given.query, given.csv)
    return result, 0


def _refuse_others(given: argparse.Namespace) -> None:
    for name in _OTHERS:
        if getattr(given, name):
            raise BadInput(
                f"--{name.replace('_', '-')}",
                marked("speaks of a task of the run's own data, and the support set is your own"),
                marked("Leave one of them out"),
            )


def _learned_images(recorded: ExperimentConfig) -> bool:
    return issubclass(get("task", recorded.task.name).build, ImageFamily)


def _refuse_new_head(given: argparse.Namespace, ways: int, anew: tuple[str, ...]) -> None:
    if anew and not given.new_head:
        raise BadInput(
            "--support",
            marked("has {0} classes, and this learner's head is of another number").format(ways),
            marked("Give --new-head to start the head anew"),
        )


def _holds_folders(path: Path) -> bool:
    return path.is_dir() or path.suffix.lower() == ".zip"


def _said(examples: Examples, steps: int) -> str:
    items, names = len(examples.batch.y), ", ".join(examples.names[:8])
    more = ", …" if len(examples.names) > 8 else ""
    return marked("Adapted to {0} pictures of {1} classes ({2}) in {3} inner steps").format(
        items, len(examples.names), f"{names}{more}", steps
    )
