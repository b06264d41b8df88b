"""One training on 1, 2 and 4 processes beside threads, and a cost model fitted to it.

    python benchmarks/scale.py                about ten minutes on two cores
    python benchmarks/scale.py --repeats 1    a rough one

Candidates run in turn within every repetition, so that a load that comes and goes touches all of
them; the table has medians of ratios within one repetition. `docs/scale.md` says what is fitted.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import socket
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RANK = Path(__file__).with_name("scale_rank.py")
COUNTS = (1, 2, 4)
RANKS = (1, 2, 4, 8, 16, 64, 256, 1024)
NETWORKS = {"loopback": None, "10 GbE": (30e-6, 1.1e9), "100 Gb/s": (5e-6, 1.1e10)}
"""Seconds of latency a message, bytes a second; of loopback what is measured."""

SINUSOID = {
    "task": {"name": "sinusoid", "shots": 10},
    "model": {"name": "mlp"},
    "algorithm": {"name": "maml", "inner_rate": 0.01, "inner_steps": 5},
    "training": {"meta_batch": 32},
}
GLYPHS = {
    "task": {"name": "glyphs", "ways": 5, "shots": 1, "queries": 5},
    "model": {"name": "conv4", "filters": 32},
    "algorithm": {"name": "maml", "inner_rate": 0.1, "inner_steps": 5},
    "training": {"meta_batch": 8},
}
WORKLOADS = {"sinusoid": (SINUSOID, 150), "glyphs": (GLYPHS, 12)}


@dataclass(frozen=True)
class Costs:
    """Seconds of a step's parts; see `docs/scale.md` for the formula."""

    draw: float
    """Of one task, which every process draws."""
    task: float
    """Of the gradient of one task."""
    spread: float
    """Standard deviation of a task's seconds, relative to them."""
    update: float
    latency: float
    bandwidth: float
    weights: int

    def step(self, tasks: int, ranks: int) -> float:
        share = math.ceil(tasks / ranks)
        slowest = share + self.spread * math.sqrt(share) * math.sqrt(2 * math.log(ranks))
        return tasks * self.draw + slowest * self.task + self.update + self.exchange(ranks)

    def exchange(self, ranks: int) -> float:
        """A ring's sum of all weights, and one of two numbers: what is agreed on."""
        if ranks == 1:
            return 0.0
        sent = 2 * (ranks - 1) / ranks * 4 * self.weights / self.bandwidth
        return 2 * 2 * (ranks - 1) * self.latency + sent


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start")
    for name, (config, steps) in WORKLOADS.items():
        runs = [repetition(config, steps) for _ in range(given.repeats)]
        table(name, runs)
        costs = fitted(config["training"]["meta_batch"], runs)
        say(f"  {costs}")
        predicted(costs, config["training"]["meta_batch"], runs)
    say(f"load {os.getloadavg()[0]:.1f} at the end")


def repetition(config: dict[str, Any], steps: int) -> dict[str, Any]:
    found = {"2 threads": together(1, config, steps, workers=2)}
    return found | {f"{count} processes": together(count, config, steps) for count in COUNTS}


def together(count: int, config: dict[str, Any], steps: int, workers: int = 1) -> dict[str, Any]:
    """So many processes train together; what process 0 tells."""
    training = {**config["training"], "workers": workers}
    asked = {"config": {**config, "training": training}, "steps": steps, "sums": count > 1}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = [_begun(rank, count, port, asked) for rank in range(count)]
    told = [process.communicate()[0] for process in begun]
    found: dict[str, Any] = json.loads(told[0])
    return found


def _begun(rank: int, count: int, port: int, asked: Any) -> subprocess.Popen[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    if count > 1:
        named = {"RANK": rank, "WORLD_SIZE": count, "MASTER_PORT": port}
        environment |= {name: str(value) for name, value in named.items()}
        environment["MASTER_ADDR"] = "127.0.0.1"
    return subprocess.Popen(
        [sys.executable, str(RANK), json.dumps(asked)],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )


def table(name: str, runs: list[dict[str, Any]]) -> None:
    say(f"\n{name}: ms a step, and how many times as fast as one process")
    for who in runs[0]:
        times = [statistics.median(run[who]["ranks"][0]["step"]) for run in runs]
        alone = [statistics.median(run["1 processes"]["ranks"][0]["step"]) for run in runs]
        faster = statistics.median(one / other for one, other in zip(alone, times, strict=True))
        say(f"  {who:12} {1e3 * statistics.median(times):8.2f}  {faster:5.2f}")


def fitted(tasks: int, runs: list[dict[str, Any]]) -> Costs:
    """Compute from CPU time on one process; the network by least squares over sizes and counts."""
    alone = [run["1 processes"]["ranks"][0] for run in runs]
    parts = {
        name: statistics.median(value for run in alone for value in run[name])
        for name in ("draw", "compute", "update")
    }
    steps = [value for run in alone for value in run["compute"]]
    low, _, high = statistics.quantiles(steps, n=4)
    spread = (high - low) / 1.35 / parts["compute"] * math.sqrt(tasks)
    latency, bandwidth = network(runs)
    return Costs(
        parts["draw"] / tasks,
        parts["compute"] / tasks,
        spread,
        parts["update"],
        latency,
        bandwidth,
        int(alone[0]["weights"][0]),
    )


def network(runs: list[dict[str, Any]]) -> tuple[float, float]:
    """Latency and bandwidth of ``2 (N - 1) latency + 2 (N - 1) / N bytes / bandwidth``.

    By least squares relative to the times, of the shortest there were.
    """
    rows = []
    for count in COUNTS[1:]:
        sums = [run[f"{count} processes"]["sums"] for run in runs]
        for size in sums[0]:
            took = min(one[size] for one in sums)
            messages, sent = 2 * (count - 1), 2 * (count - 1) / count * 4 * int(size)
            rows.append((messages / took, sent / took))
    aa, ab, bb = (sum(r[i] * r[j] for r in rows) for i, j in ((0, 0), (0, 1), (1, 1)))
    a, b = sum(r[0] for r in rows), sum(r[1] for r in rows)
    by = aa * bb - ab * ab
    latency, inverse = (a * bb - b * ab) / by, (b * aa - a * ab) / by
    return latency, 1 / inverse


def predicted(costs: Costs, tasks: int, runs: list[dict[str, Any]]) -> None:
    cores = os.cpu_count() or 1
    for count in (count for count in COUNTS if count <= cores):
        seen = [statistics.median(run[f"{count} processes"]["ranks"][0]["step"]) for run in runs]
        ms = 1e3 * min(seen), 1e3 * costs.step(tasks, count)
        say(f"  {count} processes: least {ms[0]:.2f} ms measured, {ms[1]:.2f} ms by the model")
    for name, speed in NETWORKS.items():
        latency, bandwidth = speed or (costs.latency, costs.bandwidth)
        here = Costs(
            costs.draw,
            costs.task,
            costs.spread,
            costs.update,
            latency,
            bandwidth,
            costs.weights,
        )
        for batch in (tasks, 1024):
            alone = here.step(batch, 1)
            told = (
                f"{n}: {1e3 * here.step(batch, n):.2f} ms ({alone / here.step(batch, n):.1f}x)"
                for n in RANKS
                if n <= batch
            )
            say(f"  {name}, {batch} tasks: {', '.join(told)}")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
