"""The n-th write, flush or replacement of a run fails, for every n: nothing that was there is lost.

The other faults of a disk, on a real one that is full: `test_disk_full`.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import prepared, tiny_config, training
from workbench.core.errors import BadInput
from workbench.core.events import CheckpointSaved, Event, Finished, Halted, Noticed, Reason
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.runs import list_runs
from workbench.experiments.store import open_run
from workbench.experiments.trainer import Training

OPERATIONS = ((os, "write"), (os, "fsync"), (os, "replace"), (os, "mkdir"), (tempfile, "mkstemp"))
SOME = 5
"""Of so many operations the normal suite takes one."""


class Disk:
    """Counts what is asked of it, and refuses one operation: the next ones find room again."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.asked, self.fails_at = 0, 0
        for module, name in OPERATIONS:
            patch.setattr(module, name, self._watched(name, getattr(module, name)))

    def fail_at(self, number: int) -> None:
        self.asked, self.fails_at = 0, number

    def _watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def operation(*given: Any, **more: Any) -> Any:
            self.asked += 1
            if self.asked == self.fails_at:
                if name == "write":  # as a full disk does: a part of it is there
                    real(given[0], given[1][: len(given[1]) // 2])
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*given, **more)

        return operation


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    with monkeypatch.context() as patch:
        yield Disk(patch)


def config() -> ExperimentConfig:
    return tiny_config(
        training={"iterations": 4, "checkpoint_interval": 2, "eval_tasks": 2, "test_tasks": 2}
    )


def weights(run: Path) -> dict[str, bytes]:
    kept = open_run(run).load_checkpoint()
    assert kept.iteration == 4 and kept.passed_over == ()
    return {name: tensor.numpy().tobytes() for name, tensor in kept.weights.items()}


def steps(run: Path) -> list[int]:
    found = open_run(run).metrics()
    assert found.damaged == 0
    return [line["iteration"] for line in found.lines if line["event"] == "step"]


def told(made: Training, *, tries_again: bool) -> list[Event]:
    seen = []
    for event in made.events():
        seen.append(event)
        if isinstance(event, Halted) and tries_again:
            made.try_again()
    return seen


def every(disk: Disk, folder: Path) -> tuple[int, dict[str, bytes]]:
    """How many operations a run takes, and what it comes to without a fault."""
    disk.fail_at(0)
    list(training(config(), folder / "whole").events())
    return disk.asked, weights(folder / "whole")


@pytest.mark.parametrize("share", [SOME, pytest.param(1, marks=pytest.mark.slow)])
def test_whatever_write_fails_the_run_ends_in_words_and_goes_on_later(
    disk: Disk, tmp_path: Path, share: int
) -> None:
    count, wanted = every(disk, tmp_path)
    assert count > 40
    for number in range(1, count + 1, share):
        run = tmp_path / f"run-{number}"
        disk.fail_at(number)
        try:
            made = training(config(), run)
        except BadInput as refused:
            assert "No space left on device" in str(refused) and not run.exists()
            continue
        seen = told(made, tries_again=False)
        if disk.asked < number:  # fewer this time: what waits is also written by the clock
            continue
        checked(seen, run, number)
        if not open_run(run).iterations():
            assert not any(isinstance(event, CheckpointSaved) for event in seen), number
            continue
        go_on(run)
        assert weights(run) == wanted and steps(run) == [1, 2, 3, 4], number
        assert not list(run.rglob("*.tmp")), number


def checked(seen: list[Event], run: Path, number: int) -> None:
    """What was acknowledged is whole, and what was refused was said."""
    last = seen[-1]
    assert isinstance(last, Finished)
    saved = [event.iteration for event in seen if isinstance(event, CheckpointSaved)]
    if saved:
        kept = open_run(run).load_checkpoint()
        assert kept.iteration >= saved[-1] and kept.passed_over == (), number
    assert [row for row in list_runs(run.parent) if row.problem] == []
    if last.reason is Reason.FAILED:
        assert "No space left on device" in last.error
        assert any(isinstance(event, Halted) for event in seen)
    else:
        assert last.reason is Reason.COMPLETED


def go_on(run: Path) -> None:
    opened = open_run(run)
    kept = opened.load_checkpoint()
    last = list(Training(config(), prepared(config()), opened, resume=kept).events())[-1]
    assert isinstance(last, Finished) and last.reason is Reason.COMPLETED


def test_a_reader_who_tries_again_loses_nothing(disk: Disk, tmp_path: Path) -> None:
    count, wanted = every(disk, tmp_path)
    for number in range(3, count + 1, SOME):
        run = tmp_path / f"run-{number}"
        disk.fail_at(number)
        try:
            seen = told(training(config(), run), tries_again=True)
        except BadInput:
            continue
        last = seen[-1]
        assert isinstance(last, Finished) and last.reason is Reason.COMPLETED, number
        assert weights(run) == wanted and steps(run) == [1, 2, 3, 4], number
        said = [event for event in seen if isinstance(event, (Halted, Noticed))]
        assert all("No space left" in e.message or "again" in e.message for e in said)
