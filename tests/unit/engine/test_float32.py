"""In float32, on real pictures: every route within rounding of the same gradient in float64.

Pictures are mostly constant background, where a sum taken carelessly is wrong as a whole.
"""

from __future__ import annotations

import copy
import functools
import zipfile
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from workbench.core.algorithm import Weights
from workbench.core.episode import Batch, Episode
from workbench.core.objective import CLASSIFICATION
from workbench.core.registry import get
from workbench.core.seeds import generator
from workbench.core.task import ProblemSpec
from workbench.engine import Engine
from workbench.engine.rule import InnerLoop
from workbench.experiments import catalog
from workbench.experiments.session import build_family

OMNIGLOT = Path(__file__).parents[4] / "shared" / "data" / "omniglot"
SPEC = ProblemSpec(CLASSIFICATION, (1, 28, 28), 5)
TASKS = 4
BOUNDS = {"glyphs": 2e-5, "omniglot": 2e-5, "constant": 1e-4}
"""Without any picture there is hardly any variance to divide by: rounding weighs more."""


@functools.cache
def glyphs() -> Episode:
    family = build_family(catalog.preset("glyphs").config)
    family.prepare(lambda message, fraction: None)
    return family.episodes("train", TASKS, generator(0, "train", 0))


@functools.cache
def omniglot() -> Episode:
    """From whatever archive or tree of the real data there is."""
    places = [OMNIGLOT, *OMNIGLOT.parent.glob("omniglot*")]
    place = next((p for p in places if p.is_dir() or zipfile.is_zipfile(p)), None)
    if place is None:
        pytest.skip("the Omniglot data set is not at hand")
    preset = catalog.preset("omniglot").config
    family = build_family(preset.replaced({"task": {"root": str(place)}}))
    family.prepare(lambda message, fraction: None)
    return family.episodes("train", TASKS, generator(0, "train", 0))


@functools.cache
def constant() -> Episode:
    """Nothing but background, with a single bright pixel that tells the classes apart."""
    x = torch.full((TASKS, 10, 1, 28, 28), 0.7)
    labels = torch.arange(5).repeat_interleave(2).expand(TASKS, -1)
    for item in range(10):
        x[:, item, 0, 3 + item, 5] = 0.0
    return Episode(Batch(x, labels), Batch(x.flip(-1), labels))


SOURCES = {"glyphs": glyphs, "omniglot": omniglot, "constant": constant}


def conv4(downsample: str, norm: str = "batch") -> nn.Module:
    catalog.load()
    entry = get("model", "conv4")
    torch.manual_seed(0)
    params = entry.params(filters=32, downsample=downsample, norm=norm)
    model: nn.Module = entry.build(params, SPEC)
    return model


def gradients(
    model: nn.Module, episodes: Episode, strategy: str, steps: int, dtype: torch.dtype
) -> Weights:
    engine = Engine(copy.deepcopy(model).to(dtype), SPEC, 1, strategy=strategy)
    try:
        moved = episodes.to(torch.device("cpu"), dtype)
        return engine.meta_gradient(engine.initial(), moved, InnerLoop(steps, 0.4), 0).gradients
    finally:
        engine.close()


@functools.cache
def exact(source: str, downsample: str) -> Weights:
    return gradients(conv4(downsample), SOURCES[source](), "general", 1, torch.float64)


def distance(found: Weights, wanted: Weights) -> float:
    """Of all weights together, relative to the norm of what is wanted."""
    return float(_norm([found[n].double() - wanted[n] for n in wanted]) / _norm(wanted.values()))


def _norm(parts: object) -> Tensor:
    return torch.stack([part.square().sum() for part in parts]).sum().sqrt()  # type: ignore[attr-defined]


@pytest.mark.parametrize("downsample", ["stride", "maxpool"])
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("strategy", ["general", "fused", "vmap"])
def test_float32_is_within_rounding_of_float64(source: str, downsample: str, strategy: str) -> None:
    found = gradients(conv4(downsample), SOURCES[source](), strategy, 1, torch.float32)
    assert distance(found, exact(source, downsample)) < BOUNDS[source]


@pytest.mark.parametrize("strategy", ["general", "fused", "vmap"])
def test_with_a_shift_only_too(strategy: str) -> None:
    model = conv4("stride", "batch_shift")
    found, wanted = (
        gradients(model, glyphs(), route, 1, dtype)
        for route, dtype in ((strategy, torch.float32), ("general", torch.float64))
    )
    assert distance(found, wanted) < BOUNDS["glyphs"]
