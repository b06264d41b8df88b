"""Regression on a table of one's own: MAML against its floors on the same test ids, three seeds.

    python benchmarks/measurements.py [FOLDER]

The table is made here, of a kind that people measure: 400 units, each with a gain and a time
constant of its own, 20 rows of (dose, hours) -> (level reached, level to come), noise 0.02.
K = 5, Q = 5, ids split 240/80/80; errors are mean squared ones of standardised outputs, mean and
95 % interval over 600 tasks.
"""

from __future__ import annotations

import csv
import json
import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SEEDS = (0, 1, 2)
UNITS, ROWS = 400, 20
NOISE = 0.02
METHODS = {
    "MAML": ["--preset", "curves_csv-maml-quick"],
    "joint training, fine-tuned": [
        "--preset", "curves_csv-maml-quick", "--algorithm.name", "transfer",
        "--algorithm.mode", "all", "--algorithm.inner_rate", "0.05", "--algorithm.test_steps", "10",
        "--algorithm.test_batch", "0", "--algorithm.momentum", "0", "--algorithm.weight_decay", "0",
    ],
    "random initialisation": ["--preset", "curves_csv-maml-quick", "--algorithm.name",
                              "random_init"],
}  # fmt: skip


def main() -> None:
    """Make the table, train each method with each seed, print what came of it."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / "answers.csv"
    write(table)
    for name, flags in METHODS.items():
        for seed in SEEDS:
            print(f"{name}, seed {seed}: {measured(table, flags, seed)}", flush=True)


def write(file: Path) -> None:
    """The same table each time."""
    draws = random.Random(0)
    with file.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["unit", "dose", "hours", "reached", "to_come"])
        for unit in range(UNITS):
            gain, rest, time = draws.uniform(1, 5), draws.uniform(-2, 2), draws.uniform(0.5, 4)
            for _ in range(ROWS):
                dose, hours = draws.uniform(0, 2), draws.uniform(0, 8)
                left = math.exp(-hours / time)
                reached, to_come = rest + gain * dose * (1 - left), gain * dose * left
                noisy = (value + NOISE * draws.gauss(0, 1) for value in (reached, to_come))
                rows.writerow([f"unit {unit}", f"{dose:.4f}", f"{hours:.4f}",
                               *(f"{value:.4f}" for value in noisy)])  # fmt: skip


def measured(table: Path, flags: list[str], seed: int) -> str:
    """Error before, after each step that is told, and of the floors."""
    command = [sys.executable, str(ROOT / "main.py"), "train", *flags, "--task.root", str(table)]
    command += ["--task.output_columns", "reached, to_come"]
    done = subprocess.run(
        [*command, "--seed", str(seed), "--json"], capture_output=True, text=True, check=True
    )
    result = json.loads(done.stdout.strip().splitlines()[-1])
    steps = result["metrics"]["steps"]
    told = [f"step {at} {steps[at]['mean']:.4f} ± {steps[at]['ci95']:.4f}"
            for at in sorted({0, 1, 3, len(steps) - 1}) if at < len(steps)]  # fmt: skip
    bounds = [f"{name} {value:.4f}" for name, value in result["metrics"]["bounds"].items()]
    return "; ".join([*told, *bounds, f"{result['seconds']:.0f} s"])


if __name__ == "__main__":
    main()
