"""Every algorithm computes on a GPU what it computes on the CPU, in float64."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tests.contract.conftest import cases
from tests.samples import Samples
from tests.tiny import prepared, tiny_config
from workbench.core.algorithm import Algorithm, Weights
from workbench.core.registry import get
from workbench.core.task import TaskFamily
from workbench.engine import Engine
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.session import build_family

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
