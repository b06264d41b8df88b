"""What the lab shows before torch is there: the bundled learner's adaptation, as it was recorded.

Written with the bundled run (``benchmarks/bundled_run.py``); a test adapts anew and compares.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any

import numpy as np

from workbench.core import resources
from workbench.gui.lab import type_names

FAMILY = "glyphs"
FILE = "first.npz"


@dataclass(frozen=True)
class Preview:
    """Arrays in place of tensors, with the names that the lab's widgets read."""

    arrays: dict[str, np.ndarray]
    facts: dict[str, Any]

    @cached_property
    def spec(self) -> Any:
        ways = len(self.facts["titles"])
        return SimpleNamespace(
            labels=True,
            outputs=ways,
            metric="accuracy",
            metric_is_loss=False,
            chance=1 / ways,
        )

    @cached_property
    def task(self) -> Any:
        support, query = (tuple(map(tuple, self.arrays[name])) for name in ("support", "query"))
        return SimpleNamespace(
            stands_for=("workbench.tasks.image_task.ImageTask",),
            support=support,
            query=query,
            style=SimpleNamespace(ink_is_one=True, pixels=_as_recorded),
            class_title=self.facts["titles"].__getitem__,
            known=True,
            image=lambda pixels: pixels,
        )

    @cached_property
    def episode(self) -> Any:
        def batch(name: str) -> Any:
            ways, count = self.arrays[name].shape[:2]
            pixels = self.arrays[name].reshape(ways * count, *self.arrays[name].shape[2:])
            return SimpleNamespace(x=pixels, y=np.repeat(np.arange(ways), count))

        return SimpleNamespace(support=batch("support"), query=batch("query"))

    @cached_property
    def steps(self) -> list[Any]:
        numbers = ("support_loss", "query_loss", "support_metric", "query_metric")
        outputs = ("support_outputs", "query_outputs")
        return [
            SimpleNamespace(
                step=step,
                **{name: float(self.arrays[name][step]) for name in numbers},
                **{name: self.arrays[name][step] for name in outputs},
                update_norms=self.facts["update_norms"][step],
                judged=True,
            )
            for step in range(len(self.arrays["query_loss"]))
        ]

    def is_like(self, task: Any, spec: Any, episode: Any) -> bool:
        """Whether its steps may stay on the screen while a task's own are computed."""
        if not type_names.is_a(task, self.task.stands_for[0]):
            return False
        if spec is None or episode is None or spec.labels != self.spec.labels:
            return False
        shape = (spec.outputs, len(episode.query.y))
        return shape == (self.spec.outputs, len(self.episode.query.y))

    @property
    def iterations(self) -> int:
        return int(self.facts["iterations"])


def recorded() -> Preview | None:
    """What came with the program."""
    file = resources.path("bundled", FAMILY) / FILE
    if not file.is_file():
        return None
    with np.load(file, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return Preview(arrays, json.loads(str(arrays.pop("facts"))))


def _as_recorded(inputs: Any) -> Any:
    """The recorded inputs are pixels: see `ImageStyle.pixels`."""
    return inputs
