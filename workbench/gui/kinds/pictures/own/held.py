"""The pictures of one's own that are held, and the undo of what is done with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from workbench.gui.kinds.pictures.canvas import Strokes

if TYPE_CHECKING:
    from torch import Tensor

    from workbench.tasks.pictures import ImageStyle


@dataclass(frozen=True, eq=False)
class Own:
    """``pixels [C, H, W]``, uint8, in the ``style`` that was in view when it came."""

    pixels: Tensor
    style: ImageStyle
    name: str
    label: str | None = None
    """The class that it is said to be, by its title in the data; None where nothing is said."""
    strokes: Strokes = ()
    """Where it was drawn."""


Held = tuple[Own, ...]


class OwnPictures(QObject):
    """They outlive the task, and are no part of it; every change is one step of undo."""

    changed = Signal()

    def __init__(self, undo: QUndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._undo = undo
        self.held: Held = ()

    def fitting(self, style: object) -> Held:
        """Those that can be asked of a learner of pictures in this style."""
        return tuple(own for own in self.held if own.style == style)

    def add(self, more: Held) -> None:
        self._put((*self.held, *more))

    def replace(self, own: Own, other: Own) -> None:
        self._put(tuple(other if one is own else one for one in self.held))

    def remove(self, gone: Held) -> None:
        self._put(tuple(one for one in self.held if one not in gone))

    def become(self, held: Held) -> None:
        """Take on a state; called by the undo stack."""
        self.held = held
        self.changed.emit()

    def _put(self, held: Held) -> None:
        if held != self.held:
            self._undo.push(_Change(self, self.held, held))


class _Change(QUndoCommand):
    def __init__(self, pictures: OwnPictures, before: Held, after: Held) -> None:
        super().__init__(QCoreApplication.translate("OwnPictures", "your pictures"))
        self._pictures, self._before, self._after = pictures, before, after

    def redo(self) -> None:
        self._pictures.become(self._after)

    def undo(self) -> None:
        self._pictures.become(self._before)
