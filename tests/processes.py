"""The program as its own process: started, watched and sent signals, as a shell would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

MAIN = (sys.executable, "main.py")
MENTIONS = ("Traceback", "Exception ignored", "KeyboardInterrupt", "propagateSizeHints")
"""What no user is ever shown."""
SELF_SIGNALLED = """
import os, runpy, sys
number, left = int(os.environ["SIGNAL"]), int(os.environ["IMPORTS"])

def watch(event, arguments):
    global left
    if event == "import":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), number)

sys.addaudithook(watch)
runpy.run_path("main.py", run_name="__main__")
"""
"""The program, which is sent a signal at its nth import, however fast or slow it starts."""


def begin(*arguments: str | Path, script: str = "", **environment: str) -> subprocess.Popen[str]:
    """Start a command, or a script that runs one; Ctrl-C reaches it whatever the shell ignores."""
    return subprocess.Popen(
        [*((sys.executable, "-c", script) if script else MAIN), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **environment},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def ended(process: subprocess.Popen[str], seconds: float = 200) -> tuple[int, str, str]:
    """The exit code, standard output and standard error, which mentions no traceback."""
    try:
        output, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        output, errors = process.communicate()
        raise AssertionError(f"still running after {seconds} s: {errors}") from None
    assert not [word for word in MENTIONS if word in errors], errors
    return process.returncode, output, errors


def until_said(process: subprocess.Popen[str], words: str) -> str:
    """Standard error up to the line with these words; what follows `ended` tells."""
    assert process.stderr is not None
    said = ""
    while words not in said:
        byte = os.read(process.stderr.fileno(), 1)
        assert byte, said
        said += byte.decode(errors="replace")
    return said


def wait_for(true: Callable[[], object], seconds: float = 200) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)
