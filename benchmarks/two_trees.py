"""Outer gradients a second of two checkouts, in bursts that take turns: was a change slower?

    python benchmarks/two_trees.py ../before . --pairs 60

Each checkout runs in a process of its own, which waits while the other has its burst, so that a
load that comes and goes touches both. Printed: the median over pairs of second / first, with its
95 % interval (order statistics), for each workload.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import IO

WORKLOADS: dict[str, tuple[str, dict[str, dict[str, object]], int]] = {
    "sinusoid, compiled": ("sinusoid", {}, 150),
    "glyphs, fused": ("glyphs", {}, 4),
    "glyphs, first order": ("glyphs", {"algorithm": {"name": "fomaml"}}, 3),
    "sinusoid, general": ("sinusoid", {"training": {"strategy": "general"}}, 12),
}
"""Preset, what is changed in it, and outer gradients of a burst."""

WORKER = """
import json, sys, time, torch
from workbench.core.seeds import generator
from workbench.experiments import catalog
from workbench.experiments.session import build_algorithm, build_family
torch.set_num_threads(1)
preset, changes, count = json.loads(sys.stdin.readline())
config = catalog.preset(preset).config.replaced(changes)
family = build_family(config)
family.prepare(lambda message, fraction: None)
method = build_algorithm(config, family)
weights, tasks = method.initial(), config.training.meta_batch
episodes = method.draw(family, tasks, generator(0, "burst"))
for number in range(3):
    method.meta_gradient(weights, episodes, 0, number)
print("ready", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    for number in range(count):
        method.meta_gradient(weights, episodes, 0, number)
    print(time.perf_counter() - start, flush=True)
"""


class Tree:
    """One checkout with one workload, waiting for its turns."""

    def __init__(self, root: Path, workload: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(root)}
        command = [sys.executable, "-c", WORKER]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, env=environment, cwd=root, text=True
        )
        self._say(json.dumps(WORKLOADS[workload]))
        assert self._hear() == "ready"

    def burst(self) -> float:
        """Seconds."""
        self._say("go")
        return float(self._hear())

    def close(self) -> None:
        self._input.close()
        self._process.wait()

    @property
    def _input(self) -> IO[str]:
        assert self._process.stdin is not None
        return self._process.stdin

    def _say(self, line: str) -> None:
        print(line, file=self._input, flush=True)

    def _hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def ratios(first: Path, second: Path, workload: str, pairs: int) -> list[float]:
    """Speed of the second over the first, pair by pair, sorted."""
    trees = Tree(first, workload), Tree(second, workload)
    found = []
    for number in range(pairs):
        order = (0, 1) if number % 2 else (1, 0)
        seconds = {place: trees[place].burst() for place in order}
        found.append(seconds[0] / seconds[1])
    for tree in trees:
        tree.close()
    return sorted(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--pairs", type=int, default=60)
    given = parser.parse_args()
    for workload in WORKLOADS:
        found = ratios(given.first.resolve(), given.second.resolve(), workload, given.pairs)
        reach = round(1.96 * math.sqrt(given.pairs) / 2)
        middle = given.pairs // 2
        ends = found[max(0, middle - reach)], found[min(given.pairs - 1, middle + reach)]
        print(f"{workload}: {statistics.median(found):.3f} ({ends[0]:.3f} to {ends[1]:.3f})")


if __name__ == "__main__":
    main()
