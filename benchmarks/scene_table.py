"""The table of docs/boxes.md: AP50 and mean IoU on invented scenes, floors and learners, run anew.

    python benchmarks/scene_table.py [--out DIR] [--seeds 0 1 2] [--tasks 600] [--rows maml ...]

Every row is trained by the command line (the command is printed before it runs) and measured
on the same tasks: before and after adapting, with what template matching and random boxes reach.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

EVERYTHING = ["--model.adapted", "all", "--algorithm.inner_rate", "0.05"]
LONGER = ["--training.iterations", "5000", "--training.eval_interval", "1000"]
ROWS = {
    "maml": [],
    "maml, last block": ["--model.adapted", "last", "--algorithm.inner_rate", "0.05"],
    "maml, all weights": EVERYTHING,
    "fomaml": ["--algorithm.name", "fomaml"],
    "transfer": ["--algorithm.name", "transfer", "--algorithm.mode", "all", *EVERYTHING,
                 "--algorithm.test_steps", "5", "--algorithm.inner_rate", "0.01",
                 "--algorithm.momentum", "0", "--algorithm.test_batch", "0"],
    "random_init": ["--algorithm.name", "random_init"],
    "maml, glyphs": ["--task.things", "glyphs"],
    "maml, longer": LONGER,
    "maml, glyphs, longer": ["--task.things", "glyphs", *LONGER],
}  # fmt: skip
STEPS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("scene-table"))
    parser.add_argument("--seeds", nargs="+", default=["0", "1", "2"])
    parser.add_argument("--tasks", type=int, default=600)
    parser.add_argument("--shots", nargs="+", type=int, default=[3])
    parser.add_argument("--rows", nargs="+", default=list(ROWS), choices=list(ROWS))
    given = parser.parse_args()
    for name in given.rows:
        for seed in given.seeds:
            run = given.out / f"{name.replace(', ', '-').replace(' ', '-')}-{seed}"
            if not run.exists():
                _train(run, seed, ROWS[name])
            for shots in given.shots:
                for metric in ("ap50", "mean_iou"):
                    told = measured(run, shots, metric, given.tasks)
                    print(f"| {name} | {seed} | {shots} | {told} |", flush=True)


def _train(run: Path, seed: str, flags: list[str]) -> None:
    command = [sys.executable, str(ROOT / "main.py"), "train", "--preset", "scenes-quick", *flags]
    command += ["--seed", seed, "--run-dir", str(run), "--training.test_tasks", "20"]
    print("$", " ".join(command[1:]), file=sys.stderr)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def measured(run: Path, shots: int, metric: str, tasks: int) -> str:
    """Before, after and the floors, each with its 95 % interval over test tasks."""
    from workbench.core.seeds import generator
    from workbench.experiments import catalog
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.session import build_family, learner_of
    from workbench.experiments.store import open_run

    catalog.load()
    checkpoint = open_run(run).load_checkpoint()
    config = ExperimentConfig.from_json(checkpoint.config)
    family = build_family(config.replaced({"task": {"shots": shots, "judged_by": metric}}))
    family.prepare(lambda message, fraction: None)
    learner = learner_of(checkpoint, family)
    steps = STEPS if learner.algorithm.has_steps else 0
    found: dict[str, list[float]] = {}
    for start in range(0, tasks, 50):
        episodes = family.episodes("test", 50, generator(0, "scene table", start))
        scores = learner.algorithm.evaluate(learner.weights, episodes, steps).metric
        found.setdefault("before", []).extend(scores[:, 0].tolist())
        found.setdefault("after", []).extend(scores[:, -1].tolist())
        for name, values in family.bounds(episodes).items():
            found.setdefault(name, []).extend(values.tolist())
    learner.algorithm.close()
    return f"{metric} | " + " | ".join(f"{name} {_with_interval(v)}" for name, v in found.items())


def _with_interval(values: list[float]) -> str:
    mean = sum(values) / len(values)
    spread = math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))
    return f"{100 * mean:.1f} ± {100 * 1.96 * spread / math.sqrt(len(values)):.1f}"


if __name__ == "__main__":
    main()
