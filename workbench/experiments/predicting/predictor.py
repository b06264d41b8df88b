"""A learner adapted to examples, which says of a new item its class, its values, or its boxes.

Every item is predicted beside the examples alone, whatever the learner was measured by: what a
picture is taken for must not depend on the others in its folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from workbench.core.detection import cells_of
from workbench.core.episode import Batch, Episode
from workbench.core.found_boxes import surest
from workbench.core.registry import get
from workbench.core.task import TaskFamily
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.predicting.answers import Answers
from workbench.experiments.session import Learner, build_family, learner_of, refitted

CHUNK = 64
"""Items that are predicted at once where they do not see each other."""
Prepare = Callable[[ExperimentConfig], TaskFamily]
Found = list[tuple[float, tuple[float, ...]]]
"""Boxes of a picture: how sure each is, its centre, width and height as shares of the sides."""


@dataclass(frozen=True)
class Predictor:
    """What a learner became on a support set."""

    learner: Learner
    answers: Answers
    support: Batch
    steps: int
    model: nn.Module
    alone: bool
    """Whether an item has to stand in one batch with the support set."""

    @classmethod
    def of(cls, learner: Learner, answers: Answers, support: Batch, steps: int) -> Predictor:
        """Adapt; raises `BadInput` where no class can be told from another any more."""
        model = learner.algorithm.adapted(learner.weights, Episode(support, support), steps)
        return cls(learner, answers, support, steps, model, learner.algorithm.engine.alone)

    def values(self, x: Tensor) -> Tensor:
        """Outputs ``[n, e]`` of inputs ``[n, d]``, both in the units of the data."""
        units = self.answers.units
        assert units is not None
        chunks = torch.split(units.x.standard(x), CHUNK)
        return units.y.own(torch.cat([self._outputs(chunk) for chunk in chunks]))

    def probabilities(self, pixels: Tensor) -> Iterator[Tensor]:
        """``[N]`` for each of the pictures ``[n, C, H, W]``, uint8."""
        return self._readable(pixels)

    def boxes(self, pixels: Tensor) -> Iterator[Found]:
        """What is found in each of the pictures ``[n, C, H, W]``, uint8, surest first."""
        return (surest(cells_of(outputs)) for outputs in self._readable(pixels))

    def _readable(self, pixels: Tensor) -> Iterator[Tensor]:
        spec = self.learner.algorithm.engine.spec
        for chunk in torch.split(pixels, CHUNK):
            seen = chunk.float() / 255
            outputs = self._outputs(seen if spec.scale is None else spec.scale.inputs(seen))
            yield from spec.objective.readable(outputs)

    @torch.no_grad()
    def _outputs(self, x: Tensor) -> Tensor:
        if not self.alone:
            return torch.as_tensor(self.model(x))
        rows = [self.model(torch.cat([self.support.x, item[None]]))[-1] for item in x]
        return torch.stack(rows)


@contextmanager
def learner_for(
    checkpoint: Checkpoint, ways: int, prepare: Prepare
) -> Iterator[tuple[Learner, tuple[str, ...]]]:
    """The learner of a checkpoint for tasks of so many classes, closed at the end.

    With it come the names of the tensors that had to start anew. ``prepare`` is asked where the
    learner's form depends on the data it was trained on; no other learner needs its data.
    """
    config = for_use(ExperimentConfig.from_json(checkpoint.config))
    posed = (
        prepare if get("algorithm", config.algorithm.name).build.shaped_by_data else build_family
    )
    kept = replace(checkpoint, config=config.complete(), data_fingerprint="")
    learner = learner_of(kept, posed(config))
    try:
        if ways == config.task.ways:
            yield learner, ()
            return
        fitted, anew = refitted(learner, posed(config.replaced({"task": {"ways": ways}})))
        try:
            yield fitted, anew
        finally:
            fitted.algorithm.close()
    finally:
        learner.algorithm.close()


@contextmanager
def learner_as_trained(checkpoint: Checkpoint) -> Iterator[Learner]:
    """The learner of a checkpoint that has no number of classes, closed at the end."""
    config = for_use(ExperimentConfig.from_json(checkpoint.config))
    kept = replace(checkpoint, config=config.complete(), data_fingerprint="")
    learner = learner_of(kept, build_family(config))
    try:
        yield learner
    finally:
        learner.algorithm.close()


@contextmanager
def beside(
    learner: Learner, answers: Answers, support: Batch, steps: int, family: TaskFamily
) -> Iterator[Predictor]:
    """Of a learner that others use meanwhile: with an algorithm of its own, closed at the end.

    ``family`` is prepared, and poses the problem that the learner was made for. Raises `BadInput`
    as `Predictor.of` does.
    """
    with replace(learner, config=for_use(learner.config)).apart(family) as own:
        yield Predictor.of(own, answers, support, steps)


def for_use(config: ExperimentConfig) -> ExperimentConfig:
    """Items by themselves; and nothing is asked of the data that only meta-training needs."""
    changes: dict[str, dict[str, Any]] = {"training": {"transductive": False}}
    if "train_ways" in type(config.algorithm).model_fields:
        changes["algorithm"] = {"train_ways": 0}
    return config.replaced(changes)
