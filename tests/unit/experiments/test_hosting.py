"""A training in a process of its own: the same numbers, driven from outside, whoever dies."""

from __future__ import annotations

import hashlib
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from multiprocessing import AuthenticationError
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.processes import wait_for
from tests.tiny import prepared, tiny_config, training
from workbench.core import trust
from workbench.core.errors import BadInput
from workbench.core.events import Event, Finished, Preparing, Reason, StepDone
from workbench.experiments import catalog
from workbench.experiments.beginning import begun
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.foreign import recorded
from workbench.experiments.hosting import address
from workbench.experiments.hosting.choosing import Place, is_apart
from workbench.experiments.hosting.hosted import HostedTraining, moved_out, take_up
from workbench.experiments.record.lock import is_held
from workbench.experiments.replay import read_run
from workbench.experiments.runner import State
from workbench.experiments.store import open_run

OWN_LOSS = "def loss(outputs, targets):\n    return (outputs - targets).abs().mean()\n"
LONG = {"iterations": 1_000_000, "checkpoint_interval": 50, "eval_interval": 1_000}


def tiny(**changes: Any) -> ExperimentConfig:
    return tiny_config(training={"workers": 1, **changes})


@pytest.fixture
def hosted(tmp_path: Path) -> Iterator[Callable[..., HostedTraining]]:
    """Makes trainings in processes of their own, which are ended with the test."""
    made: list[HostedTraining] = []

    def make(config: ExperimentConfig, paused: bool = False) -> HostedTraining:
        one = moved_out(begun(config, prepared(config), tmp_path / f"run{len(made)}"))
        made.append(one)
        one.host.start()
        if paused:
            one.host.pause()
        return one

    yield make
    for one in made:
        one.host.stop()
        assert one.host.join(60)


@pytest.fixture
def own_loss(tmp_path: Path) -> Iterator[Path]:
    """A file of the user's, trusted until the test ends."""
    file = tmp_path / "loss.py"
    file.write_text(OWN_LOSS)
    with trust.for_now(hashlib.sha256(file.read_bytes()).hexdigest()):
        yield file


def seen(one: HostedTraining, until: Callable[[], bool]) -> list[Event]:
    """What it tells until something is so."""
    told: list[Event] = []

    def arrived() -> bool:
        done = until()
        told.extend(one.host.drain())
        return done

    wait_for(arrived)
    return told


def losses(events: list[Event]) -> list[tuple[int, float, float]]:
    steps = (event for event in events if isinstance(event, StepDone))
    return [(step.iteration, step.query_loss, step.gradient_norm) for step in steps]


def test_it_is_the_training_of_this_process_bit_for_bit(
    hosted: Callable[..., HostedTraining], own_loss: Path, tmp_path: Path
) -> None:
    """With a loss of the user's, which this process alone trusts and hands on with the order."""
    config = recorded(tiny(loss_file=str(own_loss)))
    here = list(training(config, tmp_path / "here").events())
    one = hosted(config)
    told = seen(one, lambda: one.host.state is State.FINISHED)
    assert one.host.error is None
    assert losses(told) == losses(here) and len(losses(told)) == 6
    assert told[-1] == here[-1] == Finished(Reason.COMPLETED, 6)
    kinds = [type(event) for event in told if not isinstance(event, Preparing)]
    assert kinds == [type(event) for event in here if not isinstance(event, Preparing)]
    for mine, theirs in zip(told[::-1], here[::-1], strict=False):
        scores = getattr(theirs, "scores", None)
        if scores is not None:
            assert torch.equal(getattr(mine, "scores").metric, scores.metric)  # noqa: B009
    ends = [open_run(tmp_path / name).load_checkpoint().weights for name in ("run0", "here")]
    assert ends[0].keys() == ends[1].keys()
    assert all(torch.equal(ends[0][name], ends[1][name]) for name in ends[0])
    last = one.snapshot()
    assert last is not None and last.iteration == 6
    assert all(torch.equal(last.weights[name], ends[1][name]) for name in ends[1])
    assert not address.is_published(one.path) and not is_held(one.path)


def test_it_does_as_it_is_told_by_the_one_window_that_knows_the_key(
    hosted: Callable[..., HostedTraining],
) -> None:
    one = hosted(tiny(**LONG), paused=True)
    one.host.step()
    told = seen(one, lambda: one.host.state is State.PAUSED)
    assert [iteration for iteration, *_ in losses(told)] == [1]
    first = one.snapshot()
    assert first is not None and first.iteration == 1
    one.host.step(3)
    assert one.host.state is State.PAUSING
    told = seen(one, lambda: one.host.state is State.PAUSED)
    assert [iteration for iteration, *_ in losses(told)] == [2, 3, 4]
    later = one.snapshot()
    assert later is not None and later.iteration == 4
    assert any(not torch.equal(w, later.weights[n]) for n, w in first.weights.items())
    one.host.resume()
    seen(one, lambda: (one.snapshot() or first).iteration > 10)
    refuses_others(one)
    one.host.stop()
    last = seen(one, lambda: one.host.state is State.FINISHED)[-1]
    assert isinstance(last, Finished) and last.reason is Reason.STOPPED
    assert open_run(one.path).load_checkpoint().iteration == last.iteration


