"""The frame of a window beside the main one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

FRAME = 60
"""Pixels that a window manager may take of a small screen."""


class OwnWindow(QDialog):
    """Fits the screen, does not lie above the main window, and lets go of its work when closed."""

    def __init__(
        self, name: str, size: tuple[int, int], least: tuple[int, int], parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName(name)
        self.setMinimumSize(*least)
        room = parent.screen().availableGeometry()
        self.resize(min(size[0], room.width()), min(size[1], room.height() - FRAME))

    def let_go(self) -> None:
        """Whatever goes on for it ends."""
        raise NotImplementedError

    def bring_up(self) -> None:
        self.show()
        self.raise_()
        self.activateWindow()

    def done(self, code: int) -> None:
        self.let_go()
        super().done(code)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.let_go()
        super().closeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """A window beside the main one, not above it: what it opens is seen there."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.setTransientParent(None)  # type: ignore[arg-type]
