"""A task family: tell clouds of points in the plane apart."""

from typing import Literal

import torch
from torch import Generator, Tensor

from workbench.core.objective import CLASSIFICATION
from workbench.core.params import param
from workbench.core.registry import register
from workbench.core.task import ProblemSpec
from workbench.tasks.drawn import DrawnFamily, DrawnParams, DrawnTask


class CloudsParams(DrawnParams):
    name: Literal["clouds"] = "clouds"
    ways: int = param(3, "Clouds in a task.", symbol="N", ge=2, le=20)
    spread: float = param(0.5, "Standard deviation of a cloud.", symbol="σ", gt=0, le=10)


class CloudsTask(DrawnTask):
    """A type of its own, so that a face of its own can be found by it."""


@register("task", "clouds", title="Clouds", params=CloudsParams)
class Clouds(DrawnFamily):
    """Tell clouds of points in the plane apart."""

    task = CloudsTask

    @property
    def spec(self) -> ProblemSpec:
        return ProblemSpec(CLASSIFICATION, input_shape=(2,), outputs=self.params.ways)

    def truth(self, draws: Generator) -> Tensor:
        return 2 * torch.randn(self.params.ways, 2, generator=draws)  # the centres

    def items_of(self, truth: Tensor, each: int, draws: Generator) -> tuple[Tensor, Tensor]:
        y = torch.arange(len(truth)).repeat_interleave(each)
        return truth[y] + self.params.spread * torch.randn(len(y), 2, generator=draws), y
