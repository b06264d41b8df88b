"""Working through the queue: failures, stops and kills cost nothing but their own turn."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.tiny import tiny_config
from workbench.core.errors import BadInput
from workbench.core.events import CheckpointSaved, Halt, Halted, StepDone
from workbench.experiments.queue.admission import admitted, more_of
from workbench.experiments.queue.entry import Entry, State
from workbench.experiments.queue.folder import ExperimentQueue
from workbench.experiments.queue.turn import Begun
from workbench.experiments.queue.work import MoreOfRun, NewRun, RaceOfMany
from workbench.experiments.queue.worker import Ended, Item, Taken, Worker
from workbench.experiments.store import open_run


@pytest.fixture(autouse=True)
def own_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def queue() -> ExperimentQueue:
    return ExperimentQueue()


def seeded(seed: int, **training: Any) -> NewRun:
    return NewRun(tiny_config(training={"seed": seed, **training}))


def states(queue: ExperimentQueue) -> list[State]:
    return [one.state for one in queue.entries()]


def weights(entry: Entry) -> dict[str, torch.Tensor]:
    assert entry.path is not None
    return open_run(entry.path).load_checkpoint().weights


def until(items: Iterator[Item], kind: type) -> Any:
    return next(item for item in items if isinstance(item, kind))


def test_all_are_trained_in_their_order(queue: ExperimentQueue) -> None:
    first, second = queue.add(seeded(1)), queue.add(seeded(2))
    items = list(Worker(queue).items())
    assert [one.entry.id for one in items if isinstance(one, Taken)] == [first.id, second.id]
    assert states(queue) == [State.DONE, State.DONE]
    for entry, seed in zip(queue.entries(), (1, 2), strict=True):
        assert entry.path is not None
        assert open_run(entry.path).config().training.seed == seed


def test_a_failure_is_told_and_the_next_goes_on(queue: ExperimentQueue, tmp_path: Path) -> None:
    """Data that has gone, rates that diverge, weights that do not fit: all in one night."""
    pictures = tmp_path / "pictures"
    task = {"task": {"name": "image_folder", "root": str(pictures), "ways": 2}}
    queue.add(NewRun(tiny_config(**task, model={"name": "conv4", "filters": 4})))
    queue.add(NewRun(tiny_config(algorithm={"inner_rate": 100.0, "inner_steps": 9})))
    queue.add(NewRun(tiny_config(), weights=tmp_path / "none.safetensors"))
    queue.add(seeded(3))
    list(Worker(queue).items())
    gone, diverged, unfit, sound = queue.entries()
    assert [one.state for one in (gone, diverged, unfit)] == [State.FAILED] * 3
    assert "task.root" in gone.told and "none.safetensors" in unfit.told
    assert "finite" in diverged.told
    assert sound.state is State.DONE


def test_what_is_stopped_is_first_again_and_goes_on_bit_for_bit(queue: ExperimentQueue) -> None:
    queue.add(seeded(1))
    list(Worker(queue).items())
    stopped, later = queue.add(seeded(1)), queue.add(seeded(2))
    worker = Worker(queue)
    for item in worker.items():
        if isinstance(item, StepDone) and item.iteration == 4:
            worker.request_stop()
    assert [one.id for one in queue.entries()][1:] == [stopped.id, later.id]
    assert states(queue) == [State.DONE, State.STOPPED, State.WAITING]
    begun = until(worker_items := Worker(queue).items(), Begun)
    assert begun.training.goes_on_from == 4 and len(begun.before) >= 4
    list(worker_items)
    unbroken, again, _ = queue.entries()
    assert states(queue) == [State.DONE] * 3
    mine, theirs = weights(again), weights(unbroken)
    assert all(torch.equal(mine[name], theirs[name]) for name in theirs)


def test_it_can_end_after_the_one_that_runs(queue: ExperimentQueue) -> None:
    queue.add(seeded(1))
    queue.add(seeded(2))
    worker = Worker(queue)
    for item in worker.items():
        worker.last = worker.last or isinstance(item, Begun)
    assert states(queue) == [State.DONE, State.WAITING]


KILLED = """
from pathlib import Path
from workbench.core.events import CheckpointSaved
from workbench.experiments import catalog
from workbench.experiments.queue.folder import ExperimentQueue
from workbench.experiments.queue.worker import Worker
catalog.load()
for item in Worker(ExperimentQueue()).items():
    if isinstance(item, CheckpointSaved):
        print("kept", flush=True)
        input()
