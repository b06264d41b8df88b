"""What Qt says of itself goes to the log: to a user it means nothing."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from workbench import terminal
from workbench.core.errors import printable

log = logging.getLogger("workbench.qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_warnings: deque[str] = deque(maxlen=3)
"""What Qt said before it gave up: the reasons; its last words are only advice."""


@contextmanager
def in_log() -> Iterator[None]:
    """Inside, Qt's messages go to the log; begin before the application is made."""
    before = qInstallMessageHandler(_on_message)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def _on_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)
    if kind == QtMsgType.QtFatalMsg:
        _give_up(text)
    if kind in (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg):
        _warnings.append(text)


def _give_up(text: str) -> None:
    """Qt would abort the process next, with a core dump and no word."""
    reasons = [reason.strip().rstrip(".") for reason in _warnings or [text]]
    terminal.say(f"error: no window can be opened: {printable('; '.join(reasons))}.")
    logging.shutdown()
    os._exit(1)
