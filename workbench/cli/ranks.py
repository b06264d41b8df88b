"""``train`` as one of many processes that ``torchrun`` has started; see `experiments.scale`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from workbench import terminal
from workbench.cli import consent
from workbench.core import interrupts
from workbench.core.errors import BadInput
from workbench.core.events import Event, Finished, Reason
from workbench.core.interrupts import Wish
from workbench.core.marked import marked
from workbench.core.orphaned import told_when_orphaned
from workbench.experiments.scale.beginning import Beginning
from workbench.experiments.scale.group import Group, PeerLost, times_restarted
from workbench.experiments.scale.refusal import FLAG
from workbench.experiments.session import build_family
from workbench.experiments.store import open_run
from workbench.experiments.trainer import Training

Result = tuple[dict[str, Any], int]
_FINAL = (Reason.COMPLETED, Reason.STOPPED, Reason.DIVERGED)


def refuse_other_count(given: argparse.Namespace, group: Group) -> None:
    """Raise `BadInput` where the flag says another number than there are."""
    if given.processes not in (None, str(group.size)):
        raise BadInput(
            FLAG,
            marked("torchrun has started {0}").format(group.size),
            marked("Leave the flag out"),
        )


def leading(
    given: argparse.Namespace,
    group: Group,
    opened: Callable[[], Training],
    finish: Callable[[Training], Result],
) -> Result:
    """Process 0: opens the training, tells the others, and records.

    A training that had ended before its processes were started anew is left as it is.
    """
    told = False
    try:
        if (before := _ended_before(given)) is not None:
            return before, int(before["reason"] == Reason.DIVERGED)
        training = opened()
        group.told(Beginning.of(training))
        told = True
    finally:
        if not told:
            _dismiss(group)
    with _ended_in_order(training):  # the end is told whole
        result, code = finish(training)
    if code and times_restarted() < _restarts():
        given.json = False  # the next attempt tells it
    return result, code


def following(given: argparse.Namespace, group: Group) -> Result:
    """Any other process: computes its share, and is silent unless something goes wrong here."""
    given.json = False
    began: Beginning | None = group.told(None)
    if began is None:
        return {}, 0
    consent.ask(began.experiment)
    family = build_family(began.experiment)
    family.prepare(lambda message, fraction: None)
    training = began.beside(family, group)
    last: Event | None = None
    with _ended_in_order(training):
        for event in training.events():
            last = event
    assert isinstance(last, Finished)
    if last.reason != Reason.FAILED:
        return {}, 0
    terminal.say(f"process {group.rank}: {last.error}")
    return {}, 1


def _ended_before(given: argparse.Namespace) -> dict[str, Any] | None:
    """What a new run came to in the attempt before; nothing where it is to go on."""
    if not times_restarted() or given.resume or given.run_dir is None:
        return None
    try:
        result = open_run(given.run_dir).result()
    except BadInput:
        return None
    return result if result is not None and result["reason"] in _FINAL else None


def _dismiss(group: Group) -> None:
    try:
        group.told(None)
    except PeerLost:  # what is wrong here is said, whoever hears it
        return


def _restarts() -> int:
    return int(os.environ.get("TORCHELASTIC_MAX_RESTARTS") or 0)


@contextmanager
def _ended_in_order(training: Training) -> Iterator[None]:
    """By a signal, or because the process that started all of them was killed."""
    asked = interrupts.answered(_quietly(training.request_stop))
    with asked, told_when_orphaned(training.request_stop):
        yield


def _quietly(request_stop: Callable[[], None]) -> interrupts.OnWish:
    def on_wish(wish: Wish, number: int, frame: Any) -> None:
        if wish is Wish.END:
            request_stop()
        elif wish is Wish.NOW:
            interrupts.at_once(number, frame)

    return on_wish
