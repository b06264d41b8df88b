"""Every strategy gives the gradient of the independent loop to 1e-10 in float64."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn

from tests.unit.engine import reference as ref
from workbench.core.objective import REGRESSION
from workbench.core.task import ProblemSpec
from workbench.engine import Engine, InnerLoop, PartialLoop
from workbench.models.conv4 import Conv4Params, conv4
from workbench.models.mlp import MlpParams, mlp

LOOPS = [InnerLoop(k, 0.05) for k in (0, 1, 3, 5)] + [InnerLoop(k, 0.05, True) for k in (1, 3)]
MLPS = ("general", "compiled", "batched", "vmap")
CONVS = ("general", "fused", "vmap")


def _check(
    model: nn.Module, spec: ProblemSpec, strategy: str, loop: InnerLoop, recompute: bool = False,
    shots: int = 1,
) -> None:  # fmt: skip
    data = ref.episodes(spec, shots=shots)
    engine = Engine(model, spec, 2, strategy=strategy, recompute=recompute)
    found = engine.meta_gradient(engine.initial(), data, loop, seed=0)
    engine.close()
    expected, loss = ref.meta_gradient(model, spec, data, loop)
    size = max(float(g.abs().max()) for g in expected.values())
    assert ref.largest_difference(found.gradients, expected) < 1e-10 * max(1.0, size)
    assert found.query_loss == pytest.approx(loss, abs=1e-10)


def _mlp(spec: ProblemSpec, activation: str, hidden: tuple[int, ...] = (7, 40)) -> nn.Module:
    params = MlpParams.model_validate({"hidden": hidden, "activation": activation})
    return ref.restless(mlp(params, spec))


def _conv(
    spec: ProblemSpec, downsample: str, norm: str, filters: int = 6, head_input: str = "auto"
) -> nn.Module:
    values = {"filters": filters, "downsample": downsample, "norm": norm, "head_input": head_input}
    return ref.restless(conv4(Conv4Params.model_validate(values), spec))


@pytest.mark.parametrize("loop", LOOPS, ids=str)
@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("strategy", MLPS)
def test_a_perceptron_on_curves(strategy: str, activation: str, loop: InnerLoop) -> None:
    gentle = replace(loop, rate=0.01)
    _check(_mlp(ref.curve(), activation), ref.curve(), strategy, gentle, shots=5)


@pytest.mark.parametrize("ways", [2, 5])
@pytest.mark.parametrize("strategy", MLPS)
def test_a_perceptron_on_small_images(strategy: str, ways: int) -> None:
    spec = ref.problem(ways, size=4)
    _check(_mlp(spec, "tanh"), spec, strategy, InnerLoop(2, 0.05), shots=2)


@pytest.mark.parametrize("loop", LOOPS, ids=str)
@pytest.mark.parametrize("norm", ["batch", "none"])
@pytest.mark.parametrize("strategy", CONVS)
def test_conv4_with_strides(strategy: str, norm: str, loop: InnerLoop) -> None:
    _check(_conv(ref.problem(), "stride", norm), ref.problem(), strategy, loop)


@pytest.mark.parametrize("loop", LOOPS, ids=str)
@pytest.mark.parametrize("norm", ["batch", "none"])
@pytest.mark.parametrize("strategy", CONVS)
def test_conv4_with_pooling(strategy: str, norm: str, loop: InnerLoop) -> None:
    spec = ref.problem(size=17)
    _check(_conv(spec, "maxpool", norm), spec, strategy, loop)


@pytest.mark.parametrize("strategy", CONVS)
@pytest.mark.parametrize(("downsample", "head_input"), [("stride", "flatten"), ("maxpool", "mean")])
def test_conv4_with_the_other_head(strategy: str, downsample: str, head_input: str) -> None:
    spec = ref.problem(size=33 if downsample == "maxpool" else 17)
    model = _conv(spec, downsample, "batch", 4, head_input)
    _check(model, spec, strategy, InnerLoop(2, 0.05))


@pytest.mark.parametrize("downsample", ["stride", "maxpool"])
@pytest.mark.parametrize("strategy", CONVS)
def test_conv4_whose_normalisation_has_a_shift_only(strategy: str, downsample: str) -> None:
    spec = ref.problem(size=17)
    model = _conv(spec, downsample, "batch_shift")
    assert {n for n, _ in model.named_parameters() if "norm" in n} == {
        f"block{number}.norm.bias" for number in (1, 2, 3, 4)
    }
    _check(model, spec, strategy, InnerLoop(2, 0.05))


@pytest.mark.parametrize("recompute", [False, True])
@pytest.mark.parametrize("norm", ["batch", "batch_shift", "none"])
@pytest.mark.parametrize("first_order", [False, True])
def test_a_part_of_the_weights_may_adapt_on_the_fused_route(
    norm: str, first_order: bool, recompute: bool
) -> None:
    """The general route is held against a loop of its own in `test_authors`."""
    spec, data = ref.problem(size=17), ref.episodes(ref.problem(size=17))
    model = _conv(spec, "maxpool", norm)
    fused, general = (
        Engine(model, spec, 2, strategy=name, recompute=recompute) for name in ("fused", "general")
    )
    for adapted in (fused.head, fused.names - fused.head, fused.names - fused.norms):
        rule = PartialLoop(3, 0.05, adapted, first_order)
        assert "fused" in fused.strategy(rule) and "fused" not in general.strategy(rule)
        one, other = (e.meta_gradient(e.initial(), data, rule, 0) for e in (fused, general))
        size = max(float(g.abs().max()) for g in other.gradients.values())
        assert ref.largest_difference(one.gradients, other.gradients) < 1e-10 * max(1.0, size)
        scores = [e.scores(e.initial(), data, rule) for e in (fused, general)]
        torch.testing.assert_close(
            scores[0].query_loss, scores[1].query_loss, rtol=1e-10, atol=1e-10
        )
    fused.close()
    general.close()


def test_a_shift_only_is_a_scale_of_one() -> None:
    spec = ref.problem()
    shifted, scaled = (_conv(spec, "stride", norm) for norm in ("batch_shift", "batch"))
    values = shifted.state_dict()
    ones = {n: torch.ones_like(v) for n, v in scaled.state_dict().items() if n not in values}
    assert set(ones) == {f"block{number}.norm.weight" for number in (1, 2, 3, 4)}
    scaled.load_state_dict({**values, **ones})
    x = ref.episodes(spec).query.x[0]
    assert torch.allclose(shifted(x), scaled(x), rtol=0, atol=1e-12)


@pytest.mark.parametrize(("ways", "shots", "channels", "filters"), [(2, 3, 3, 35), (6, 1, 2, 32)])
def test_conv4_of_other_shapes(ways: int, shots: int, channels: int, filters: int) -> None:
    for downsample, size in (("stride", 9), ("maxpool", 18)):
        spec = ref.problem(ways, channels, size)
        model = _conv(spec, downsample, "batch", filters)
        _check(model, spec, "fused", InnerLoop(2, 0.05), shots=shots)


@pytest.mark.parametrize("strategy", ["general", "fused"])
@pytest.mark.parametrize("loop", LOOPS, ids=str)
def test_recomputing_the_steps_changes_nothing(strategy: str, loop: InnerLoop) -> None:
    _check(_conv(ref.problem(), "stride", "batch"), ref.problem(), strategy, loop, recompute=True)


def test_a_network_of_the_users_own_with_the_same_structure_takes_the_fast_route() -> None:
    layers = [nn.Conv2d(1, 5, 3), nn.ReLU(), nn.Conv2d(5, 4, 3, padding=1, bias=False)]
    layers += [nn.BatchNorm2d(4, track_running_stats=False), nn.ReLU(), nn.MaxPool2d(2)]
    model = ref.restless(
        nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3))
    )
    _check(model, ref.problem(), "fused", InnerLoop(2, 0.05))


def test_values_may_be_regressed_from_images() -> None:
    spec = ProblemSpec(REGRESSION, (1, 8, 8), 2)
    model = _conv(spec, "stride", "batch")
    _check(model, spec, "fused", InnerLoop(2, 0.05), shots=4)


def test_finite_differences_agree() -> None:
    spec, loop = ref.problem(), InnerLoop(2, 0.05)
    model, data = _conv(spec, "stride", "batch", 3), ref.episodes(spec)
    engine = Engine(model, spec, 1, strategy="fused")
    weights = engine.initial()
    found = engine.meta_gradient(weights, data, loop, 0).gradients
    draws = torch.Generator().manual_seed(1)
    along = {n: torch.randn(w.shape, generator=draws, dtype=w.dtype) for n, w in weights.items()}

    def loss(amount: float) -> float:
        moved = {name: w + amount * along[name] for name, w in weights.items()}
        return engine.meta_gradient(moved, data, loop, 0).query_loss

    slope = (loss(1e-6) - loss(-1e-6)) / 2e-6
    engine.close()
    assert slope == pytest.approx(sum(float((found[n] * along[n]).sum()) for n in found), rel=1e-5)


@pytest.mark.parametrize("strategy", ["fused", "compiled", "batched", "vmap"])
def test_scores_equal_the_general_route(strategy: str) -> None:
    spec, loop = ref.problem(size=17), InnerLoop(3, 0.05)
    conv = strategy in {"fused", "vmap"}
    model = _conv(spec, "maxpool", "batch") if conv else _mlp(spec, "relu")
    data = ref.episodes(spec)
    results = []
    for name in ("general", strategy):
        engine = Engine(model, spec, 2, strategy=name)
        results.append(engine.scores(engine.initial(), data, loop))
        engine.close()
    for field in ("metric", "query_loss", "support_loss"):
        one, other = (getattr(result, field) for result in results)
        assert one.shape == (3, 4)
        torch.testing.assert_close(one, other, rtol=1e-10, atol=1e-10)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device")
def test_tasks_are_batched_on_a_gpu() -> None:
    spec, loop = ref.problem(), InnerLoop(2, 0.05)
    model = _conv(spec, "stride", "batch")
    expected, _ = ref.meta_gradient(model, spec, ref.episodes(spec), loop)
    engine = Engine(model.cuda(), spec)
    data = ref.episodes(spec).to(torch.device("cuda"), torch.float64)
    found = engine.meta_gradient(engine.initial(), data, loop, 0).gradients
    assert "vmap" in engine.strategy(loop)
    assert ref.largest_difference({n: g.cpu() for n, g in found.items()}, expected) < 1e-10
