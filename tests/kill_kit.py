"""A light process that keeps checkpoints and metrics as a training does, to be killed.

A server imports everything once and lets a copy of itself write, over and over: what is killed
then has begun at once. It runs no torch operation that takes threads, so that it may be copied.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

INTERVAL = 3
"""Steps between checkpoints."""


def weights_at(iteration: int) -> list[float]:
    """What the worker has learned after so many steps; each bit depends on all steps."""
    values = [1.0, -0.5, 0.25]
    for step in range(iteration):
        values = [0.9 * value + 0.1 / (1 + step + place) for place, value in enumerate(values)]
    return values


def work(path: Path) -> None:
    """Go on from the newest checkpoint for ever; a line on standard output for what is kept."""
    import torch

    from tests.tiny import tiny_config
    from workbench.core.events import CheckpointSaved, StepDone
    from workbench.experiments.checkpoint import Checkpoint
    from workbench.experiments.store import Run

    config = tiny_config()
    run = Run(path) if (path / "config.json").exists() else Run.create(config, path)
    run.claim()
    at, values = 0, weights_at(0)
    if run.iterations():
        kept = run.load_checkpoint()
        at, values = kept.iteration, kept.weights["w"].tolist()
        run.go_on_from(at, {})
    say("begun", at)
    while True:
        values = [0.9 * value + 0.1 / (1 + at + place) for place, value in enumerate(values)]
        at += 1
        run.record(StepDone(at, 0.1 * at, 1.0, 2.0, 0.5, 1.0, 0.001))
        say("step", at)
        if at % INTERVAL == 0:
            tensors: dict[str, Any] = {"w": torch.tensor(values, dtype=torch.float64)}
            run.save_checkpoint(Checkpoint(config.to_json(), at, 0.1 * at, tensors, {}, None, 0))
            run.record(CheckpointSaved(at, path))
            say("kept", at)


def say(word: str, iteration: int) -> None:
    os.write(1, f"{word} {iteration}\n".encode())


def serve() -> None:
    """For every path on standard input a copy that writes there; its number first, its end last."""
    import torch

    from tests.tiny import tiny_config

    torch.set_num_threads(1)
    tiny_config()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(Path(line.strip()))
        say("process", child)
        os.waitpid(child, 0)
        say("ended", 0)


@contextmanager
def server() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", "from tests.kill_kit import serve; serve()"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    try:
        yield process
    finally:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.close()
        process.wait()
        process.stdout.close()


def killed(served: subprocess.Popen[str], run: Path, draws: random.Random) -> dict[str, int]:
    """Let a worker begin and kill it at some moment; the newest iteration of each thing it said."""
    assert served.stdin is not None and served.stdout is not None
    served.stdin.write(f"{run}\n")
    told: dict[str, int] = {}
    left = draws.randrange(1, 30)
    while True:
        word, number = served.stdout.readline().split()
        told[word] = int(number)
        if word == "ended":
            return told
        left -= word in ("step", "kept")
        if left == 0:
            for _ in range(draws.randrange(20_000)):  # somewhere in what comes next
                pass
            os.kill(told["process"], signal.SIGKILL)


def nothing_is_lost(run: Path, told: dict[str, int], before: int) -> int:
    """What must hold after a kill; returns the iteration of the newest checkpoint."""
    from workbench.experiments.runs import list_runs
    from workbench.experiments.store import Run

    (row,) = list_runs(run.parent)
    assert not row.problem, row.problem
    assert told.get("begun", before) == before, "more was repeated than one interval"
    opened = Run(run)
    if not opened.iterations():
        assert "kept" not in told
        return 0
    kept = opened.load_checkpoint()
    assert kept.passed_over == () and kept.iteration >= told.get("kept", before)
    assert told.get("step", 0) - kept.iteration <= INTERVAL
    assert kept.weights["w"].tolist() == weights_at(kept.iteration)
    found = opened.metrics()
    assert found.damaged == 0
    steps = [line["iteration"] for line in found.lines if line["event"] == "step"]
    assert steps == list(range(1, len(steps) + 1)) and len(steps) >= kept.iteration
    return int(kept.iteration)
