"""A scene: a task with its support set as a person left it, in one file to send to somebody.

The file (``.mlab``, JSON) names the data by the hash of the family and the learner by the hash of
its weights: what is opened is what was saved, or it is said that it is not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core.algorithm import Weights
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.task import Split, Task, TaskFamily
from workbench.experiments import scene_file
from workbench.experiments.config import params_class
from workbench.experiments.foreign import portable

SUFFIX = ".mlab"


@dataclass(frozen=True)
class Scene:
    """What is needed to see the same adaptation again."""

    family: dict[str, Any]
    """The task section of a configuration, without paths and leaves: see `foreign.portable`."""
    data: str
    """The hash of the family's data and splits."""
    split: Split
    seed: int
    """The seed the task was drawn from, before it was changed by hand."""
    task: dict[str, Any]
    """Support and query, as `Task.to_json` writes them."""
    steps: int
    learner: str = ""
    """The hash of the learner's weights; see `digest`."""
    locked: tuple[tuple[int, ...], ...] = ()
    """Way and shot of the slots that a new draw leaves alone."""
    own: tuple[Any, ...] = ()
    """What a person put beside the task, such as pictures to be predicted; its kind reads it."""

    @classmethod
    def of(
        cls,
        family: TaskFamily,
        task: Task,
        split: Split,
        seed: int,
        steps: int,
        weights: Weights,
        locked: tuple[tuple[int, ...], ...] = (),
        own: Sequence[Any] = (),
    ) -> Scene:
        """The scene of a task that a learner with these weights adapts to."""
        section = portable(family.params.model_dump(mode="json"), type(family.params))
        found, hashed = task.to_json(), digest(weights)
        return cls(
            section, family.fingerprint, split, seed, found, steps, hashed, locked, tuple(own)
        )

    def write(self, file: Path) -> None:
        """Write the file as a whole; raises `BadInput` where that cannot be done."""
        slots = [list(slot) for slot in self.locked]
        values = {**vars(self), "locked": slots}
        if not self.own:
            del values["own"]  # as versions wrote it that did not know of it
        scene_file.write(file, values)

    def open_task(self, family: TaskFamily) -> Task:
        """The task in a prepared family; raises `BadInput` when its data is not this scene's."""
        if family.fingerprint != self.data:
            raise BadInput(
                "scene",
                marked("was made with other data, or another split of it"),
                marked("Choose the task family {0} with the settings of the scene").format(
                    self.family.get("name")
                ),
            )
        try:
            task = family.task_from_json(self.task, self.split)
        except BadInput as fault:
            problem = marked("holds a task that does not exist ({0}: {1})").format(
                fault.where, fault.problem
            )
            raise BadInput("scene", problem, _REMEDY) from fault
        beyond = set(self.locked).difference(task.slots)
        if beyond:
            raise BadInput(
                "scene", marked("locks slot {0}, which its task lacks").format(min(beyond)), _REMEDY
            )
        return task


_REMEDY = marked("Save the scene again")


def read(file: Path) -> Scene:
    """A scene from its file; raises `BadInput` naming the file and what is wrong with it."""
    held = scene_file.read(file)
    return Scene(
        family=portable(held.family, params_class("task", str(held.family["name"]))),
        data=held.data,
        split=held.split,
        seed=held.seed,
        task=held.task,
        steps=held.steps,
        learner=held.learner,
        locked=tuple((way, shot) for way, shot in held.locked),
        own=tuple(held.own),
    )


def digest(weights: Weights) -> str:
    """A hash of every tensor by name: equal for equal learners, whatever file they came from."""
    found = hashlib.sha256()
    for name in sorted(weights):
        tensor = weights[name].detach().cpu().contiguous()
        found.update(json.dumps([name, list(tensor.shape), str(tensor.dtype)]).encode())
        found.update(tensor.numpy().tobytes())
    return found.hexdigest()