def refuses_others(one: HostedTraining) -> None:
    """Another window, a stranger, and one of another version; the first is not disturbed."""
    file = one.path / address.NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(BadInput, match="another window"):
        take_up(one.path)
    stranger = replace(address.read(one.path), key=bytes(32))
    with pytest.raises(AuthenticationError):
        stranger.connect()
    assert one.snapshot() is not None
    file.write_text(file.read_text().replace('"version": "', '"version": "9.'))
    with pytest.raises(BadInput, match="version 9"):
        take_up(one.path)


def test_a_process_that_is_killed_is_told_of_and_its_run_goes_on(
    hosted: Callable[..., HostedTraining],
) -> None:
    one = hosted(tiny(**LONG))
    seen(one, lambda: bool(open_run(one.path).iterations()))
    os.kill(writer(one.path), signal.SIGKILL)
    seen(one, lambda: one.host.state is State.FINISHED)
    assert "SIGKILL" in str(one.host.error) and "Resume it" in str(one.host.error)
    assert one.snapshot() is None and not address.is_published(one.path)
    kept = open_run(one.path).load_checkpoint()
    config = tiny(**{**LONG, "iterations": kept.iteration + 2})
    run = open_run(one.path)
    again = moved_out(replaced(config, run, kept))
    again.host.start()
    told = seen(again, lambda: again.host.state is State.FINISHED)
    unbroken = list(training(config, one.path.parent / "unbroken").events())
    assert losses(told) == losses(unbroken)[-2:]
    assert losses(told)[0][0] == kept.iteration + 1


def replaced(config: ExperimentConfig, run: Any, kept: Any) -> Any:
    from workbench.experiments.trainer import Training

    run.claim()
    return Training(config, prepared(config), run, resume=kept)


def test_one_that_cannot_begin_says_why(tmp_path: Path) -> None:
    one = moved_out(begun(tiny(), prepared(tiny()), tmp_path / "run"))
    (tmp_path / "run" / "hosting.json").mkdir()  # so that it cannot say where it listens
    one.host.start()
    assert one.host.join(60)
    assert isinstance(one.host.error, BadInput) and "hosting.json" in str(one.host.error)
    assert not is_held(tmp_path / "run")


WINDOW = """
import sys
from pathlib import Path
from tests.processes import wait_for
from tests.tiny import prepared
from tests.unit.experiments.test_hosting import LONG, tiny
from workbench.experiments import catalog
from workbench.experiments.beginning import begun
from workbench.experiments.hosting.hosted import moved_out
from workbench.experiments.runner import State

config = tiny(**LONG)
one = moved_out(begun(config, prepared(config), Path(sys.argv[1])))
one.host.start()
wait_for(lambda: (one.host.newest() or (0,))[0] >= 60)
one.host.pause()
wait_for(lambda: one.host.state is State.PAUSED)
print("paused", flush=True)
sys.stdin.read()
"""


def ended(process: int) -> None:
    """Also where a test has failed: nobody else would end it."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def test_it_outlives_the_window_and_the_next_one_takes_it_up(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "run"
    window = subprocess.Popen(
        [sys.executable, "-c", WINDOW, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert window.stdout is not None and window.stdout.readline() == "paused\n"
    child = writer(path)
    request.addfinalizer(partial(ended, child))
    window.kill()
    window.communicate()
    wait_for(lambda: max(open_run(path).iterations(), default=0) > 100)  # it goes on alone
    catalog.load()  # as a window has
    found = take_up(path)
    one = HostedTraining(found.config, prepared(found.config), found.host)
    one.host.start()
    told = [*found.before, *seen(one, lambda: one.snapshot() is not None)]
    one.host.pause()
    told += seen(one, lambda: one.host.state is State.PAUSED)
    iterations = [iteration for iteration, *_ in losses(told)]
    assert iterations == list(range(1, len(iterations) + 1)) and len(iterations) > 100
    assert writer(path) == child
    one.host.stop()
    last = seen(one, lambda: one.host.state is State.FINISHED)[-1]
    assert isinstance(last, Finished) and last.reason is Reason.STOPPED
    assert losses(read_run(path).events)[: len(iterations)] == losses(told)
    with pytest.raises(BadInput):
        take_up(path)


def test_by_default_others_code_and_gpus_train_apart() -> None:
    assert not is_apart(tiny(), Place.AUTO) and is_apart(tiny(), Place.APART)
    own = {"loss_file": "loss.py", "workers": 1}
    with_code = tiny_config().replaced({"training": own})
    assert is_apart(with_code, Place.AUTO) and not is_apart(with_code, Place.HERE)


def writer(run: Path) -> int:
    """The process that holds a run for writing."""
    from workbench.core.sealed import read_sealed

    return int(read_sealed(run / "writer.json")["process"])
