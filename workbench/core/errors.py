"""What can be wrong outside the program: the input (with its remedy), or a place to write to."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from workbench.core.findings import Mend


class BadInput(ValueError):
    """Input that cannot be used: names where, what is wrong, and what would be right.

    The command line prints it and exits with 2; the window shows it at the field, with a button for
    each of the ``mends``.
    """

    def __init__(self, where: str, problem: str, remedy: str = "", *mends: Mend) -> None:
        self.where = printable(where)
        self.problem = printable(problem).rstrip(".")
        self.remedy = printable(remedy).rstrip(".")
        self.mends = mends
        super().__init__(where, problem, remedy)

    def __str__(self) -> str:
        sentence = f"{self.where}: {self.problem}."
        stop = "" if self.remedy.endswith("?") else "."
        return f"{sentence} {self.remedy}{stop}" if self.remedy else sentence


class Missing(BadInput):
    """Nothing is wrong: a person has still to choose something, such as a folder."""


class CannotWrite(OSError):
    """A file could not be written; whatever stood there before still stands there.

    An `OSError` with the number and the reason of the system; as text it is a sentence that names
    the file, and for a full disk how much is missing.
    """

    def __init__(self, path: Path, reason: OSError, needed: int = 0) -> None:
        super().__init__(reason.errno, reason.strerror or str(reason))
        self.path = path
        self.needed = needed
        self.free = _free(path) if reason.errno in _FULL else None

    def __str__(self) -> str:
        sentence = f"{printable(self.path)} cannot be written ({self.strerror})"
        if self.free is None:
            return sentence
        return f"{sentence}: {_size(self.needed)} are needed, {_size(self.free)} are free"


_FULL = (errno.ENOSPC, errno.EDQUOT)


def _free(path: Path) -> int | None:
    """Bytes left where a file was to be written, if the system tells."""
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return None


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.1f} kB"


def printable(text: object, most: int = 1000) -> str:
    """Text of unknown origin, such as a file name, safe for a terminal and a label.

    Control characters, line ends and bytes that are no text are written as escapes, so that a name
    can neither move the cursor nor pretend to be another line; what is longer than ``most``
    characters is cut in the middle.
    """
    shown = str(text)
    if not shown.isprintable():
        shown = "".join(c if c.isprintable() else _escaped(c) for c in shown)
    if len(shown) <= most:
        return shown
    half = most // 2
    return f"{shown[:half]} … {shown[-half:]}"


def brief(value: object, most: int = 60) -> str:
    """A value as an error quotes it: escaped, and cut where it is long."""
    try:
        return printable(repr(value), most)
    except ValueError:  # a whole number of more digits than Python writes
        return "a number of thousands of digits"


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")
