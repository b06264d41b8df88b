"""Which strategy runs, and what is said when one does not fit."""

from __future__ import annotations

import pytest
from torch import Tensor, nn

from tests.unit.engine import reference as ref
from workbench.core.errors import BadInput
from workbench.engine import Engine, InnerLoop, PartialLoop, choice
from workbench.models.conv4 import Conv4Params, conv4
from workbench.models.mlp import MlpParams, mlp


class Own(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(100, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.inner(x.flatten(1))


def _words(model: nn.Module, strategy: str = "auto") -> str:
    engine = Engine(model, ref.problem(), 1, strategy=strategy)
    engine.close()
    return engine.strategy(InnerLoop(1, 0.1))


def test_each_model_gets_its_fastest_route() -> None:
    assert "compiled" in _words(mlp(MlpParams(), ref.problem()))
    assert "fused" in _words(conv4(Conv4Params(filters=4), ref.problem()))
    assert "task by task" in _words(Own())


def test_the_fused_route_takes_every_conv4_and_loops_over_a_part_of_its_weights() -> None:
    for values in ({"norm": "batch_shift"}, {"norm": "none"}, {"head_input": "flatten"}):
        assert "fused" in _words(conv4(Conv4Params(filters=4, **values), ref.problem()))
    engine = Engine(conv4(Conv4Params(filters=4), ref.problem()), ref.problem(), 1)
    assert "fused" in engine.strategy(PartialLoop(1, 0.1, engine.head))
    engine.close()
    for part in (mlp(MlpParams(hidden=(4,)), ref.problem()), Own()):
        engine = Engine(part, ref.problem(), 1)
        assert "compiled" not in engine.strategy(PartialLoop(1, 0.1, engine.head))
        engine.close()


def test_a_large_perceptron_is_batched() -> None:
    assert "matrix product" in _words(mlp(MlpParams(hidden=(1200, 1200)), ref.problem()))


def test_without_a_compiler_the_plain_routes_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "kernels_work", lambda: False)
    assert "matrix product" in _words(mlp(MlpParams(), ref.problem()))
    assert "task by task" in _words(conv4(Conv4Params(filters=4), ref.problem()))


def test_one_task_by_itself_waits_for_no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first adaptation in the window; the numbers are the same on every route."""
    asked: list[bool] = []
    monkeypatch.setattr(choice, "kernels_work", lambda: bool(asked.append(True)))
    model = ref.restless(conv4(Conv4Params(filters=4), ref.problem()))
    engine = Engine(model, ref.problem(), 1)
    episode = ref.episodes(ref.problem(), 1)[0]
    assert len(list(engine.step_by_step(engine.initial(), episode, InnerLoop(2, 0.1)))) == 3
    assert not asked
    assert "task by task" in engine.strategy(InnerLoop(2, 0.1)) and asked
    engine.close()


@pytest.mark.parametrize("strategy", ["fused", "compiled", "batched"])
def test_a_strategy_that_does_not_fit_is_refused(strategy: str) -> None:
    with pytest.raises(BadInput, match=strategy):
        _words(Own(), strategy)


def test_an_unknown_strategy_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="Choose auto, general"):
        _words(Own(), "fastest")


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.block2.conv.__setattr__("dilation", (2, 2)),
        lambda m: m.block1.norm.__setattr__("track_running_stats", True),
        lambda m: m.block1.__setattr__("norm", nn.BatchNorm2d(4, affine=False)),
        lambda m: m.block1.__setattr__("relu", nn.LeakyReLU()),
        lambda m: m.requires_grad_(False).head.requires_grad_(True),
        lambda m: m.register_module("block2", m.block3),
        lambda m: m.__setattr__("features", nn.AdaptiveMaxPool2d(1)),
    ],
)
def test_what_the_fast_route_does_not_compute_it_does_not_take(change: object) -> None:
    model = conv4(Conv4Params(filters=4), ref.problem())
    change(model)  # type: ignore[operator]
    from workbench.engine.convnet import layers

    assert layers.read(model) is None
