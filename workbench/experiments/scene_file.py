"""The shape of a scene's file: what may stand in it, and how much.

The task in it is checked by its family (`TaskFamily.task_from_json`), which knows the data.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from workbench.core.errors import BadInput
from workbench.core.files import plain, read_json, write_atomically
from workbench.core.limits import MAX_STEPS, MAX_WHOLE
from workbench.core.marked import marked
from workbench.core.params import problems
from workbench.core.strict import Strict, strictly
from workbench.core.task import Split
from workbench.experiments import catalog
from workbench.experiments.config import params_class

FORMAT = 1
MAX_BYTES = 16 * 2**20
_REMEDY = marked("Save the scene again")

Whole = Annotated[int, Field(ge=0, le=MAX_WHOLE)]
Slot = Annotated[list[Whole], Field(min_length=2, max_length=2)]
Hash = Annotated[str, Field(max_length=128, pattern="^[0-9a-f]*$")]


class SceneFile(Strict):
    family: dict[str, Any]
    data: Hash
    split: Split
    seed: Whole
    task: dict[str, Any]
    steps: Annotated[int, Field(ge=0, le=MAX_STEPS)]
    learner: Hash = ""
    locked: Annotated[list[Slot], Field(max_length=10_000, default=[], fail_fast=True)]
    own: Annotated[list[Any], Field(max_length=10_000, default=[])]


def read(file: Path) -> SceneFile:
    """What stands in the file; raises `BadInput` naming the file and what is wrong with it."""
    values = read_json(file, MAX_BYTES, "Choose an .mlab file")
    if not isinstance(values, dict) or values.pop("format", None) != FORMAT:
        raise BadInput(
            str(file), marked("is not a scene of this program"), marked("Choose an .mlab file")
        )
    try:
        held = strictly(SceneFile, values, "scene")
        _check_family(held.family)
    except BadInput as fault:
        raise BadInput(
            str(file), marked("is not a whole scene ({0})").format(fault.problem), _REMEDY
        ) from fault
    return held


def write(file: Path, values: dict[str, Any]) -> None:
    """Write the file as a whole; raises `BadInput` where that cannot be done."""
    text = json.dumps(plain({"format": FORMAT, **values}), indent=2, allow_nan=False)
    if len(text) >= MAX_BYTES:
        raise BadInput(
            str(file),
            marked("cannot be written: its pictures take more than 16 MB"),
            marked("Use smaller images"),
        )
    try:
        write_atomically(file, text.encode() + b"\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(
            str(file),
            marked("cannot be written ({0})").format(reason),
            marked("Choose another place"),
        ) from error


def _check_family(family: dict[str, Any]) -> None:
    catalog.load()
    try:
        params_class("task", family.get("name", "")).model_validate(family)
    except ValidationError as error:
        fault = problems(error, "family")[0]
        raise BadInput("scene", f"{fault.where}: {fault.problem}") from error
