"""The workloads W1-W4 of the engine's tables, and the arithmetic they cannot do without."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import nn

from workbench.core.episode import Batch, Episode
from workbench.core.objective import CLASSIFICATION, REGRESSION
from workbench.core.task import ProblemSpec
from workbench.engine import InnerLoop
from workbench.models.conv4 import Conv4Params, conv4
from workbench.models.mlp import MlpParams, mlp


@dataclass(frozen=True)
class Workload:
    name: str
    spec: ProblemSpec
    shots: int
    queries: int
    """Items a class (or points) in the query set."""
    tasks: int
    loop: InnerLoop
    filters: int = 0
    """Zero means the sinusoid MLP."""
    downsample: str = "stride"

    def model(self) -> nn.Module:
        torch.manual_seed(0)
        if not self.filters:
            return mlp(MlpParams(), self.spec)
        params = Conv4Params.model_validate(
            {"filters": self.filters, "downsample": self.downsample}
        )
        return conv4(params, self.spec)

    def episodes(self) -> Episode:
        draws = torch.Generator().manual_seed(1)
        return Episode(self._batch(self.shots, draws), self._batch(self.queries, draws))

    def _batch(self, per_class: int, draws: torch.Generator) -> Batch:
        if not self.spec.labels:
            x = torch.rand(self.tasks, per_class, 1, generator=draws) * 10 - 5
            return Batch(x, x.sin())
        ways = self.spec.outputs
        x = torch.rand(self.tasks, ways * per_class, *self.spec.input_shape, generator=draws)
        y = torch.arange(ways).repeat_interleave(per_class)
        return Batch(x, y.expand(self.tasks, -1).contiguous())

    def changed(self, name: str, *, tasks: int = 0, steps: int = 0, ways: int = 0) -> Workload:
        return replace(
            self,
            name=name,
            tasks=tasks or self.tasks,
            loop=replace(self.loop, steps=steps or self.loop.steps),
            spec=replace(self.spec, outputs=ways or self.spec.outputs),
        )


def _images(size: int, channels: int, ways: int) -> ProblemSpec:
    return ProblemSpec(CLASSIFICATION, (channels, size, size), ways)


def _omniglot(name: str, ways: int, tasks: int, steps: int, down: str, first: bool) -> Workload:
    loop = InnerLoop(steps, 0.4 if ways == 5 else 0.1, first)
    return Workload(name, _images(28, 1, ways), 1, 15, tasks, loop, 64, down)


def _sinusoid(name: str, steps: int) -> Workload:
    spec = ProblemSpec(REGRESSION, (1,), 1)
    return Workload(name, spec, 10, 10, 25, InnerLoop(steps, 0.01))


WORKLOADS: dict[str, Workload] = {
    w.name: w
    for w in (
        _omniglot("W1s1", 5, 32, 1, "stride", False),
        _omniglot("W1s5", 5, 32, 5, "stride", False),
        _omniglot("W1p1", 5, 32, 1, "maxpool", False),
        _omniglot("W1p5", 5, 32, 5, "maxpool", False),
        _omniglot("W2p5", 20, 16, 5, "maxpool", False),
        Workload("W4p5", _images(84, 3, 5), 1, 15, 4, InnerLoop(5, 0.01), 32, "maxpool"),
        _sinusoid("W3s1", 1),
        _sinusoid("W3s5", 5),
        _omniglot("W1s1-fo", 5, 32, 1, "stride", True),
        _omniglot("W1s5-fo", 5, 32, 5, "stride", True),
        _omniglot("W1p1-fo", 5, 32, 1, "maxpool", True),
        _omniglot("W1p5-fo", 5, 32, 5, "maxpool", True),
    )
}

_STRIDED, _SINE = WORKLOADS["W1s1"], WORKLOADS["W3s1"]
GROWTH: dict[str, Workload] = {
    w.name: w
    for w in (
        *(_STRIDED.changed(f"{k} steps", steps=k, tasks=8) for k in (1, 2, 5, 10, 20)),
        *(_SINE.changed(f"sinusoid, {k} steps", steps=k) for k in (1, 5, 20)),
        *(_STRIDED.changed(f"{t} tasks", tasks=t) for t in (1, 4, 16, 64)),
        *(_STRIDED.changed(f"{n} ways", ways=n, tasks=8) for n in (5, 10, 20)),
    )
}
"""One workload changed in one respect."""


def operations(work: Workload) -> float:
    """Floating-point operations of one meta-iteration, matrix products and convolutions only.

    In units of one forward pass: a gradient costs 3 (the first layer has no input gradient), and
    the Hessian-vector product that is added to it costs 6 (5 for the first layer's 2 + 2).
    """
    ways = work.spec.outputs if work.spec.labels else 1
    support, query = work.shots * ways, work.queries * ways
    layers = _products(work)
    gradient = sum(macs * (2 if first else 3) for first, macs in layers)
    curvature = sum(macs * (2 if first else 6) for first, macs in layers)
    per_step = gradient + (0 if work.loop.first_order else curvature)
    return 2.0 * work.tasks * (query * gradient + support * work.loop.steps * per_step)


def _products(work: Workload) -> list[tuple[bool, int]]:
    """Multiply-adds of one item in each layer, and whether the layer is the first."""
    if not work.filters:
        return [(True, 40), (False, 1600), (False, 40)]
    layers, size, channels = [], work.spec.input_shape[1], work.spec.input_shape[0]
    for block in range(4):
        out = (size + 1) // 2 if work.downsample == "stride" else size
        layers.append((block == 0, out * out * 9 * channels * work.filters))
        size = out if work.downsample == "stride" else size // 2
        channels = work.filters
    return layers
