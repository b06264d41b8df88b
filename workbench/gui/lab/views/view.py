"""What the drawer holds: views of the adaptation, of which one is open at a time."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workbench.gui.lab.state import LabState
from workbench.gui.takeaway.sheet import Sheet

PLOT = 120
"""Pixels that a picture has at least; the sheet it stands on gives it more, or scrolls."""


class View(QWidget):
    """`changed` says that the view is offered or not, or needs another height, than before."""

    changed = Signal()
    name = ""
    """Its object name is ``lab.<name>``, that of its toggle ``lab.<name>Toggle``."""

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setObjectName(f"lab.{self.name}")
        self.setAccessibleName(self.title())
        self.setProperty("page", True)

    def title(self) -> str:
        """What the toggle is called."""
        raise NotImplementedError

    def tip(self) -> str:
        """What the view shows, in a sentence."""
        raise NotImplementedError

    def sheet(self) -> Sheet | None:
        """What is drawn now, to be taken away; None where nothing is."""
        raise NotImplementedError

    def offered(self) -> bool:
        """Whether there is anything to see for the learner and the task looked at."""
        return True

    def needed(self, width: int) -> int:
        """The least height for everything there is to see."""
        return PLOT
