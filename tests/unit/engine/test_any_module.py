"""Modules a person may bring: dropout, buffers, shared and frozen weights, odd operations."""

from __future__ import annotations

import threading

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tests.unit.engine import reference as ref
from workbench.core.algorithm import MetaGradient
from workbench.core.errors import BadInput
from workbench.engine import Engine, InnerLoop
from workbench.models.conv4 import Conv4Params, conv4
from workbench.models.mlp import MlpParams, mlp

LOOP = InnerLoop(2, 0.05)


def _run(
    model: nn.Module, workers: int, *, seed: int = 0, tasks: int = 5, strategy: str = "auto",
    recompute: bool = False, size: int = 10,
) -> MetaGradient:  # fmt: skip
    spec = ref.problem(size=size)
    engine = Engine(model, spec, workers, strategy=strategy, recompute=recompute)
    found = engine.meta_gradient(engine.initial(), ref.episodes(spec, tasks), LOOP, seed)
    engine.close()
    return found


def _same_bits(one: MetaGradient, other: MetaGradient) -> bool:
    return all(torch.equal(one.gradients[n], other.gradients[n]) for n in one.gradients)


def _models() -> list[tuple[str, nn.Module]]:
    spec = ref.problem()
    conv = conv4(Conv4Params(filters=4), spec)
    return [
        ("general", ref.restless(conv)),
        ("fused", ref.restless(conv)),
        ("compiled", ref.restless(mlp(MlpParams(hidden=(9,)), spec))),
    ]


def _dropping() -> nn.Module:
    return ref.restless(
        nn.Sequential(nn.Flatten(), nn.Linear(100, 8), nn.Tanh(), nn.Dropout(0.5), nn.Linear(8, 3))
    )


@pytest.mark.parametrize(("strategy", "model"), _models(), ids=lambda value: str(value)[:9])
def test_the_number_of_workers_does_not_change_a_bit(strategy: str, model: nn.Module) -> None:
    one, *others = (_run(model, workers, strategy=strategy) for workers in (1, 2, 3))
    assert all(_same_bits(one, other) for other in others)
    assert all(one.query_loss == other.query_loss for other in others)


def test_dropout_repeats_with_the_seed_whatever_the_workers() -> None:
    one, two, three = (_run(_dropping(), workers, seed=4) for workers in (1, 2, 3))
    assert _same_bits(one, two)
    assert _same_bits(one, three)
    assert not _same_bits(one, _run(_dropping(), 2, seed=5))


def test_dropout_leaves_the_global_generator_alone() -> None:
    model = _dropping()
    before = torch.get_rng_state()
    _run(model, 2)
    assert torch.equal(before, torch.get_rng_state())


def test_dropout_masks_are_the_same_when_steps_are_recomputed() -> None:
    through, again = (_run(_dropping(), 2, recompute=flag) for flag in (False, True))
    assert ref.largest_difference(through.gradients, again.gradients) < 1e-10


