"""Kill a training again and again with SIGKILL: is anything lost, and do the bits repeat?

    python -m benchmarks.kills [--kills 20] [--light 180]

One run is started, killed at a random moment and resumed, until it was killed as often as asked.
After each kill: the newest checkpoint that was acknowledged is whole, the metrics reach at least to
it, no line is damaged, and no temporary file outlives the next start. In the end the weights equal
those of a run that was never disturbed, bit for bit, and every step is recorded once. The light
ones kill a worker that only keeps checkpoints and metrics, and does nothing else between them.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

from tests.kill_kit import killed, nothing_is_lost, server
from tests.tiny import prepared, tiny_config
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.store import Run, open_run
from workbench.experiments.trainer import Training

LONG = 10_000_000
COMMAND = [sys.executable, "main.py", "train"]


def config(iterations: int) -> ExperimentConfig:
    """Checkpoints every few milliseconds, so that many kills fall into one."""
    often = {"iterations": iterations, "checkpoint_interval": 7, "eval_interval": 50}
    return tiny_config(training={**often, "eval_tasks": 2, "test_tasks": 2})


def start(folder: Path, first: bool) -> subprocess.Popen[bytes]:
    run = folder / "run"
    flags = ["--resume", str(run)]
    if first:
        file = folder / "config.json"
        flags = ["--config", str(file), "--run-dir", str(run)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*COMMAND, *flags], stdout=quiet, stderr=quiet)


def acknowledged(run: Path) -> int:
    """The newest checkpoint that the record says is there; -1 before the first."""
    return max(open_run(run).iterations(), default=-1) if (run / "config.json").exists() else -1


def wait_for_progress(run: Path, process: subprocess.Popen[bytes]) -> None:
    before = acknowledged(run)
    while process.poll() is None and acknowledged(run) == before:
        time.sleep(0.005)


def check(run: Path, before: int) -> int:
    """What must hold after a kill; returns the newest checkpoint's iteration."""
    kept = open_run(run)
    newest = kept.load_checkpoint()
    assert newest.passed_over == (), newest.passed_over
    assert newest.iteration >= before, (newest.iteration, before)
    metrics = kept.metrics()
    assert metrics.damaged == 0, metrics.damaged
    steps = [line["iteration"] for line in metrics.lines if line["event"] == "step"]
    assert steps == list(range(1, len(steps) + 1)), "a step is missing or stands twice"
    assert len(steps) >= newest.iteration, (len(steps), newest.iteration)
    return newest.iteration


def light(kills: int, run: Path, draws: random.Random) -> None:
    reached = 0
    with server() as served:
        for _ in range(kills):
            reached = nothing_is_lost(run, killed(served, run, draws), reached)
    print(f"{kills} light kills, iteration {reached}: nothing lost", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--light", type=int, default=180)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    draws, folder = random.Random(given.seed), Path(tempfile.mkdtemp())
    light(given.light, folder / "light" / "run", draws)
    (folder / "config.json").write_text(json.dumps(config(LONG).to_json()))
    run, reached = folder / "run", -1
    try:
        for kill in range(given.kills):
            process = start(folder, kill == 0)
            wait_for_progress(run, process)
            time.sleep(draws.uniform(0, 0.4))
            reached = max(reached, acknowledged(run))
            process.kill()
            process.wait()
            reached = check(run, reached)
            if kill % 20 == 19:
                print(f"{kill + 1} kills, iteration {reached}: nothing lost", flush=True)
        return compare(run, reached, folder)
    finally:
        shutil.rmtree(folder)


def compare(run: Path, reached: int, folder: Path) -> int:
    """Let the run end in order, and hold it against one that was never disturbed."""
    iterations = reached + 20
    subprocess.run(
        [*COMMAND, "--resume", str(run), "--iterations", str(iterations)],
        check=True,
        capture_output=True,
    )
    assert not list(run.rglob("*.tmp")), "temporary files are left"
    whole = config(iterations)
    list(Training(whole, prepared(whole), Run.create(whole, folder / "whole")).events())
    found, wanted = (open_run(path).load_checkpoint() for path in (run, folder / "whole"))
    same = all(torch.equal(found.weights[name], wanted.weights[name]) for name in wanted.weights)
    print(f"{iterations} iterations: weights {'equal bit for bit' if same else 'DIFFER'}")
    return int(not same)


if __name__ == "__main__":
    sys.exit(main())
