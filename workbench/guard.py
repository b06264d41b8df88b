"""The top of every start without a window: whatever happens below ends in a sentence and a code.

0 done, 1 a fault, 2 bad input, 130 Ctrl-C, 141 nobody reads the output any more; 128 + n signal n.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from workbench import logfile, terminal
from workbench.core import interrupts
from workbench.core.errors import BadInput
from workbench.core.interrupts import Stopped
from workbench.terminal import OutputLost

FAULT, BAD_INPUT, NOBODY_READS = 1, 2, 141

log = logging.getLogger(__name__)


def run(command: Callable[[], int]) -> int:
    """The exit code of a command, which may raise what it likes."""
    terminal.prepare()
    logfile.quiet()
    with interrupts.answered(interrupts.raising), _quiet_hooks():
        code = _outcome(command)
        try:
            terminal.flush()
        except OutputLost as lost:
            code = code or _output_lost(lost)
    return code


def _outcome(command: Callable[[], int]) -> int:
    try:
        return command()
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except Stopped as stopped:
        terminal.say(interrupts.SAID)
        return stopped.code
    except OutputLost as lost:
        return _output_lost(lost)
    except BadInput as error:
        logfile.start()
        log.info("bad input", exc_info=True)
        terminal.say(f"error: {error}")
        return BAD_INPUT
    except Exception as error:
        return _unforeseen(error)


def _output_lost(lost: OutputLost) -> int:
    if lost.closed:
        return NOBODY_READS
    terminal.say(f"error: standard output cannot be written ({lost.reason}).")
    return FAULT


def _unforeseen(error: Exception) -> int:
    from workbench.experiments.sentences import sentence

    where = logfile.start()
    log.error("uncaught", exc_info=error)
    terminal.say(f"error: {sentence(error)}. {where}")
    return FAULT


@contextmanager
def _quiet_hooks() -> Iterator[None]:
    """What threads and finalisers raise goes to the log, and no warning to the terminal.

    Hooks that somebody else has set stay.
    """
    before = (threading.excepthook, sys.unraisablehook)
    if before == (threading.__excepthook__, sys.__unraisablehook__):
        threading.excepthook = sys.unraisablehook = _note
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        threading.excepthook, sys.unraisablehook = before


def _note(args: Any) -> None:
    if args.exc_value is not None:
        trace = (args.exc_type, args.exc_value, args.exc_traceback)
        log.error("uncaught, beside the command", exc_info=trace)
