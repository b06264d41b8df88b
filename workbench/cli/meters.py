"""Progress on standard error: a bar for a person at a terminal, now and then a line for a file."""

from __future__ import annotations

import sys
import time
from typing import IO, Any, Protocol, cast

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from workbench import terminal

REFRESH_SECONDS = 0.1
LINE_SECONDS = 10.0


class Meter(Protocol):
    """How far something has come."""

    def update(self, done: float, note: str = "") -> None: ...

    def say(self, line: str) -> None: ...

    def close(self) -> None: ...


def meter(total: float, unit: str) -> Meter:
    """The one that fits standard error."""
    return Bar(total, unit) if terminal.is_terminal(sys.stderr) else Lines(total, unit)


class Bar:
    """Drawn by whoever updates it, on that thread: no other one writes to the terminal."""

    def __init__(self, total: float, unit: str) -> None:
        console = _Console(
            file=cast(IO[str], _Tolerant()),
            force_terminal=True,
            markup=False,
            highlight=False,
            emoji=False,
        )
        self._progress = Progress(
            BarColumn(bar_width=24),
            TextColumn("{task.fields[count]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=console,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._total, self._unit = total, unit
        self._task: TaskID | None = None
        self._drawn = 0.0

    def update(self, done: float, note: str = "") -> None:
        count = f"{done:,g} of {self._total:,g} {self._unit}"
        if self._task is None:
            # A resumed run begins in the middle, which is no speed.
            self._task = self._progress.add_task(
                "", total=self._total, completed=int(done), count=count, note=note
            )
            self._progress.start()
        self._progress.update(self._task, completed=done, count=count, note=note)
        if time.monotonic() - self._drawn > REFRESH_SECONDS:
            self._progress.refresh()
            self._drawn = time.monotonic()

    def say(self, line: str) -> None:
        # Not wrapped here: a path that the terminal itself breaks can still be copied whole.
        self._progress.console.print(Text(line), soft_wrap=True)

    def close(self) -> None:
        self._progress.stop()


class Lines:
    """In a log file a bar that moves ten times a second is only noise."""

    def __init__(self, total: float, unit: str) -> None:
        self._total, self._unit = total, unit
        self._said = time.monotonic()

    def update(self, done: float, note: str = "") -> None:
        if time.monotonic() - self._said > LINE_SECONDS:
            self.say(f"{done:>7,g} of {self._total:,g} {self._unit}, {note}".rstrip(", "))
            self._said = time.monotonic()

    def say(self, line: str) -> None:
        terminal.say(line)

    def close(self) -> None:
        pass


class _Console(Console):
    def show_cursor(self, show: bool = True) -> bool:
        """The cursor stays: a program that is killed could not bring it back."""
        return False


class _Tolerant:
    """Standard error as a file that may break: a training goes on when its terminal is closed."""

    encoding = property(lambda self: getattr(sys.stderr, "encoding", "utf-8"))

    def write(self, text: str) -> int:
        try:
            return sys.stderr.write(text)
        except (OSError, ValueError):
            return len(text)

    def flush(self) -> None:
        try:
            sys.stderr.flush()
        except (OSError, ValueError):
            return

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stderr, name)
