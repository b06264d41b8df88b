"""Widgets that draw themselves: on the screen, or in a file in whatever room they are given."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    Base = QWidget
else:
    Base = object

ZOOMS = (1.4, 1.25, 1.15, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)
"""Much to see is drawn smaller, little larger, so that the page is filled and nothing is cut."""
FILLING = 1.15
"""Of what fills any room."""
FURTHEST = 3.0
"""How much further apart rows stand at most on a page that has room for it."""
BETWEEN = 24
"""Pixels between two that stand side by side."""


class Drawing(Base):
    """Stands before `QWidget` among the bases. `draw` measures by `room`, never by the widget.

    Marks that mean the mouse, the focus or a choice are drawn on the screen alone: `on_screen`.
    """

    _room: QSizeF | None = None
    spread = 1.0
    """How much further apart rows are drawn than on the screen."""

    @property
    def room(self) -> QSizeF:
        """Pixels to draw in."""
        return QSizeF(self.size()) if self._room is None else self._room

    @property
    def on_screen(self) -> bool:
        return self._room is None

    def draw(self, painter: QPainter) -> None:
        """Everything, from the top left corner on."""
        raise NotImplementedError

    def needs(self, width: int) -> float:
        """The height that what is drawn takes at a width; 0 where it fills any, and infinite where
        the width is too little."""
        return 0.0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter)

    @contextmanager
    def within(self, room: QSizeF) -> Iterator[None]:
        """Measure by another room for a moment; the widget is as it was."""
        needed = self.needs(int(room.width()))
        self._room = room
        if needed and math.isfinite(needed):
            self.spread = min(max(room.height() / needed, 1.0), FURTHEST)
        try:
            yield
        finally:
            self._room, self.spread = None, 1.0

    def draw_in(self, painter: QPainter, box: QRectF) -> None:
        """In a box of another page."""
        painter.save()
        painter.translate(box.topLeft())
        with self.within(box.size()):
            self.draw(painter)
        painter.restore()


class Drawn:
    """The content of a sheet that one widget draws, or several side by side."""

    def __init__(self, *parts: Drawing) -> None:
        self._parts = parts

    def draw(self, painter: QPainter, box: QRectF) -> None:
        factor = self._zoom(box)
        painter.translate(box.topLeft())
        painter.scale(factor, factor)
        width, height = box.width() / factor, box.height() / factor
        each = (width + BETWEEN) / len(self._parts)
        for place, part in enumerate(self._parts):
            part.draw_in(painter, QRectF(place * each, 0, each - BETWEEN, height))

    def _zoom(self, box: QRectF) -> float:
        """The largest with which nothing is cut."""
        for factor in ZOOMS:
            each = (box.width() / factor + BETWEEN) / len(self._parts) - BETWEEN
            needed = max(part.needs(int(each)) for part in self._parts)
            if not needed:
                return FILLING
            if needed * factor <= box.height():
                return factor
        return ZOOMS[-1]