"""


def test_a_killed_process_leaves_it_interrupted_and_its_run_goes_on_bit_for_bit(
    queue: ExperimentQueue,
) -> None:
    queue.add(seeded(1))
    list(Worker(queue).items())
    queue.add(seeded(1))
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdin is not None
    assert process.stdout.readline() == "kept\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stdin.close()
    assert states(queue) == [State.DONE, State.INTERRUPTED]
    items = Worker(queue).items()
    assert until(items, Begun).training.goes_on_from == 3
    list(items)
    unbroken, again = queue.entries()
    mine, theirs = weights(again), weights(unbroken)
    assert all(torch.equal(mine[name], theirs[name]) for name in theirs)


def test_a_run_goes_on_further(queue: ExperimentQueue) -> None:
    queue.add(seeded(1))
    list(Worker(queue).items())
    path = queue.entries()[0].path
    assert path is not None
    queue.add(more_of(path, 9))
    list(Worker(queue).items())
    assert states(queue) == [State.DONE, State.DONE]
    assert open_run(path).load_checkpoint().iteration == 9
    with pytest.raises(BadInput, match="has done 9 already"):
        more_of(path, 5)


def test_a_run_that_was_deleted_meanwhile_is_said(queue: ExperimentQueue) -> None:
    queue.add(MoreOfRun(tiny_config(), Path("gone")))
    list(Worker(queue).items())
    (entry,) = queue.entries()
    assert entry.state is State.FAILED and "is not a run directory" in entry.told


def test_a_race_is_stopped_goes_on_and_ends(queue: ExperimentQueue) -> None:
    queue.add(RaceOfMany(tiny_config(), ("maml", "reptile"), (0, 1)))
    worker = Worker(queue)
    titles = []
    for item in worker.items():
        if isinstance(item, Begun):
            titles.append(item.title)
        if isinstance(item, CheckpointSaved) and len(titles) == 2:
            worker.request_stop()
    assert titles == ["MAML, seed 0", "Reptile, seed 0"]
    assert states(queue) == [State.STOPPED]
    again = [one.title for one in Worker(queue).items() if isinstance(one, Begun)]
    assert again == ["Reptile, seed 0", "MAML, seed 1", "Reptile, seed 1"]
    (entry,) = queue.entries()
    assert entry.state is State.DONE and entry.told == ""
    assert entry.path is not None and (entry.path / "race.json").is_file()


def test_a_disk_that_takes_nothing_waits_for_somebody(
    queue: ExperimentQueue,
) -> None:
    """It would let one experiment after the other fail; what diverges does not wait."""
    queue.add(seeded(1))
    halts = []
    for item in Worker(queue).items():
        if isinstance(item, Begun):
            shutil.rmtree(item.training.run.path / "checkpoints")
        if isinstance(item, Halted):
            halts.append(item.cause)
    assert halts and set(halts) == {Halt.STORAGE}
    assert states(queue) == [State.FAILED]


def test_what_start_would_refuse_is_not_lined_up(tmp_path: Path) -> None:
    task = {"task": {"name": "image_folder", "root": str(tmp_path / "none"), "ways": 2}}
    works = (
        (NewRun(tiny_config(**task, model={"name": "conv4", "filters": 4})), "task.root"),
        (NewRun(tiny_config(), weights=tmp_path / "none.pt"), "none.pt"),
        (
            RaceOfMany(tiny_config(algorithm={"name": "reptile"}), ("maml", "reptile"), (0,)),
            "algorithm.name",
        ),
    )
    for work, where in works:
        with pytest.raises(BadInput, match=where):
            admitted(work)
    work = NewRun(tiny_config())
    assert admitted(work) == work


def test_ended_turns_say_how(queue: ExperimentQueue) -> None:
    entry = queue.add(seeded(1))
    ended = [one.entry for one in Worker(queue).items() if isinstance(one, Ended)]
    assert [(one.id, one.state) for one in ended] == [(entry.id, State.DONE)]
