"""A picture of a study on the screen: a trial is told under the mouse, and opened by a click."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.gui.search.content import Picture
from workbench.gui.style.widgets import plain
from workbench.gui.takeaway.drawing import Drawing

NEAR = 14.0
"""Pixels from a trial within which it is meant."""


class PictureView(Drawing, QWidget):
    """`chosen` carries the number of a trial that was clicked."""

    chosen = Signal(int)

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.picture: Picture | None = None
        self.tell: Callable[[int], str] = str
        """A trial in words."""
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_picture(self, picture: Picture | None) -> None:
        self.picture = picture
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 180)

    def draw(self, painter: QPainter) -> None:
        if self.picture is not None:
            self.picture.content.draw(painter, self._box())

    def at(self, place: QPointF) -> int | None:
        """The trial that is meant there."""
        if self.picture is None:
            return None
        found = self.picture.content.places(self._box())
        return found.nearest(place.x(), place.y(), NEAR)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self.at(event.position())
        if number is None:
            self.unsetCursor()
            QToolTip.hideText()
            return
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        QToolTip.showText(event.globalPosition().toPoint(), plain(self.tell(number)), self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        number = self.at(event.position())
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(number)

    def leaveEvent(self, event: QEvent) -> None:
        self.unsetCursor()

    def _box(self) -> QRectF:
        return QRectF(0, 0, self.room.width(), self.room.height())
