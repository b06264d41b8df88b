"""MAML on the built-in functions of one input, against their floors, three seeds.

    python benchmarks/functions.py [FUNCTION ...]

The settings of the preset of each function; mean squared errors with 95 % intervals on 2,000 test
tasks of 100 points, K = 10.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SEEDS = (0, 1, 2)
FUNCTIONS = ("linear", "quadratic", "step", "harmonic", "mixture")


def main() -> None:
    """Train each with each seed, one seed after the other, and print what came of it."""
    for seed in SEEDS:
        for function in sys.argv[1:] or FUNCTIONS:
            print(f"{function}, seed {seed}: {measured(function, seed)}", flush=True)


def measured(function: str, seed: int) -> str:
    """Error before and after steps, and of the floors."""
    command = [sys.executable, str(ROOT / "main.py"), "train", "--preset", f"{function}-maml-quick"]
    command += ["--training.test_tasks", "2000", "--seed", str(seed), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result = json.loads(done.stdout.strip().splitlines()[-1])
    steps = result["metrics"]["steps"]
    told = [f"step {at} {_told(steps[at])}" for at in (0, 1, 5, 10)]
    bounds = [f"{name} {value:.3f}" for name, value in result["metrics"]["bounds"].items()]
    return "; ".join([*told, *bounds, f"{result['seconds']:.0f} s"])


def _told(step: dict) -> str:
    """Mean with interval; where a task diverged there is none, and the median stands alone."""
    mean, ci95 = float(step["mean"]), float(step["ci95"])
    if math.isfinite(mean):
        return f"{mean:.3f} ± {ci95:.3f}"
    return f"median {float(step['median']):.3f}"


if __name__ == "__main__":
    main()
