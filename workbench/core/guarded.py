"""A user's code is run beside the program: whatever it raises, prints or waits for stays its own.

It is no cage. The code has the user's rights, and was trusted with them; what is kept off are
accidents: `sys.exit`, a loop without an end, output in the middle of ours, another directory.
"""

from __future__ import annotations

import ctypes
import io
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import Any, TypeVar

from torch import nn

from workbench.core import patience
from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked

LIMIT_SECONDS = 60.0
"""Importing the file, making the module and a first call may take this long together."""
QUIET_SECONDS = 3.0
POLL_SECONDS = 0.05
THREAD = "user module"
_WHERE, _REMEDY = "model.path", "Mend the file, or choose another"

Made = TypeVar("Made")


def run(work: Callable[[], Made], path: Path, where: str = _WHERE) -> Made:
    """What ``work`` returns; `BadInput` for whatever it raises, and when it takes too long.

    ``where`` is the field that names the file.

    A thread of its own does it, so that the caller can go on waiting, say so, and give up.
    """
    outcome: list[Made | BaseException] = []
    done = threading.Event()

    def attempt() -> None:
        try:
            outcome.append(work())
        except BaseException as error:
            outcome.append(error)
        finally:
            done.set()

    with _kept_apart():
        thread = threading.Thread(target=attempt, name=THREAD, daemon=True)
        thread.start()
        try:
            _wait(done, path, LIMIT_SECONDS, where)
        finally:
            if not done.is_set():
                _break_off(thread)
    found = outcome[0]
    if isinstance(found, BadInput):
        raise found
    if isinstance(found, BaseException):
        raise failure(found, path, where) from found
    return found


def failure(error: BaseException, path: Path, where: str = _WHERE) -> BadInput:
    """The error with the last line of the user's file that it passed through."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    place = f", line {frames[-1].lineno}" if frames else ""
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return BadInput(
        where, marked("{0}{1} fails ({2})").format(path, place, printable(what, 400)), _REMEDY
    )


def kind_of(made: type[nn.Module], path: Path) -> type[nn.Module]:
    """The user's class, whose calls can end a computation but not the program."""

    def forward(self: nn.Module, *inputs: Any, **named: Any) -> Any:
        try:
            return made.forward(self, *inputs, **named)
        except Exception:
            raise
        except BaseException as error:
            on_main = threading.current_thread() is threading.main_thread()
            if on_main and isinstance(error, KeyboardInterrupt):
                raise  # a person's Ctrl-C
            raise failure(error, path) from error

    return type(made.__name__, (made,), {"forward": forward, "__module__": made.__module__})


def to_stderr(*values: object, **options: Any) -> None:
    """The user's `print`: standard output belongs to results."""
    print(*values, **{"file": sys.stderr, **options})  # noqa: T201


def _wait(done: threading.Event, path: Path, limit: float, where: str) -> None:
    began = time.monotonic()
    while not done.wait(POLL_SECONDS):
        spent = time.monotonic() - began
        if spent > limit:
            raise BadInput(
                where,
                marked("{0} has not made its module after {1:g} s").format(path, limit),
                _REMEDY,
            )
        if spent > QUIET_SECONDS:
            patience.tell(f"Waiting for {printable(path, 300)} to make its module", spent / limit)


@contextmanager
def _kept_apart() -> Iterator[None]:
    """Nothing to read, output to standard error, and the directory as it was."""
    before, folder = sys.stdin, _folder()
    sys.stdin = io.StringIO()
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        sys.stdin = before
        if folder is not None and _folder() != folder:
            with suppress(OSError):
                os.chdir(folder)


def _folder() -> str | None:
    """Where the program stands; a directory that was deleted is nowhere."""
    try:
        return os.getcwd()  # noqa: PTH109
    except OSError:
        return None


def _break_off(thread: threading.Thread) -> None:
    """Ends a loop of Python code; what waits inside a library ends with the program."""
    if thread.ident is not None:
        end = ctypes.py_object(SystemExit)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), end)
