"""On a GPU algorithms compute what they do on the CPU; a training there is recorded alike."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor

from tests.contract.conftest import cases
from tests.samples import Samples
from tests.tiny import prepared, tiny_config, training
from workbench.core.algorithm import Algorithm, Weights
from workbench.core.events import Finished, Reason, StepDone
from workbench.core.registry import get
from workbench.core.task import TaskFamily
from workbench.engine import Engine
from workbench.engine.randomness import Drawn
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.replay import read_run
from workbench.experiments.session import build_family
from workbench.experiments.store import open_run
from workbench.experiments.trainer import Training

catalog.load()
pytestmark = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="this machine has no CUDA device"
)
CPU, GPU = torch.device("cpu"), torch.device("cuda")


@pytest.mark.parametrize("case", cases())
def test_a_gpu_computes_what_the_cpu_does(case: tuple[str, str], samples: Samples) -> None:
    name, family = case
    problem = samples.problem(family)
    if get("algorithm", name).build.unfit(build_family(tiny_config(**problem)).spec):
        pytest.skip("the algorithm does not fit this problem")
    config = tiny_config(**problem, algorithm={"name": name})
    ready = prepared(config)
    expected, found = (_numbers(config, ready, device) for device in (CPU, GPU))
    assert expected.keys() == found.keys()
    for key, value in expected.items():
        difference = float((found[key] - value).abs().max())
        assert difference <= 1e-8 * max(1.0, float(value.abs().max())), key


def test_a_training_on_a_gpu_is_that_of_the_cpu_up_to_rounding(tmp_path: Path) -> None:
    """The same tasks, losses that agree, checkpoints and the lab's learner on the CPU."""
    told = {name: _trained(name, tmp_path / name) for name in ("cpu", "cuda")}
    for here, there in zip(*(steps for steps, _ in told.values()), strict=True):
        assert there.query_loss == pytest.approx(here.query_loss, rel=1e-3)
    gpu = told["cuda"][1]
    assert gpu.device.type == "cuda"
    learner = gpu.snapshot()
    assert learner is not None
    assert {weight.device.type for weight in learner.weights.values()} == {"cpu"}
    run = open_run(tmp_path / "cuda")
    made_by, kept = run.facts().made_by, run.load_checkpoint()
    assert made_by is not None and made_by.device.startswith("cuda ")
    assert {weight.device.type for weight in kept.weights.values()} == {"cpu"}


@pytest.mark.parametrize("others", [["cuda", "cuda"], ["cuda", "cpu"], ["cpu", "cuda"]])
def test_a_run_goes_on_whatever_began_it(others: list[str], tmp_path: Path) -> None:
    first, then = others
    _trained(first, tmp_path / "run", iterations=3)
    run = open_run(tmp_path / "run")
    longer = tiny_config(training={"device": then, "iterations": 6})
    more = Training(longer, prepared(longer), run, resume=run.load_checkpoint())
    last = list(more.events())[-1]
    assert isinstance(last, Finished) and last.reason is Reason.COMPLETED
    if first == then:
        unbroken, _ = _trained(then, tmp_path / "unbroken")
        again = [event for event in read_run(run.path).events if isinstance(event, StepDone)]
        assert [s.query_loss for s in again] == [s.query_loss for s in unbroken]


def test_masks_on_a_gpu_repeat_with_their_seed() -> None:
    x = torch.ones(64, device=GPU)

    def mask() -> Tensor:
        with Drawn(3, "masks", 0):
            return torch.cat([torch.nn.functional.dropout(x) for _ in range(2)])

    first = mask()
    torch.rand(5, device=GPU)
    assert torch.equal(mask(), first) and not torch.equal(first[:64], first[64:])


def _trained(device: str, path: Path, **more: int) -> tuple[list[StepDone], Training]:
    trained = training(tiny_config(training={"device": device, **more}), path)
    return [event for event in trained.events() if isinstance(event, StepDone)], trained


def _numbers(config: ExperimentConfig, family: TaskFamily, device: torch.device) -> Weights:
    """Meta-gradient, adaptation and scores of one algorithm, brought to the CPU."""
    algorithm = _built(config, family, device)
    kind = get("algorithm", config.algorithm.name).build
    weights = {n: w.to(device, torch.float64) for n, w in algorithm.initial().items()}
    draws = torch.Generator().manual_seed(1)
    held_out = family.episodes("test", 3, draws).to(device, torch.float64)
    found: dict[str, Tensor] = {}
    if kind.trains:
        episodes = algorithm.draw(family, 3, draws).to(device, torch.float64)
        gradients = algorithm.meta_gradient(weights, episodes, 7, 0).gradients
        found.update({f"gradient of {name}": value for name, value in gradients.items()})
    for step in algorithm.adapt(weights, held_out[0], 2):
        found[f"query outputs of step {step.step}"] = step.query_outputs
    found["metric"] = algorithm.evaluate(weights, held_out, algorithm.test_steps).metric
    algorithm.close()
    return {key: value.detach().cpu() for key, value in found.items()}


def _built(config: ExperimentConfig, family: TaskFamily, device: torch.device) -> Algorithm:
    kind = get("algorithm", config.algorithm.name).build
    torch.manual_seed(0)
    model = get("model", config.model.name).build(config.model, family.spec)
    model = kind.shaped(model, family, config.algorithm).to(device, torch.float64)
    algorithm: Algorithm = kind(config.algorithm, Engine(model, family.spec, 1))
    return algorithm
