"""Nothing fails silently: every uncaught error goes to the log file and to the window.

The hooks only write and post; they never open a dialog or touch a widget.
"""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from PySide6.QtCore import QObject, Signal

from workbench import logfile, terminal
from workbench.core import places

log = logging.getLogger("workbench.crash")


class Reporter(QObject):
    """Carries an error's sentence to the GUI thread, from whichever thread it came."""

    reported = Signal(object)


class CrashLog:
    """Installed once for the application, and taken out again at its end."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or places.logs()
        self.reporter = Reporter()
        self._faults: TextIO | None = None
        self._handler: logging.Handler | None = None
        self._old: tuple[Any, Any, Any] = (None, None, None)

    def install(self) -> None:
        self._open_files()
        self._old = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread
        sys.unraisablehook = self._on_unraisable

    def remove(self) -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._old
        if self._handler is not None:
            logging.getLogger("workbench").removeHandler(self._handler)
            self._handler.close()
        if self._faults is not None:
            faulthandler.disable()
            self._faults.close()

    def _open_files(self) -> None:
        """Without a writable log directory the program works, and says so on stderr."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._faults = (self.folder / "crash.log").open("a", encoding="utf-8")
            self._handler = logfile.handler(self.folder)
        except OSError as error:
            terminal.note(f"no log is written ({error.strerror}: {self.folder})")
            return
        faulthandler.enable(self._faults)
        logging.getLogger("workbench").addHandler(self._handler)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self._report(kind, error, trace)

    def _on_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._report(args.exc_type, args.exc_value, args.exc_traceback)

    def _on_unraisable(self, args: Any) -> None:
        self._report(args.exc_type, args.exc_value, args.exc_traceback)

    def _report(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        log.error("uncaught: %s", "".join(traceback.format_exception(kind, error, trace)))
        self.reporter.reported.emit(f"{kind.__name__}: {error}")
