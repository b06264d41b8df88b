"""The runner's state machine, on real threads."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

import pytest

from tests.processes import wait_for
from workbench.experiments.runner import Runner, State

SECONDS = 60
"""At most, until a thread has ended; a loaded machine is no fault."""


def endless() -> Iterator[int]:
    yield from itertools.count()


def others_get_their_turn() -> None:
    """Whoever can run has run: threads came and went meanwhile."""
    for _ in range(50):
        passing = threading.Thread(target=threading.get_ident)
        passing.start()
        passing.join()


@pytest.fixture
def runner() -> Iterator[Runner[int]]:
    made = Runner(endless())
    yield made
    made.stop()
    assert made.join(SECONDS)


def test_everything_arrives_once_and_in_order() -> None:
    runner = Runner(iter(range(1000)))
    runner.start()
    assert runner.join(SECONDS)
    assert runner.drain() == list(range(1000)) and runner.drain() == []
    assert runner.state is State.FINISHED


def test_pause_is_acknowledged_and_holds(runner: Runner[int]) -> None:
    runner.start()
    runner.pause()
    wait_for(lambda: runner.state is State.PAUSED)
    runner.drain()
    others_get_their_turn()
    assert runner.drain() == []
    runner.resume()
    wait_for(lambda: bool(runner.drain()))
    assert runner.state is State.RUNNING


def test_a_step_from_a_pause_gives_exactly_one_item(runner: Runner[int]) -> None:
    runner.start()
    runner.pause()
    wait_for(lambda: runner.state is State.PAUSED)
    runner.drain()
    for count in (1, 3):
        runner.step(count)
        wait_for(lambda: runner.state is State.PAUSED)
        assert len(runner.drain()) == count


def test_a_step_counts_only_the_items_that_are_steps() -> None:
    asked = threading.Event()

    def source() -> Iterator[str]:
        assert asked.wait(SECONDS)
        yield from ("step", "note", "step", "note", "step")

    runner = Runner(source(), is_step=lambda item: item == "step")
    runner.start()
    runner.pause()
    asked.set()
    wait_for(lambda: runner.state is State.PAUSED)
    assert runner.drain() == ["step"]
    runner.step()
    wait_for(lambda: runner.state is State.PAUSED)
    assert runner.drain() == ["note", "step"]
    runner.resume()
    assert runner.join(SECONDS) and runner.drain() == ["note", "step"]


def test_start_twenty_times_is_one_thread(runner: Runner[int]) -> None:
    before = threading.active_count()
    for _ in range(20):
        runner.start()
    assert threading.active_count() == before + 1


@pytest.mark.parametrize("paused", [False, True])
def test_stop_ends_it_from_any_state(runner: Runner[int], paused: bool) -> None:
    runner.start()
    if paused:
        runner.pause()
        wait_for(lambda: runner.state is State.PAUSED)
    runner.stop()
    assert runner.join(SECONDS) and runner.state is State.FINISHED


def test_a_source_that_ends_itself_may_yield_its_last_items() -> None:
    stop = threading.Event()

    def source() -> Iterator[str]:
        while not stop.is_set():
            yield "step"
        yield "saved"
        yield "finished"

    runner = Runner(source(), on_stop=stop.set)
    runner.start()
    wait_for(lambda: bool(runner.drain()))
    runner.stop()
    assert runner.join(SECONDS)
    assert runner.drain()[-2:] == ["saved", "finished"]


def test_an_error_is_kept() -> None:
    def source() -> Iterator[int]:
        yield 1
        raise RuntimeError("broken")

    runner = Runner(source())
    runner.start()
    assert runner.join(SECONDS)
    assert runner.drain() == [1] and str(runner.error) == "broken"


def test_a_runner_that_never_started_can_be_stopped() -> None:
    runner = Runner(endless())
    runner.stop()
    assert runner.join(SECONDS) and runner.state is State.FINISHED
