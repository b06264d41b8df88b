"""Which strategy runs: by device, model and size, or by the name a person asked for."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Literal, Protocol, get_args

import torch
from torch import nn

from workbench.core.algorithm import MetaGradient, Scores, Weights
from workbench.core.episode import Episode
from workbench.core.errors import BadInput
from workbench.core.task import ProblemSpec
from workbench.engine import batched_mlp
from workbench.engine.general import GeneralStrategy
from workbench.engine.inner import InnerLoop
from workbench.engine.vmapped import VmapStrategy

StrategyName = Literal["auto", "general", "fused", "compiled", "batched", "vmap"]
NAMES: tuple[str, ...] = get_args(StrategyName)


class Strategy(Protocol):
    """A way to compute the same numbers faster."""

    @property
    def name(self) -> str: ...

    def meta_gradient(
        self, weights: Weights, episodes: Episode, loop: InnerLoop, seed: int
    ) -> MetaGradient: ...

    def scores(self, weights: Weights, episodes: Episode, loop: InnerLoop) -> Scores: ...

    def close(self) -> None: ...


def choose(
    model: nn.Module, spec: ProblemSpec, workers: int, wanted: str, recompute: bool
) -> Strategy:
    """The strategy asked for, or the fastest one that fits.

    On a CPU the hand-written routes come first, then the general one; on a GPU tasks are batched.
    Raises `BadInput` when the one asked for does not fit the model.
    """
    makers: dict[str, Callable[[], Strategy | None]] = {
        "compiled": lambda: _compiled(model, spec, workers),
        "fused": lambda: _fused(model, spec, workers, recompute),
        "batched": lambda: _batched(model, spec),
        "vmap": lambda: _vmapped(model, spec),
        "general": lambda: GeneralStrategy(model, spec, workers, recompute),
    }
    if wanted != "auto" and wanted not in makers:
        raise BadInput("strategy", f"no strategy is called {wanted}", f"Choose {', '.join(NAMES)}")
    on_cpu = all(p.device.type == "cpu" for p in model.parameters())
    fitting = ("compiled", "fused", "batched", "general") if on_cpu else ("vmap", "general")
    for name in fitting if wanted == "auto" else (wanted,):
        made = makers[name]()
        if made is not None:
            return made
    raise BadInput(
        "strategy", f"the strategy {wanted} does not fit this model or machine", "Choose auto"
    )


@functools.cache
def kernels_work() -> bool:
    """Whether numba is here and compiles for this machine."""
    try:
        from workbench.engine.compiled import answers

        return answers()
    except Exception:
        # Whatever a compiler may raise on a machine it was never tried on: the general route runs.
        return False


def _kernels_fit(model: nn.Module) -> bool:
    kinds = {(p.device.type, p.dtype) for p in model.parameters()}
    return kinds in ({("cpu", torch.float32)}, {("cpu", torch.float64)}) and kernels_work()


def _compiled(model: nn.Module, spec: ProblemSpec, workers: int) -> Strategy | None:
    if not batched_mlp.fits(model) or not _kernels_fit(model):
        return None
    from workbench.engine.mlp import strategy

    layers = strategy.read(model)
    return strategy.SmallMlpStrategy(model, layers, spec, workers) if layers else None


def _fused(model: nn.Module, spec: ProblemSpec, workers: int, recompute: bool) -> Strategy | None:
    from workbench.engine.convnet import layers

    net = layers.read(model) if spec.is_image else None
    if net is None or not _kernels_fit(model):
        return None
    from workbench.engine.convnet.strategy import ConvNetStrategy

    return ConvNetStrategy(model, net, spec, workers, recompute)


def _batched(model: nn.Module, spec: ProblemSpec) -> Strategy | None:
    return batched_mlp.BatchedMlpStrategy(model, spec) if batched_mlp.fits(model) else None


def _vmapped(model: nn.Module, spec: ProblemSpec) -> Strategy | None:
    return None if any(True for _ in model.buffers()) else VmapStrategy(model, spec)
