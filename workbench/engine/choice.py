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
from workbench.core.marked import marked
from workbench.core.objective import Classification, SquaredError
from workbench.core.own_loss import OwnLoss
from workbench.core.policy_gradient import PolicyGradient
from workbench.core.task import ProblemSpec
from workbench.engine import batched_mlp
from workbench.engine.acting.strategy import ActingStrategy
from workbench.engine.general import GeneralStrategy
from workbench.engine.rule import InnerLoop, Rule
from workbench.engine.vmapped import VmapStrategy

StrategyName = Literal["auto", "general", "fused", "compiled", "batched", "vmap"]
NAMES: tuple[str, ...] = get_args(StrategyName)


class Strategy(Protocol):
    """A way to compute the same numbers faster, for plain gradient descent of all weights."""

    serves_parts: bool
    """Whether it computes gradient descent of some weights (`PartialLoop`), too."""

    @property
    def name(self) -> str: ...

    def meta_gradient(
        self, weights: Weights, episodes: Episode, loop: InnerLoop, seed: int
    ) -> MetaGradient: ...

    def scores(self, weights: Weights, episodes: Episode, loop: InnerLoop) -> Scores: ...

    def close(self) -> None: ...


class FlexibleStrategy(Protocol):
    """A way that serves every rule."""

    @property
    def name(self) -> str: ...

    def meta_gradient(
        self, weights: Weights, episodes: Episode, rule: Rule, seed: int
    ) -> MetaGradient: ...

    def scores(self, weights: Weights, episodes: Episode, rule: Rule) -> Scores: ...

    def close(self) -> None: ...


def flexible(
    model: nn.Module, spec: ProblemSpec, workers: int, wanted: str, general: GeneralStrategy
) -> FlexibleStrategy:
    """For rules that the hand-written routes do not know: batched where it fits, or general.

    Policies act all together, whatever the rule.
    """
    if wanted != "general" and isinstance(spec.objective, PolicyGradient):
        return ActingStrategy(model, spec, workers)
    if wanted != "general" and _on_cpu(model) and _batches(model, spec):
        return batched_mlp.BatchedMlpStrategy(model, spec)
    return general


def choose(
    model: nn.Module,
    spec: ProblemSpec,
    workers: int,
    wanted: str,
    recompute: bool,
    general: GeneralStrategy,
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
        "general": lambda: general,
    }
    if wanted != "auto" and wanted not in makers:
        raise BadInput(
            "strategy",
            marked("no strategy is called {0}").format(wanted),
            marked("Choose {0}").format(", ".join(NAMES)),
        )
    fitting: tuple[str, ...] = ("vmap", "general")
    if _on_cpu(model):
        fitting = ("compiled", "fused", "batched", "general")
    for name in fitting if wanted == "auto" else (wanted,):
        made = makers[name]()
        if made is not None:
            return made
    raise BadInput(
        "strategy",
        marked("the strategy {0} does not fit this model, loss or machine").format(wanted),
        marked("Choose auto"),
    )


def _on_cpu(model: nn.Module) -> bool:
    return all(p.device.type == "cpu" for p in model.parameters())


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


def _known(spec: ProblemSpec) -> bool:
    """Whether the written-out derivatives are those of its loss, and its inputs real numbers."""
    known = type(spec.objective) in (Classification, SquaredError)
    return known and not (spec.vocabulary or spec.collected)


def _batches(model: nn.Module, spec: ProblemSpec) -> bool:
    """Whether tasks can be stacked: items that are collected are collected task by task."""
    return batched_mlp.fits(model) and not spec.collected


def _compiled(model: nn.Module, spec: ProblemSpec, workers: int) -> Strategy | None:
    if not (batched_mlp.fits(model) and _known(spec) and _kernels_fit(model)):
        return None
    from workbench.engine.mlp import strategy

    layers = strategy.read(model)
    return strategy.SmallMlpStrategy(model, layers, spec, workers) if layers else None


def _fused(model: nn.Module, spec: ProblemSpec, workers: int, recompute: bool) -> Strategy | None:
    from workbench.engine.convnet import layers

    net = layers.read(model) if spec.is_image and _known(spec) else None
    if net is None or not _kernels_fit(model):
        return None
    from workbench.engine.convnet.strategy import ConvNetStrategy

    return ConvNetStrategy(model, net, spec, workers, recompute)


def _batched(model: nn.Module, spec: ProblemSpec) -> Strategy | None:
    return batched_mlp.BatchedMlpStrategy(model, spec) if _batches(model, spec) else None


def _vmapped(model: nn.Module, spec: ProblemSpec) -> Strategy | None:
    if isinstance(spec.objective, OwnLoss):  # it may branch on numbers, which vmap cannot
        return None
    fits = not spec.collected and not any(True for _ in model.buffers())
    return VmapStrategy(model, spec) if fits else None
