"""Small problems in float64, and any algorithm built for them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Generator, Tensor, nn

from workbench.core.algorithm import Algorithm, Weights
from workbench.core.episode import Batch, Episode
from workbench.core.objective import CLASSIFICATION, REGRESSION
from workbench.core.params import Params
from workbench.core.registry import get
from workbench.core.task import ProblemSpec, Report, Split, SplitInfo, Task, TaskFamily
from workbench.engine import Engine
from workbench.experiments import catalog

F64 = torch.float64
CURVES = ProblemSpec(REGRESSION, (2,), 1)
IMAGES = ProblemSpec(CLASSIFICATION, (1, 7, 7), 3)
LONG_ENOUGH = {"imaml": {"inner_steps": 3, "damping": 0.0}, "transfer": {"test_batch": 0}}

catalog.load()
torch.set_num_threads(1)  # as the program does: tasks are spread over threads, not operators


class NoParams(Params):
    pass


class Family(TaskFamily):
    """Says what an algorithm asks of a family before it trains, and draws nothing."""

    def __init__(self, spec: ProblemSpec, joint_classes: int = 4) -> None:
        super().__init__(NoParams())
        self._spec, self._classes = spec, joint_classes

    @property
    def spec(self) -> ProblemSpec:
        return self._spec

    @property
    def joint_classes(self) -> int:
        return self._classes

    def prepare(self, report: Report) -> None: ...

    def splits(self) -> dict[Split, SplitInfo]:
        return {}

    def sample(self, split: Split, draws: Generator) -> Task:
        raise NotImplementedError

    @property
    def items(self) -> int:
        return 0

    def task_from_json(self, values: dict[str, Any], split: Split) -> Task:
        raise NotImplementedError


def smooth_net() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(2, 6), nn.Tanh(), nn.Linear(6, 1)).to(F64)


def smooth_conv() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 2, 3, stride=2),
        nn.BatchNorm2d(2, track_running_stats=False),
        nn.Softplus(),
        nn.Flatten(),
        nn.Linear(2 * 9, 3),
    ).to(F64)


def curves(tasks: int = 3, points: int = 5) -> Episode:
    draws = torch.Generator().manual_seed(2)

    def batch() -> Batch:
        x = torch.randn(tasks, points, 2, dtype=F64, generator=draws)
        return Batch(x, x.sum(-1, keepdim=True).sin())

    return Episode(batch(), batch())


def images(tasks: int = 2) -> Episode:
    draws = torch.Generator().manual_seed(1)
    labels = torch.arange(3).repeat(tasks, 2)

    def batch() -> Batch:
        return Batch(torch.randn(tasks, 6, 1, 7, 7, dtype=F64, generator=draws), labels)

    return Episode(batch(), batch())


PROBLEMS = {
    "curves": (smooth_net, CURVES, curves),
    "images": (smooth_conv, IMAGES, images),
}


def build(
    name: str,
    model: nn.Module,
    spec: ProblemSpec,
    *,
    alone: bool = False,
    strategy: str = "auto",
    **params: Any,
) -> Algorithm:
    """An algorithm in float64 on one worker."""
    entry = get("algorithm", name)
    values = entry.params(**{**LONG_ENOUGH.get(name, {}), **params})
    torch.manual_seed(3)
    shaped = entry.build.shaped(model, Family(spec), values)
    algorithm: Algorithm = entry.build(
        values, Engine(shaped, spec, 1, alone=alone, strategy=strategy)
    )
    return algorithm


def doubled(weights: Weights) -> Weights:
    """Meta-parameters that a method adds to the model's are drawn in float32."""
    return {name: weight.to(F64) for name, weight in weights.items()}


def flat(gradients: Weights) -> Tensor:
    return torch.cat([gradient.flatten() for gradient in gradients.values()])