def test_dropout_differs_between_tasks_and_steps() -> None:
    masks: list[Tensor] = []

    class Watched(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            y = F.dropout(torch.ones(64), 0.5)
            masks.append(y)
            return x + 0 * y.sum()

    model = nn.Sequential(nn.Flatten(), nn.Linear(100, 3), Watched()).double()
    engine = Engine(model, ref.problem(), 1)
    masks.clear()
    engine.meta_gradient(engine.initial(), ref.episodes(ref.problem(), 2), LOOP, 0)
    engine.close()
    assert len({tuple(mask.tolist()) for mask in masks}) == 2 * (LOOP.steps + 1)


def test_running_statistics_and_buffers_stay_as_they_were() -> None:
    model = ref.restless(
        nn.Sequential(
            nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(256, 3)
        )
    )
    spec, data = ref.problem(), ref.episodes(ref.problem())
    engine = Engine(model, spec, 2)
    before = {name: b.clone() for name, b in engine._model.named_buffers()}
    first = engine.meta_gradient(engine.initial(), data, LOOP, 0)
    engine.scores(engine.initial(), data, LOOP)
    assert _same_bits(first, engine.meta_gradient(engine.initial(), data, LOOP, 0))
    engine.close()
    assert all(torch.equal(before[n], b) for n, b in engine._model.named_buffers())
    expected, _ = ref.meta_gradient(model, spec, data, LOOP)
    assert ref.largest_difference(first.gradients, expected) < 1e-10


def test_frozen_weights_stay_frozen() -> None:
    model = ref.restless(conv4(Conv4Params(filters=4), ref.problem()))
    model.block1.requires_grad_(False)
    found = _run(model, 2, tasks=3)
    expected, _ = ref.meta_gradient(model, ref.problem(), ref.episodes(ref.problem()), LOOP)
    assert not any(name.startswith("block1") for name in found.gradients)
    assert ref.largest_difference(found.gradients, expected) < 1e-10


def test_shared_weights_are_one_weight() -> None:
    middle = nn.Linear(8, 8)
    layers = (nn.Linear(100, 8), nn.Tanh(), middle, nn.Tanh(), middle, nn.Tanh(), nn.Linear(8, 3))
    model = ref.restless(nn.Sequential(nn.Flatten(), *layers))
    found = _run(model, 2, tasks=3)
    expected, _ = ref.meta_gradient(model, ref.problem(), ref.episodes(ref.problem()), LOOP)
    assert ref.largest_difference(found.gradients, expected) < 1e-10


def test_weights_that_are_not_used_get_zero() -> None:
    class Spare(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.spare = nn.Linear(100, 3), nn.Linear(2, 2)

        def forward(self, x: Tensor) -> Tensor:
            return self.used(x.flatten(1))

    for recompute in (False, True):
        found = _run(ref.restless(Spare()), 2, recompute=recompute)
        assert float(found.gradients["spare.weight"].abs().sum()) == 0


class Distances(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.centres = nn.Parameter(torch.randn(3, 8))

    def forward(self, x: Tensor) -> Tensor:
        return -torch.cdist(x, self.centres)


def test_an_operation_without_a_second_derivative_is_refused_by_its_layers_name() -> None:
    layers = {"flat": nn.Flatten(), "embed": nn.Linear(100, 8), "distances": Distances()}
    model = nn.Sequential()
    for name, layer in layers.items():
        model.add_module(name, layer)
    engine = Engine(model.double(), ref.problem(), 2)
    data = ref.episodes(ref.problem())
    with pytest.raises(BadInput, match=r"'distances'.*squared differences"):
        engine.meta_gradient(engine.initial(), data, LOOP, 0)
    first_order = InnerLoop(2, 0.05, first_order=True)
    assert engine.meta_gradient(engine.initial(), data, first_order, 0).query_loss > 0
    engine.close()


def test_threads_end_with_close_and_start_again() -> None:
    before = threading.active_count()
    spec = ref.problem()
    engine = Engine(ref.restless(conv4(Conv4Params(filters=4), spec)), spec, 3)
    for _ in range(2):
        engine.meta_gradient(engine.initial(), ref.episodes(spec), LOOP, 0)
        engine.close()
        assert threading.active_count() == before


def test_divergence_is_a_result() -> None:
    spec, wild = ref.problem(size=17), InnerLoop(5, 1e30)
    for strategy, model in (
        ("fused", conv4(Conv4Params(filters=4, downsample="maxpool"), spec)),
        ("fused", conv4(Conv4Params(filters=4, norm="none"), spec)),
        ("compiled", mlp(MlpParams(hidden=(5,)), spec)),
    ):
        engine = Engine(ref.restless(model), spec, 1, strategy=strategy)
        loss = engine.meta_gradient(engine.initial(), ref.episodes(spec), wild, 0).query_loss
        engine.close()
        assert not loss < 1e6
