"""A file that takes a while: asked where to, written on a thread, and said how it came out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.gui.state import settings
from workbench.gui.takeaway import outcome
from workbench.gui.threads.background import Job, Report

FOLDER = "runs/takeAwayFolder"
Write = Callable[[Path, Report], None]
"""Writes to a place that nothing may stand at; runs on the thread."""


def tr(text: str) -> str:
    return QCoreApplication.translate("TakeAwayFile", text)


def ask(title: str, name: str, write: Write, parent: QWidget) -> Job | None:
    """``name`` is offered in the folder of the last time; None where no place was chosen."""
    folder = Path(str(settings.settings().value(FOLDER) or ""))
    chosen, _ = QFileDialog.getSaveFileName(
        parent,
        tr("Take away: {0}").format(title),
        str(folder / name),
        options=QFileDialog.Option.DontConfirmOverwrite,
    )
    return _start(Path(chosen), write, parent) if chosen else None


def _start(place: Path, write: Write, parent: QWidget) -> Job:
    outcome.current().done.emit(tr("Writing {0}").format(place.name))

    def taken(_: object) -> None:
        settings.remember(FOLDER, str(place.parent))
        outcome.current().done.emit(tr("Saved as {0}").format(place.name))

    return Job(
        lambda report: write(place, report), taken, outcome.current().failed.emit, parent=parent
    )
