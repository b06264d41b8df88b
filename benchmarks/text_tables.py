"""The table of docs/text.md: CLINC150 by intent and by domain, floors and learners, run anew.

    python benchmarks/text_tables.py /path/to/clinc150 [--out DIR] [--seed 0]

``clinc150`` holds data_full.json and domains.json. Every row is what the command line gives; the
commands are printed before they run. About half an hour on two cores.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

MAIN = Path(__file__).parent.parent / "main.py"
COMMON = ["--model.name", "text_mlp", "--training.schedule", "cosine"]
COMMON += ["--training.outer_rate", "0.003", "--training.eval_interval", "50"]
COMMON += ["--training.eval_tasks", "150", "--training.checkpoint_interval", "50"]
FLOOR = ["--algorithm.name", "nearest_neighbour", "--algorithm.prototypes", "means"]
WIDE = ["--algorithm.train_ways", "20", "--training.meta_batch", "2", "--iterations", "300"]
STEPS = ["--algorithm.inner_rate", "1", "--algorithm.inner_steps", "3"]
STEPS += ["--algorithm.test_steps", "5", "--model.length", "5"]
STEPS += ["--training.meta_batch", "4", "--iterations", "400"]
ONE, FIVE = ["--task.shots", "1"], ["--task.shots", "5"]
LEARNERS = {
    "centroid": [*FLOOR, *FIVE],
    "r2d2": ["--algorithm.name", "r2d2", *WIDE, *FIVE],
    "protonet": ["--algorithm.name", "protonet", "--model.length", "4", *WIDE, *FIVE],
    "maml 1-shot": ["--algorithm.name", "maml", *STEPS, *ONE],
    "maml 5-shot": ["--algorithm.name", "maml", *STEPS, *FIVE],
    "anil 1-shot": ["--algorithm.name", "anil", *STEPS, *ONE],
}
PROTOCOLS = {
    "5-way 1-shot": ["--shots", "1"],
    "5-way 5-shot": ["--shots", "5"],
    "20-way 1-shot": ["--shots", "1", "--ways", "20"],
}
FIXED = ("maml", "anil")
"""Their heads tell as many classes apart as they were trained with."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clinc150", type=Path)
    parser.add_argument("--out", type=Path, default=Path("text-tables"))
    parser.add_argument("--seed", default="0")
    given = parser.parse_args()
    root = ["--task.name", "text", "--task.root", str(given.clinc150 / "data_full.json")]
    by_domain = ["--task.split_by", "group", "--task.groups", str(given.clinc150 / "domains.json")]
    splits = {"intent": ["--task.val_share", "0.1333"], "domain": by_domain}
    rows = []
    for split, flags in splits.items():
        for name, learner in LEARNERS.items():
            run = given.out / f"{split} {name}".replace(" ", "-")
            made = ["--seed", given.seed, "--run-dir", str(run)]
            trained = _json("train", *root, *flags, *COMMON, *learner, *made)
            rows += [(split, name, p, n, trained["seconds"]) for p, n in _measured(run, name)]
    for split, name, protocol, step, seconds in rows:
        mean, ci = 100 * step["mean"], 100 * step["ci95"]
        print(f"| {split} | {name} | {protocol} | {mean:.1f} ± {ci:.1f} | {seconds / 60:.1f} |")


def _measured(run: Path, name: str) -> list[tuple[str, dict]]:
    protocols = {p: f for p, f in PROTOCOLS.items() if "--ways" not in f or _any_ways(name)}
    if not _any_ways(name):
        protocols = {p: f for p, f in protocols.items() if name.split()[1] in p}
    return [
        (protocol, _json("evaluate", str(run), *flags)["metrics"]["steps"][-1])
        for protocol, flags in protocols.items()
    ]


def _any_ways(name: str) -> bool:
    return name.split()[0] not in FIXED


def _json(*arguments: str) -> dict:
    command = [sys.executable, str(MAIN), *arguments, "--json"]
    print("$", " ".join(command[1:]), file=sys.stderr)
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
