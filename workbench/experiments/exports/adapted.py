"""A learner adapted to one task, as a model that stands by itself."""

from __future__ import annotations

import importlib.util
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from workbench.core.algorithm import AdaptStep
from workbench.core.errors import BadInput
from workbench.core.files import write_atomically
from workbench.core.marked import marked
from workbench.core.task import ProblemSpec, Task
from workbench.experiments.exports.weights import about, write_tensors
from workbench.experiments.session import Learner

CLOSE = 1e-4
"""The model may differ by so much from what the lab shows: two ways to the same sums."""


@dataclass(frozen=True)
class AdaptedModel:
    """What a learner became on one task: ``model`` maps ``[n, *input_shape]`` to its outputs."""

    learner: Learner
    task: Task
    steps: int
    spec: ProblemSpec
    model: nn.Module
    last: AdaptStep
    """What the lab shows of it."""

    @classmethod
    def of(cls, learner: Learner, task: Task, steps: int, spec: ProblemSpec) -> AdaptedModel:
        """Adapt; raises `BadInput` for learners whose predictions no model makes by itself."""
        episode = task.episode()
        *_, last = learner.adapt(episode, steps)
        model = learner.algorithm.adapted(learner.weights, episode, steps)
        found = cls(learner, task, steps, spec, model, last)
        if found.difference() > CLOSE:
            raise BadInput(
                "algorithm",
                marked("its predictions need more than the adapted model and the items"),
                marked("Take the meta-parameters away instead"),
            )
        return found

    @property
    def items(self) -> Tensor:
        """The query set as it was met, ``[n, *input_shape]``."""
        return (self.last.met or self.task.episode()).query.x

    def difference(self) -> float:
        """How far the model's predictions on the query set are from the lab's, at most."""
        with torch.no_grad():
            shown = self.spec.objective.readable(self.model(self.items))
        return float((shown - self.last.query_outputs).abs().max())

    def write_weights(self, file: Path) -> None:
        """Its tensors as safetensors; raises `CannotWrite`."""
        write_tensors(dict(self.model.state_dict()), file, self._said())

    def write_onnx(self, file: Path) -> None:
        """The model as ONNX with any number of items; raises `BadInput` and `CannotWrite`."""
        require_onnx("onnx")
        write_atomically(file, _onnx(self.model, self.items, self._said()))

    def _said(self) -> dict[str, Any]:
        return {**about(self.learner), "task": self.task.title, "inner_steps": self.steps}


def require_onnx(where: str) -> None:
    """Raise `BadInput` where what writes ONNX is missing."""
    if any(importlib.util.find_spec(name) is None for name in ("onnx", "onnxscript")):
        raise BadInput(
            where,
            marked("needs the packages onnx and onnxscript, which are not installed"),
            marked("Install them with: pip install 'maml-workbench[onnx]'"),
        )


def _onnx(model: nn.Module, items: Tensor, said: dict[str, Any]) -> bytes:
    """The file's bytes: input ``x [items, ...]``, output ``outputs [items, ...]``."""
    with _quietly():
        program = torch.onnx.export(
            model,
            (items,),
            dynamo=True,
            input_names=["x"],
            output_names=["outputs"],
            dynamic_shapes=({0: torch.export.Dim("items", min=1)},),
            verbose=False,
        )
    assert program is not None
    proto = program.model_proto
    for name, value in said.items():
        proto.metadata_props.add(key=name, value=str(value))
    return bytes(proto.SerializeToString())


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the exporter's progress, warnings and thousands of lines for its own makers."""
    if importlib.util.find_spec("tqdm") is not None:
        # No thread that watches its bars.
        importlib.import_module("tqdm").tqdm.monitor_interval = 0
    talk = logging.getLogger("torch")
    before = talk.level
    talk.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        talk.setLevel(before)
