"""Presses: one asks, a bounce is the same wish, a later one is meant; what is whole stays whole."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from workbench.core import interrupts
from workbench.core.interrupts import BOUNCE_SECONDS, Presses, Stopped, Wish


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """A job in the background is started with SIGINT ignored, and would hear none of them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def presses_at(*moments: float) -> list[Wish]:
    clock: Iterator[float] = iter(moments)
    presses = Presses(lambda: next(clock))
    return [presses.press() for _ in moments]


def test_a_bounce_is_the_same_wish_and_a_later_press_is_meant() -> None:
    late = BOUNCE_SECONDS + 0.1
    assert presses_at(5, 5.01, 6, 5 + late, 5 + late) == [
        Wish.END,
        Wish.SAME,
        Wish.SAME,
        Wish.NOW,
        Wish.NOW,
    ]


def test_a_signal_raises_and_the_handler_before_comes_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Stopped) as stopped, interrupts.answered(interrupts.raising):
        os.kill(os.getpid(), signal.SIGTERM)
    assert stopped.value.code == 143
    assert signal.getsignal(signal.SIGTERM) is before


def test_presses_are_counted_on_across_what_answers() -> None:
    seen: list[Wish] = []
    with interrupts.answered(lambda wish, *_: seen.append(wish)):
        with interrupts.answered(lambda wish, *_: seen.append(wish)):
            os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
    with interrupts.answered(lambda wish, *_: seen.append(wish)):
        os.kill(os.getpid(), signal.SIGINT)
    assert seen == [Wish.END, Wish.SAME, Wish.END]


def test_what_must_be_whole_is_finished_first() -> None:
    done: list[str] = []
    with pytest.raises(Stopped), interrupts.answered(interrupts.raising):
        with interrupts.whole():
            with interrupts.whole():
                os.kill(os.getpid(), signal.SIGINT)
                done.append("written")
            done.append("pointed at")
        done.append("never")
    assert done == ["written", "pointed at"]


def test_what_another_thread_makes_whole_is_waited_for() -> None:
    inside, may_end, order = threading.Event(), threading.Event(), []

    def write() -> None:
        with interrupts.whole():
            inside.set()
            may_end.wait(60)
            order.append("whole")

    writer = threading.Thread(target=write)
    writer.start()
    inside.wait(60)
    # As `leave` does, but for ending this process.
    threading.Timer(0.1, may_end.set).start()
    assert interrupts._turn.acquire(timeout=60)
    order.append("left")
    interrupts._turn.release()
    writer.join()
    assert order == ["whole", "left"]


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert signal.SIGHUP not in interrupts.caught()
        with interrupts.answered(interrupts.raising):
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
