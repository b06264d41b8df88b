"""More processes of this program that work on the same study, each on one trial at a time."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from workbench.core import own_process, trust
from workbench.experiments.search.choosing import settle_dead
from workbench.experiments.search.study import Study

LOOK_SECONDS = 0.1
"""So often it is looked whether they have ended, or are to be stopped."""

Process = subprocess.Popen[bytes]


@contextmanager
def beside(study: Study, stopped: Callable[[], bool]) -> Iterator[None]:
    """As many as its plan has cores for, but for this process.

    They end by themselves when the study has its trials or their time is over, and are waited for
    at the end of the block. Once ``stopped`` is true each is asked for an orderly end, so that its
    trial keeps a checkpoint. The trial of one that was killed is marked as failed.
    """
    others: list[Process] = []
    try:
        for _ in range(study.plan.cores - 1):
            others.append(_begun(study))
        yield
        _wait(others, stopped)
    finally:
        _stop(others)
        for process in others:
            process.wait()
    if others:
        settle_dead(study)


def _wait(others: list[Process], stopped: Callable[[], bool]) -> None:
    """Until all have ended, or are to be stopped."""
    while not stopped() and any(process.poll() is None for process in others):
        time.sleep(LOOK_SECONDS)


def _stop(others: list[Process]) -> None:
    for process in others:
        if process.poll() is None:
            process.terminate()


def _begun(study: Study) -> Process:
    """A signal that the terminal sends reaches this process alone, which passes it on once."""
    command = [
        sys.executable,
        "-c",
        own_process.PROGRAM,
        "sweep",
        "--study",
        str(study.folder),
        "--helps",
    ]
    command += ["--json", "--storage", study.place]
    for sha256 in trust.given_now():
        command += ["--trust", sha256]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=own_process.environment(),
        start_new_session=True,
    )
