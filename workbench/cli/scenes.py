"""What ``adapt`` says of a task of scenes: the boxes that are found, and in one's own pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from workbench import terminal
from workbench.cli.table import print_table
from workbench.core.algorithm import AdaptStep
from workbench.core.detection import cells_of
from workbench.core.found_boxes import surest
from workbench.experiments.session import Learner
from workbench.tasks.detection.task import SceneTask
from workbench.tasks.pictures import read_picture

PLACE = ("centre x", "centre y", "width", "height")
"""As shares of the picture's sides."""
Told = dict[str, Any]


def told(
    learner: Learner, task: SceneTask, steps: int, last: AdaptStep, asked: Sequence[str] | None
) -> Told:
    """Print and return the boxes found after the last step, scene by scene."""
    names = [scene.name for scene in task.query]
    found = _said("scene", names, list(last.query_outputs))
    if not asked:
        return {"scenes": found}
    pictures = torch.stack([read_picture(Path(file), task.source.style) for file in asked])
    model = learner.algorithm.adapted(learner.weights, task.episode(), steps)
    like = last.query_outputs
    with torch.no_grad():
        outputs = model(pictures.to(next(iter(learner.weights.values()), like).dtype))
    readable = task.source.spec.objective.readable(outputs)
    return {"scenes": found, "asked": _said("picture", list(asked), list(readable))}


def _said(what: str, names: Sequence[str], outputs: Sequence[Tensor]) -> list[Told]:
    surely = [surest(cells_of(row)) for row in outputs]
    rows = [
        [name, f"{sure:.0%}", *(f"{part:.3f}" for part in box)]
        for name, boxes in zip(names, surely, strict=True)
        for sure, box in boxes
    ]
    terminal.write()
    print_table((what, "sure", *PLACE), rows or [["-"] * 6])
    return [
        {what: name, "boxes": [{"sure": sure, "box": list(box)} for sure, box in boxes]}
        for name, boxes in zip(names, surely, strict=True)
    ]
