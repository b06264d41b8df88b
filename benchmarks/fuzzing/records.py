"""Runs and checkpoints with one file changed: what is read must be what was recorded, or told.

A run is trained anew for this, so that its files are those of this version.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import torch

from workbench.core.errors import BadInput
from workbench.experiments import catalog
from workbench.experiments.runs import list_runs
from workbench.experiments.store import open_run

ROOT = Path(__file__).parents[2]
NAME = "a-run"
FILES = ("config.json", "run.json", "result.json", "metrics.jsonl")


def checkpoint() -> tuple[Any, tuple[bytes, ...]]:
    """Its tensors and its description are changed in turn."""
    run = _trained()
    before = open_run(run).load_checkpoint()
    stem = f"checkpoints/{before.iteration:09d}"
    for other in (run / "checkpoints").glob("0*"):
        if other.stem != f"{before.iteration:09d}":
            other.unlink()
    names = (f"{stem}.safetensors", f"{stem}.json")

    def enter(data: bytes, folder: Path) -> str:
        name, changed = _split(data)
        read = open_run(_with(run, name, changed, folder)).load_checkpoint()
        wrong = [f.name for f in fields(read) if not _equal(read, before, f.name)]
        return f"{name}: another {', '.join(wrong)}" if wrong else ""

    return enter, _joined(run, names)


def run() -> tuple[Any, tuple[bytes, ...]]:
    """Configuration, facts, result and metrics are changed in turn."""
    trained = _trained()
    (row,), events = list_runs(trained.parent), open_run(trained).metrics()
    assert not row.problem and not events.damaged

    def enter(data: bytes, folder: Path) -> str:
        name, changed = _split(data)
        path = _with(trained, name, changed, folder)
        (found,) = list_runs(path.parent)
        if found.problem:
            raise BadInput(name, found.problem)
        if (found.config, found.result, found.started) != (row.config, row.result, row.started):
            return f"{name}: another row"
        told = open_run(path).metrics()
        if told.damaged or told.torn:
            raise BadInput(name, "has damaged lines")
        # A file cut at the end of a line is that of a run that was killed then.
        short = told.lines == events.lines[: len(told.lines)]
        cut = changed.rstrip(b"\n") == _whole(trained, told).rstrip(b"\n")
        killed = short and name == "metrics.jsonl" and cut
        return "" if told.lines == events.lines or killed else f"{name}: other events"

    return enter, _joined(trained, FILES)


def _whole(trained: Path, told: Any) -> bytes:
    """The first lines of the sound file, as many as were told."""
    lines = (trained / "metrics.jsonl").read_bytes().splitlines(keepends=True)
    return b"".join(lines[: len(told.lines)])


@cache
def _trained() -> Path:
    """The directory of a run of three outer steps; nothing is compiled for it."""
    catalog.load()
    path = Path(tempfile.mkdtemp()) / NAME
    small = ["--iterations", "3", "--training.eval_tasks", "2", "--training.test_tasks", "2"]
    small += ["--training.strategy", "general"]
    command = [sys.executable, str(ROOT / "main.py"), "train", "--preset", "sinusoid", *small]
    subprocess.run(
        [*command, "--run-dir", str(path)], check=True, stdout=subprocess.DEVNULL, stderr=-1
    )
    return path


def _joined(run: Path, names: tuple[str, ...]) -> tuple[bytes, ...]:
    """Each file's bytes behind its name, which a change of bytes may not touch."""
    return tuple(name.encode() + b"\n" + (run / name).read_bytes() for name in names)


def _split(data: bytes) -> tuple[str, bytes]:
    name, _, rest = data.partition(b"\n")
    return name.decode(), rest


def _with(run: Path, name: str, data: bytes, folder: Path) -> Path:
    """A copy of the run with one file changed."""
    path = folder / "runs" / NAME
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(run, path)
    (path / name).write_bytes(data)
    return path


def _equal(one: Any, other: Any, field: str) -> bool:
    return _same(getattr(one, field), getattr(other, field))


def _same(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, torch.Tensor):
        return torch.equal(mine, theirs)
    if isinstance(mine, dict) and mine.keys() == theirs.keys():
        return all(_same(mine[name], theirs[name]) for name in mine)
    return bool(mine == theirs)
