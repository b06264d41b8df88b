"""Run by three processes at once: what one of them computes alone, against what groups compute.

Prints, as process 0, the largest difference of each case as JSON. With ``cuda`` as its argument on
a GPU each, the first case alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import torch
from torch import Tensor, distributed, nn

from tests.tiny import prepared, tiny_config
from workbench.algorithms.maml import Maml
from workbench.core.algorithm import Algorithm, Evidence, MetaGradient, Weights
from workbench.core.registry import get
from workbench.core.seeds import generator
from workbench.engine import Engine
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.evaluation import drained, watched
from workbench.experiments.losses import trained_on
from workbench.experiments.scale.division import meta_gradient
from workbench.experiments.scale.group import Group, Ranks, joined

GLYPHS: dict[str, Any] = {
    "task": {"name": "glyphs", "ways": 3, "shots": 1, "queries": 2},
    "model": {"name": "conv4", "filters": 4},
}
ACTING: dict[str, Any] = {
    "task": {"name": "navigation", "shots": 4, "queries": 4, "horizon": 8},
    "model": {"name": "mlp_gaussian", "hidden": [6]},
}
DEVICE = torch.device(sys.argv[1] if len(sys.argv) > 1 else "cpu")
METHODS: dict[str, dict[str, Any]] = {
    "maml": {"algorithm": {"name": "maml", "inner_steps": 2}},
    "fomaml": {"algorithm": {"name": "fomaml"}},
    "reptile": {
        "algorithm": {"name": "reptile", "inner_batch": 3, "inner_steps": 3},
        "training": {"strategy": "auto"},
    },
    "meta_sgd": {"algorithm": {"name": "meta_sgd"}},
    "imaml": {"algorithm": {"name": "imaml"}},
    "conv maml": GLYPHS,
    "anil": {**GLYPHS, "algorithm": {"name": "anil"}},
    "maml_plus_plus": {**GLYPHS, "algorithm": {"name": "maml_plus_plus"}},
    "protonet": {**GLYPHS, "algorithm": {"name": "protonet", "statistics": "running"}},
    "joint": {**GLYPHS, "algorithm": {"name": "transfer"}},
    "policies": {**ACTING, "training": {"optimizer": "trpo"}},
}


class _Dropping(nn.Sequential):
    """A network of the user's that draws while it trains."""

    def __init__(self) -> None:
        super().__init__(nn.Linear(1, 12), nn.ReLU(), nn.Dropout(0.5), nn.Linear(12, 1))


def learner(config: ExperimentConfig, dtype: torch.dtype, model: nn.Module | None) -> Algorithm:
    """As `build_algorithm` makes it, in a precision."""
    family = prepared(config)
    torch.manual_seed(1)
    kind = get("algorithm", config.algorithm.name).build
    model = model or get("model", config.model.name).build(config.model, family.spec)
    model = kind.shaped(model, family, config.algorithm).to(DEVICE, dtype)
    made: Algorithm = kind(
        config.algorithm,
        Engine(
            model, trained_on(family.spec, config.training), 1, strategy=config.training.strategy
        ),
    )
    return made


def difference(one: MetaGradient, other: MetaGradient) -> float:
    """The largest, relative to the largest number there is."""
    found = {**one.gradients, **one.averages}, {**other.gradients, **other.averages}
    pairs = [(found[0][name], found[1][name]) for name in found[0]]
    assert found[0].keys() == found[1].keys() and one.averages.keys() == other.averages.keys()
    numbers = [_numbers(m) for m in (one, other)]
    acted = [m.acted.steps if m.acted else 0 for m in (one, other)]
    assert acted[0] == acted[1]
    return max(_far(a, b) for a, b in [*pairs, (numbers[0], numbers[1])])


def judged_again(one: Evidence, other: Evidence, weights: Weights) -> float:
    """The same of what outer optimisers ask of trajectories."""
    moved = {name: 1.01 * weight for name, weight in weights.items()}
    along = torch.ones(sum(weight.numel() for weight in weights.values()))
    values = [torch.tensor(evidence.value(moved)) for evidence in (one, other)]
    bent = [evidence.curvature(weights)(along) for evidence in (one, other)]
    steep = [evidence.gradient(moved, 0.2) for evidence in (one, other)]
    pairs = [(steep[0][name], steep[1][name]) for name in weights]
    return max(_far(a, b) for a, b in [*pairs, (values[0], values[1]), (bent[0], bent[1])])


def _numbers(one: MetaGradient) -> Tensor:
    numbers = [one.support_loss, one.query_loss, one.query_metric]
    return torch.tensor(numbers, dtype=torch.float64)


def _far(a: Tensor, b: Tensor) -> float:
    scale = max(float(a.abs().max()), 1e-3)
    return float((a - b).abs().max()) / scale


def cases(groups: list[Group]) -> Iterator[tuple[str, float]]:
    for name, changes in islice(METHODS.items(), 1 if DEVICE.type == "cuda" else None):
        for dtype in (torch.float32, torch.float64):
            if name == "policies" and dtype is torch.float64:
                continue  # what is met is drawn in single precision
            for group in groups:
                tasks = 5 if group.size == 2 else 4
                yield f"{name} {dtype} {group.size}", compared(group, changes, dtype, tasks)
    three = groups[-1]
    if three.size == 3 and DEVICE.type == "cpu":
        yield "idle torch.float64 3", compared(three, {}, torch.float64, 2)
        yield "drawn torch.float64 3", compared(three, {}, torch.float64, 5, _Dropping())
        yield "evaluated torch.float32 3", evaluated(three)


def compared(
    group: Group,
    changes: dict[str, Any],
    dtype: torch.dtype,
    tasks: int,
    model: nn.Module | None = None,
) -> float:
    config = tiny_config(**{"training": {"strategy": "general"}, **changes})
    family, algorithm = prepared(config), learner(config, dtype, model)
    weights = algorithm.initial()
    episodes = algorithm.draw(family, tasks, generator(7, "train", 3))
    episodes = episodes.to(DEVICE, dtype)
    one = algorithm.meta_gradient(weights, episodes, 11, 3)
    shared = meta_gradient(group, algorithm, weights, episodes, 11, 3)
    found = difference(one, shared)
    if one.evidence is not None:
        assert shared.evidence is not None
        found = max(found, judged_again(one.evidence, shared.evidence, weights))
    algorithm.close()
    return found


def evaluated(group: Group) -> float:
    """0 for the same bits: 45 tasks are three chunks, 65 are four."""
    config = tiny_config()
    family, algorithm = prepared(config), learner(config, torch.float32, None)
    assert isinstance(algorithm, Maml)
    weights, worst = algorithm.initial(), 0.0
    for tasks in (10, 45, 65):
        asked = (algorithm, family, weights, "val", tasks, 2, 5, lambda: False)
        alone, shared = drained(watched(*asked)), drained(watched(*asked, group))
        same = torch.equal(alone[1].metric, shared[1].metric) and alone[0] == shared[0]
        worst = max(worst, float(not same))
    algorithm.close()
    return worst


def main() -> None:
    with joined() as three:
        two = distributed.new_group([0, 1])
        pairs = [Ranks(two)] if three.rank < 2 else []
        found = dict(cases([*pairs, three]))
        if three.rank == 0:
            sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
