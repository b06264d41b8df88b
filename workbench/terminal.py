"""The terminal's streams: they show what their encoding can, and may break without a traceback."""

from __future__ import annotations

import codecs
import os
import shutil
import sys
from contextlib import suppress
from typing import TextIO

from workbench.core.errors import printable

PIPED_WIDTH = 100
"""Columns of output that nobody's terminal limits, unless ``COLUMNS`` says otherwise."""
LEAST_WIDTH = 40

_INSTEAD = {"±": "+-", "→": "->", "×": "x", "…": "...", "·": "-", "–": "-", "—": "-", "−": "-"}
_INSTEAD |= {"‘": "'", "’": "'", "“": '"', "”": '"', "α": "alpha", "β": "beta", "λ": "lambda"}


class OutputLost(Exception):
    """Standard output cannot be written; ``closed`` when its reader has simply gone."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.closed = isinstance(error, BrokenPipeError)
        self.reason = error.strerror or str(error)


def prepare() -> None:
    """From now on a character that a stream cannot show is replaced by one that it can."""
    codecs.register_error("workbench", _instead)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="workbench")


def width() -> int:
    """Columns for tables and help: ``COLUMNS``, the terminal's, or `PIPED_WIDTH`."""
    told = os.environ.get("COLUMNS", "")
    if told.isascii() and told.isdigit() and int(told) > 0:
        return max(min(int(told), 1000), LEAST_WIDTH)
    if not is_terminal(sys.stdout):
        return PIPED_WIDTH
    return max(shutil.get_terminal_size((PIPED_WIDTH, 24)).columns, LEAST_WIDTH)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person looks at it through a terminal that can move its cursor."""
    try:
        return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:  # closed
        return False


def write(text: str = "", end: str = "\n") -> None:
    """To standard output; raises `OutputLost`."""
    try:
        if sys.stdout is not None:
            sys.stdout.write(text + end)
    except OSError as error:
        raise OutputLost(error) from error


def say(line: str) -> None:
    """To standard error, for a person; where nobody can read it nothing is lost."""
    with suppress(OSError, ValueError):
        if sys.stderr is not None:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()


def note(sentence: str) -> None:
    """As `say`, of something that a person should know and that stops nothing."""
    say(f"note: {printable(sentence)}")


def say_at_once(line: str) -> None:
    """As `say`, past Python's buffers: a signal may have interrupted a write to them."""
    start = "\r\x1b[K" if is_terminal(sys.stderr) else ""
    with suppress(OSError, ValueError):
        os.write(2, f"{start}{line}\n".encode("ascii", "replace"))


def flush() -> None:
    """Write out what is buffered; raises `OutputLost`. The interpreter has then nothing to add."""
    _flush(sys.stderr)
    error = _flush(sys.stdout)
    if error is not None:
        raise OutputLost(error)


def _flush(stream: TextIO | None) -> OSError | None:
    try:
        if stream is not None and not stream.closed:
            stream.flush()
    except OSError as error:
        _silence(stream)
        return error
    return None


def _silence(stream: TextIO | None) -> None:
    """Let the interpreter's own flush, at its end, go nowhere."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[union-attr]
        os.close(nowhere)


def _instead(error: UnicodeError) -> tuple[str, int]:
    """The codec's error handler: ``+-`` for ``±``, an escape for a lost byte, else ``?``."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    unknown = error.object[error.start : error.end]
    return "".join(_INSTEAD.get(c) or _lost_byte(c) for c in unknown), error.end


def _lost_byte(character: str) -> str:
    code = ord(character)
    return f"\\x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else "?"
