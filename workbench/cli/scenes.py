"""``adapt`` and ``predict`` on scenes: the boxes that are found, and kept learners."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch

from workbench import terminal
from workbench.cli.outputs import keep, write_csv
from workbench.cli.table import print_table
from workbench.core.algorithm import AdaptStep
from workbench.core.detection import cells_of
from workbench.core.errors import BadInput
from workbench.core.found_boxes import surest
from workbench.core.marked import marked
from workbench.core.task import unheard
from workbench.experiments.predicting.answers import Answers
from workbench.experiments.predicting.predictor import Found, Predictor
from workbench.experiments.session import Learner
from workbench.experiments.tasks_seen.table import Row
from workbench.tasks.detection.task import SceneTask
from workbench.tasks.own.example_sets import read_asked
from workbench.tasks.pictures import ImageStyle, read_picture

PLACE = ("centre x", "centre y", "width", "height")
"""As shares of the picture's sides."""
SHOWN = 40
"""Rows that are printed of pictures of one's own; the file and the JSON have all of them."""
Told = dict[str, Any]


def told(given: argparse.Namespace, learner: Learner, task: SceneTask, last: AdaptStep) -> Told:
    """Print and return the boxes found after the last step, and do what the flags ask for."""
    if given.csv is not None and given.query is None:
        raise BadInput(
            "--csv",
            marked("holds what is found in pictures of yours, and none are given"),
            marked("Give them by --query"),
        )
    names = [scene.name for scene in task.query]
    found = [surest(cells_of(row)) for row in last.query_outputs]
    result: Told = {"scenes": _said("scene", names, found)}
    if not (given.ask or given.query or given.save):
        return result
    predictor = Predictor.of(learner, Answers.boxes(), task.episode().support, last.step)
    style = task.source.style
    if given.ask:
        pictures = [(read_picture(Path(file), style) * 255).round().byte() for file in given.ask]
        asked = list(predictor.boxes(torch.stack(pictures)))
        result["asked"] = _said("picture", given.ask, asked)
    if given.save is not None:
        result["saved"] = keep(predictor, given.save)
    if given.query is not None:
        result |= predicted(predictor, style, given.query, given.csv)
    return result


def predicted(predictor: Predictor, style: ImageStyle, query: Path, file: Path | None) -> Told:
    """What is found in the pictures of a folder, an archive or a file."""
    asked = read_asked(query, style, (), unheard)
    for line in asked.notes:
        terminal.note(line)
    found = list(predictor.boxes(asked.pixels))
    said = _said("picture", asked.files, found, SHOWN)
    count = sum(map(len, found))
    terminal.write(marked("{0} boxes in {1} pictures").format(count, len(found)))
    if file is not None:
        write_csv(_table(asked.files, found), file, "--csv")
    return {"predictions": said}


def _said(
    what: str, names: Sequence[str], found: Sequence[Found], most: int | None = None
) -> list[Told]:
    rows = [
        [name, f"{sure:.0%}", *(f"{part:.3f}" for part in box)]
        for name, boxes in zip(names, found, strict=True)
        for sure, box in boxes
    ]
    terminal.write()
    print_table((what, "sure", *PLACE), rows[:most] or [["-"] * 6])
    if most is not None and len(rows) > most:
        terminal.write(marked("and {0} more").format(len(rows) - most))
    return [
        {what: name, "boxes": [{"sure": sure, "box": list(box)} for sure, box in boxes]}
        for name, boxes in zip(names, found, strict=True)
    ]


def _table(files: Sequence[str], found: Sequence[Found]) -> Iterator[Row]:
    """A row a box; a picture without one has none."""
    yield ["file", "sure", *PLACE]
    for name, boxes in zip(files, found, strict=True):
        for sure, box in boxes:
            yield [name, f"{sure:.6g}", *(f"{part:.6g}" for part in box)]
