"""A search in the queue: its trials one by one, stopped, gone on with, killed, out of time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.processes import wait_for
from tests.tiny import tiny_config
from workbench.core.errors import BadInput
from workbench.core.events import StepDone
from workbench.experiments.queue.admission import admitted
from workbench.experiments.queue.entry import State
from workbench.experiments.queue.folder import ExperimentQueue
from workbench.experiments.queue.naming import kind_of, names_of
from workbench.experiments.queue.turn import Begun
from workbench.experiments.queue.work import SearchOfMany, with_config
from workbench.experiments.queue.worker import Worker
from workbench.experiments.search.plan import Plan
from workbench.experiments.search.reading import read_space
from workbench.experiments.search.study import Study
from workbench.experiments.search.trial import State as Trialled

RATE = "algorithm.inner_rate=log:0.001..0.1"


@pytest.fixture(autouse=True)
def own_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def queue() -> ExperimentQueue:
    return ExperimentQueue()


def search(*texts: str, trials: int = 3, **more: Any) -> SearchOfMany:
    config = tiny_config()
    space = read_space(texts or (RATE,), config)
    return SearchOfMany(Plan(config, space, trials=trials, **more))


def study(queue: ExperimentQueue) -> Study:
    (entry,) = queue.entries()
    assert entry.path is not None
    return Study.open(entry.path)


def worked(queue: ExperimentQueue) -> list[str]:
    return [item.title for item in Worker(queue).items() if isinstance(item, Begun)]


def test_every_trial_begins_as_a_training_of_its_own(queue: ExperimentQueue) -> None:
    entry = queue.add(admitted(search()))
    assert kind_of(entry) == "search, 3 trials"
    assert names_of([entry])[0].startswith("search of inner rate · MAML")
    assert worked(queue) == ["trial 0", "trial 1", "trial 2"]
    (ended,) = queue.entries()
    assert ended.state is State.DONE and ended.told == ""
    assert study(queue).counts() == {Trialled.COMPLETE: 3}


def test_it_is_stopped_and_goes_on_with_the_same_trial(queue: ExperimentQueue) -> None:
    queue.add(search())
    worker, titles = Worker(queue), []
    for item in worker.items():
        if isinstance(item, Begun):
            titles.append(item.title)
        if isinstance(item, StepDone) and item.iteration == 4 and len(titles) == 2:
            worker.request_stop()
    assert titles == ["trial 0", "trial 1"]
    assert [one.state for one in queue.entries()] == [State.STOPPED]
    assert study(queue).trials()[1].state is Trialled.STOPPED
    assert worked(ExperimentQueue()) == ["trial 1", "trial 2"]
    assert study(queue).counts() == {Trialled.COMPLETE: 3}


KILLED = """
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


def test_a_killed_process_costs_one_trial(queue: ExperimentQueue) -> None:
    queue.add(search(trials=2))
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdin is not None
    assert process.stdout.readline() == "kept\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stdin.close()
    assert [one.state for one in queue.entries()] == [State.INTERRUPTED]
    assert worked(queue) == ["trial 1"]
    (entry,) = queue.entries()
    assert entry.state is State.DONE and entry.told == "1 of 2 trials failed or diverged"


def test_time_that_is_over_ends_its_turn(queue: ExperimentQueue) -> None:
    """The trial that runs then keeps a checkpoint; nothing of it waits in front of the others."""
    queue.add(search(trials=0, seconds=1e-9))
    assert worked(queue) == []
    (entry,) = queue.entries()
    found = study(queue)
    assert entry.state is State.DONE and not found.is_over()
    queue.remove(entry.id)
    queue.add(SearchOfMany(found.plan), path=entry.path)
    assert worked(queue) == []  # as long again, not for ever


def test_helpers_are_stopped_with_it_and_a_killed_one_costs_its_trial(
    queue: ExperimentQueue,
) -> None:
    config = tiny_config(training={"iterations": 10**6, "checkpoint_interval": 10**5})
    queue.add(SearchOfMany(Plan(config, read_space((RATE,), config), trials=9, cores=2)))
    worked_until_two_run(queue, kill=True)
    assert study(queue).counts() == {Trialled.STOPPED: 1, Trialled.FAILED: 1}
    worked_until_two_run(queue, kill=False)
    assert study(queue).counts() == {Trialled.STOPPED: 2, Trialled.FAILED: 1}
    assert [one.state for one in queue.entries()] == [State.STOPPED]


def children() -> list[int]:
    """Processes that this one has begun."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # ended meanwhile
            state, parent, *_ = file.read_text().rpartition(")")[2].split()
            if int(parent) == os.getpid() and state != "Z":
                found.append(int(file.parent.name))
    return found


def worked_until_two_run(queue: ExperimentQueue, kill: bool) -> None:
    """This process rests after its first step until a helper is at work, too."""
    worker, asked = Worker(queue), False
    for item in worker.items():
        if asked or not isinstance(item, StepDone):
            continue
        wait_for(lambda: study(queue).counts()[Trialled.RUNNING] == 2)
        if kill:
            (helper,) = children()
            os.kill(helper, signal.SIGKILL)
        worker.request_stop()
        asked = True


def test_a_trial_that_diverges_is_told_and_the_others_run(queue: ExperimentQueue) -> None:
    config = tiny_config(algorithm={"inner_steps": 9})
    space = read_space(("algorithm.inner_rate=100,0.01",), config)
    queue.add(SearchOfMany(Plan(config, space, "grid")))
    assert worked(queue) == ["trial 0", "trial 1"]
    (entry,) = queue.entries()
    assert entry.state is State.DONE and entry.told == "1 of 2 trials failed or diverged"


def test_a_form_that_lacks_what_is_searched_is_refused(queue: ExperimentQueue) -> None:
    work = with_config(search("algorithm.adapt_norms"), tiny_config(algorithm={"name": "reptile"}))
    with pytest.raises(BadInput, match="adapt_norms: there is no such field"):
        admitted(work)
