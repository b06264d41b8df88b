"""The log that tracebacks and notes go to; a folder that cannot be written is no fault."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

from workbench.core import places

NAME = "workbench.log"
MAX_BYTES = 1_000_000


def handler(folder: Path) -> logging.Handler:
    """Appends to the log of a folder, which is made; raises OSError where that cannot be."""
    folder.mkdir(parents=True, exist_ok=True)
    made = logging.handlers.RotatingFileHandler(
        folder / NAME,
        maxBytes=MAX_BYTES,
        backupCount=2,
        encoding="utf-8",
        errors="backslashreplace",
    )
    made.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return made


def quiet() -> None:
    """Nothing that is logged goes to the terminal, not even where no log can be written."""
    logging.raiseExceptions = False
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())


def start() -> str:
    """Log to the user's file from now on; returns where it is, or why there is none.

    A second call says the same again.
    """
    folder = places.logs()
    root = logging.getLogger()
    file = str(folder / NAME)
    if not any(getattr(known, "baseFilename", "") == file for known in root.handlers):
        try:
            root.addHandler(handler(folder))
        except OSError as error:
            return f"No log could be written: {error.strerror} ({folder})."
        root.setLevel(logging.INFO)
    return f"The log has the details: {file}"
