"""One process of `scale.py`: trains a while with the others, and times every part of a step.

Compute is timed in seconds of its own thread's CPU, which a busy machine does not stretch; whole
steps and sums over the processes in seconds of the clock.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import torch

from workbench.core.seeds import derive, generator
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.outer import OuterLoop
from workbench.experiments.scale.division import meta_gradient
from workbench.experiments.scale.group import ALONE, Group, agreed, is_one_of_many, joined
from workbench.experiments.session import build_algorithm, build_family

SIZES = (1_000, 16_000, 250_000, 4_000_000)
"""Numbers in one sum, four bytes each."""
WARM = 3


def main() -> None:
    asked = json.loads(sys.argv[1])
    if is_one_of_many():
        with joined() as group:
            told = group.gathered(measured(group, asked))
            sums = summing(group) if asked["sums"] else {}
    else:
        told, sums = [measured(ALONE, asked)], {}
        group = ALONE
    if group.rank == 0:
        sys.stdout.write(json.dumps({"ranks": told, "sums": sums}))


def measured(group: Group, asked: dict[str, Any]) -> dict[str, list[float]]:
    """Seconds of every step and of its parts."""
    catalog.load()
    config = ExperimentConfig.from_json(asked["config"])
    family = build_family(config)
    family.prepare(lambda message, fraction: None)
    algorithm = build_algorithm(config, family)
    outer = OuterLoop(algorithm.initial(), config.training)
    found: dict[str, list[float]] = {"step": [], "draw": [], "compute": [], "update": []}
    for index in range(WARM + asked["steps"]):
        clock, began = time.perf_counter(), time.thread_time()
        agreed(group, 0.0, stops=False)
        agreement = time.thread_time()
        draws = generator(0, "train", index)
        episodes = algorithm.draw(family, config.training.meta_batch, draws)
        drawn = time.thread_time()
        gradient = meta_gradient(
            group, algorithm, outer.weights, episodes, derive(0, "dropout", index), index
        )
        computed = time.thread_time()
        outer.step(gradient.gradients, config.training.outer_rate, gradient.averages)
        parts = {
            "step": time.perf_counter() - clock,
            "draw": drawn - agreement,
            "compute": computed - drawn + agreement - began,
            "update": time.thread_time() - computed,
        }
        if index >= WARM:
            for name, seconds in parts.items():
                found[name].append(seconds)
    algorithm.close()
    weights = sum(weight.numel() for weight in outer.weights.values())
    return {**found, "weights": [float(weights)]}


def summing(group: Group) -> dict[str, float]:
    """The shortest of many sums over the processes, by how many numbers: the least disturbed."""
    found = {}
    for size in SIZES:
        values, times = torch.zeros(size), []
        for _ in range(60 if size < 1_000_000 else 12):
            group.summed(torch.zeros(1))
            began = time.perf_counter()
            group.summed(values)
            times.append(time.perf_counter() - began)
        found[str(size)] = statistics.quantiles(times, n=10)[0]
    return found


if __name__ == "__main__":
    main()
