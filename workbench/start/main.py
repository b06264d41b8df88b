"""Without arguments the window opens; with a command, the command line answers."""

from __future__ import annotations

import logging
import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn

from workbench import guard, terminal
from workbench.core import interrupts, safe_mode
from workbench.core.errors import BadInput
from workbench.core.system import QT_LIBRARIES, has_display


def program() -> NoReturn:
    """The process from its start to its end, as ``main.py`` and ``maml-workbench`` run it."""
    code = main(sys.argv[1:])
    interrupts.ignored_if_pressed()
    if threading.active_count() > 1:
        _leave(code)
    sys.exit(code)


def _leave(code: int) -> NoReturn:
    """End while threads still compute: inside torch they would crash the interpreter's end.

    What they compute nobody waits for any more; what was to be kept is on the disk.
    """
    logging.shutdown()
    with suppress(terminal.OutputLost):
        terminal.flush()
    os._exit(code)


def main(arguments: list[str]) -> int:
    """One command, or the window; the exit code. Raises nothing."""
    return guard.run(lambda: _run(arguments))


def _run(arguments: list[str]) -> int:
    with safe_mode.asked_for(arguments) as rest:
        return _start(rest)


def _start(arguments: list[str]) -> int:
    if arguments:
        from workbench.cli import main as run_command
        from workbench.start import pictures

        return run_command(arguments, pictures.race)
    if not has_display():
        from workbench.start.without_display import show_in_terminal

        return show_in_terminal()
    return open_window()


def open_window() -> int:
    """The window, unless what it needs is not there: then a sentence that says what."""
    try:
        from workbench.gui.shell import qt_version
        from workbench.gui.shell.app import run_window

        qt_version.check_installed()
    except ImportError as error:
        terminal.say(f"error: Qt cannot be loaded ({error}). {QT_LIBRARIES}")
        return 1
    except BadInput as error:
        terminal.say(f"error: {error}")
        return 1
    # Until the window watches for signals itself: Qt would swallow an exception that one raises.
    with interrupts.answered(lambda wish, number, frame: interrupts.leave(number)):
        return run_window(["maml-workbench"])
