"""When nothing is still to come: what stands in place of waiting for a fixed time."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.gui.lab.adaptation import Adaptation
from workbench.gui.threads.background import Job


def quiet(qtbot: QtBot, *roots: QObject) -> None:
    """Until all that was begun has come: no delay runs, no work beside the window goes on.

    ``roots`` are workspaces and whatever else no window on the screen holds. A training that goes
    on, and what looks again and again, are not waited for.
    """

    def still() -> bool:
        QApplication.processEvents()
        return not pending(*roots)

    qtbot.waitUntil(still)


def pending(*roots: QObject) -> list[QObject]:
    """What will yet do something by itself."""
    found = [thing for root in {*roots, *QApplication.topLevelWidgets()} for thing in _begun(root)]
    return list(dict.fromkeys(found))


def _begun(root: QObject) -> Iterator[QObject]:
    timers = root.findChildren(QTimer)
    yield from (timer for timer in timers if timer.isSingleShot() and timer.isActive())
    yield from (job for job in root.findChildren(Job) if job.active)
    yield from (one for one in root.findChildren(Adaptation) if one.busy)
