"""What is done when a plot is taken away: asked where to, written or copied, and said."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.core.errors import BadInput
from workbench.gui.state import settings
from workbench.gui.takeaway import form, outcome, write
from workbench.gui.takeaway.sheet import Sheet
from workbench.gui.takeaway.write import Kind


def tr(text: str) -> str:
    return QCoreApplication.translate("TakeAway", text)


def ask_and_save(sheet: Sheet, kind: Kind, parent: QWidget) -> None:
    """Drawn before anyone is asked where to: what goes on meanwhile does not change it."""
    try:
        data = write.encoded(sheet, kind, form.remembered())
    except BadInput as problem:
        outcome.current().failed.emit(problem)
        return
    folder = str(settings.settings().value("takeAway/folder") or "")
    offered = str(Path(folder) / f"{sheet.name}.{kind}")
    title = tr("Take away {0}").format(sheet.title)
    chosen, _ = QFileDialog.getSaveFileName(parent, title, offered, f"*.{kind}")
    if chosen:
        file = Path(chosen)
        store(file if file.suffix.lower() == f".{kind}" else Path(f"{file}.{kind}"), data)


def store(file: Path, data: bytes) -> None:
    """How it came out is said."""
    try:
        write.store(file, data)
    except BadInput as problem:
        outcome.current().failed.emit(problem)
        return
    settings.remember("takeAway/folder", str(file.parent))
    outcome.current().done.emit(tr("Saved as {0}").format(file.name))


def copy_picture(sheet: Sheet) -> None:
    try:
        image = write.picture(sheet, form.remembered())
    except BadInput as problem:
        outcome.current().failed.emit(problem)
        return
    QGuiApplication.clipboard().setImage(image)
    outcome.current().done.emit(tr("The picture is in the clipboard"))


def copy_numbers(sheet: Sheet) -> None:
    """Between tabs, as spreadsheets paste it."""
    QGuiApplication.clipboard().setText(write.table_text(sheet.table, "\t"))
    outcome.current().done.emit(tr("The numbers are in the clipboard"))
