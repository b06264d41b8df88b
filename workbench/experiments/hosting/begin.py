"""A process that trains an order is begun: it outlives the one that begins it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

from workbench.core import own_process, safe_mode
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.experiments.hosting import address
from workbench.experiments.hosting.order import Order

CHILD = "workbench.experiments.hosting.child"
LOOK = 0.03
"""Seconds between two looks whether it listens."""
_LEFT: list[subprocess.Popen[bytes]] = []
"""Those that go on by themselves: Python warns of one that is forgotten while it runs."""
_SAID_MOST = 2_000


class Begun:
    """A process and what it says on its standard error."""

    def __init__(self, run: Path, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
        self._run, self._process, self._said = run, process, said

    def address(self) -> address.Address:
        """Where it listens, as soon as it does; raises `BadInput` where it ends before."""
        while not address.is_published(self._run):
            if self._process.poll() is not None:
                raise BadInput(
                    str(self._run),
                    marked("its process could not begin{0}").format(self.how_it_ended()),
                    marked("Train in this process, or see the log"),
                )
            time.sleep(LOOK)
        return address.read(self._run)

    def how_it_ended(self) -> str:
        """In brackets; empty where it has not."""
        try:
            code = self._process.wait(10)
        except subprocess.TimeoutExpired:
            return ""
        return f" ({_in_words(code, self._last_line())})"

    def leave(self) -> None:
        """It goes on, and nobody waits for it."""
        if self._process.poll() is None:
            _LEFT.append(self._process)
        self._said.close()

    def reap(self) -> None:
        """It has said goodbye: wait for the little that is left to it."""
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            _LEFT.append(self._process)
        self._said.close()

    def _last_line(self) -> str:
        self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, self._said.tell() - _SAID_MOST))
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return lines[-1].removeprefix("error: ") if lines else ""


def begin(order: Order) -> Begun:
    """Raises `OSError` where the system begins no process."""
    address.forget(order.run)
    said = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it is left or reaped
    process = subprocess.Popen(
        [sys.executable, "-m", CHILD, *([safe_mode.FLAG] if safe_mode.on() else [])],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=said,
        env=own_process.environment(),
        start_new_session=True,
        creationflags=_apart(),
    )
    assert process.stdin is not None
    with process.stdin as orders:
        orders.write(order.to_text().encode())
    return Begun(order.run, process, said)


def _apart() -> int:
    """On Windows, where there are no sessions: not ended with the window's own console."""
    return getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(
        subprocess, "CREATE_NO_WINDOW", 0
    )


def _in_words(code: int, said: str) -> str:
    if code >= 0:
        return said or marked("exit code {0}").format(code)
    name = next((s.name for s in signal.Signals if s.value == -code), str(-code))
    if name == "SIGKILL":
        return marked("killed by SIGKILL, as the system does when memory runs out")
    return marked("killed by {0}").format(name)
