"""Regression on a table of one's own: MAML against its floors on the same test ids, three seeds.

    python benchmarks/measurements.py [FOLDER]

The table is that of the pictures, of a kind that people measure: 400 units, each with a gain and a
time constant of its own, 20 rows of (dose, hours) -> (level reached, level to come), noise 0.02.
K = 5, Q = 5, ids split 240/80/80; errors are mean squared ones of standardised outputs, mean and
95 % interval over 600 tasks.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from docs.picture_data import answers  # noqa: E402 - the same table as in the pictures

SEEDS = (0, 1, 2)
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
    table = answers(folder / "answers.csv")
    for name, flags in METHODS.items():
        for seed in SEEDS:
            print(f"{name}, seed {seed}: {measured(table, flags, seed)}", flush=True)


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
