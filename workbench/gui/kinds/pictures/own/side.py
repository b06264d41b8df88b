"""The query set with one's own pictures below it; files may be dropped on either."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.kinds.pictures.own.panel import OwnPanel
from workbench.gui.lab.scenes import SUFFIX


class QuerySide(QWidget):
    def __init__(self, queries: QWidget, own: OwnPanel) -> None:
        super().__init__()
        self._own = own
        self.setAcceptDrops(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(queries, 3)
        layout.addWidget(own, 2)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files(event.mimeData()):
            event.acceptProposedAction()
            self._own.show_dragged_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._own.show_dragged_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._own.show_dragged_over(False)
        event.acceptProposedAction()
        self._own.adding.read(_files(event.mimeData()))


def _files(data: QMimeData) -> list[Path]:
    """Dropped files and folders; none where a scene is among them, which the lab opens."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [] if any(file.suffix == SUFFIX for file in files) else files
