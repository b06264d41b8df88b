"""A sampled episode of pictures: one column of thumbnails a class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from workbench.gui.kinds.pictures import picture_sheets
from workbench.gui.style import paint
from workbench.gui.style.images import paint_image
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.core.episode import Episode

HEAD = 18
GUTTER = 18
CELLS = (22, 64)


class EpisodeSheet(QWidget):
    """One column a class: its support pictures above the line, its query pictures below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tasks.episode.pictures")
        self.setAccessibleName(self.tr("Pictures of the sampled episode"))
        self.setProperty("page", True)
        self._support: list[list[QImage]] = []
        self._query: list[list[QImage]] = []
        self._cell = CELLS[0]
        self._room = 280
        self._shown: tuple[Any, Episode] | None = None

    def show_task(self, task: Any, episode: Episode) -> None:
        self._shown = (task, episode)
        ways = len(set(episode.support.y.tolist()))
        self._support = _columns(episode.support.x, ways, task.style)
        self._query = _columns(episode.query.x, ways, task.style)
        text = self.tr("{0} classes; of each, pictures of support: {1}, of query: {2}")
        counts = (len(self._support), len(self._support[0]), len(self._query[0]))
        self.setAccessibleDescription(text.format(*counts))
        self.setToolTip(text.format(*counts))
        self.fit(self._room)

    def sheet(self) -> Sheet | None:
        if self._shown is None:
            return None
        return picture_sheets.episode(self.accessibleName(), *self._shown)

    def fit(self, width: int) -> None:
        """Choose the largest cell with which every class has room."""
        self._room = width
        ways = max(len(self._support), 1)
        self._cell = min(max((width - GUTTER - 4) // ways, CELLS[0]), CELLS[1])
        rows = len(self._support[0]) + len(self._query[0]) if self._support else 0
        self.setMinimumSize(QSize(GUTTER + ways * self._cell, HEAD + rows * self._cell + 10))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._support:
            return
        colors = paint.colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(paint.small_font(self.font()))
        painter.setPen(colors.muted)
        for way in range(len(self._support)):
            box = QRectF(GUTTER + way * self._cell, 0, self._cell, HEAD)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, paint.letter(way))
        line = HEAD + len(self._support[0]) * self._cell + 4
        self._paint_block(painter, self._support, HEAD, "S")
        self._paint_block(painter, self._query, line + 5, "Q")
        painter.setPen(QPen(colors.border, 1))
        painter.drawLine(0, line, GUTTER + len(self._support) * self._cell, line)

    def _paint_block(
        self, painter: QPainter, columns: list[list[QImage]], top: int, name: str
    ) -> None:
        colors, cell = paint.colors(), self._cell
        painter.setPen(colors.muted)
        painter.drawText(QRectF(0, top, GUTTER, cell), Qt.AlignmentFlag.AlignCenter, name)
        for way, column in enumerate(columns):
            for row, image in enumerate(column):
                box = QRectF(GUTTER + way * cell, top + row * cell, cell, cell)
                box.adjust(1.5, 1.5, -1.5, -1.5)
                painter.setPen(QPen(colors.support if name == "S" else colors.border, 1))
                painter.setBrush(colors.paper)
                painter.drawRoundedRect(box, 3, 3)
                paint_image(painter, box.adjusted(2, 2, -2, -2), image)


def _columns(pictures: Any, ways: int, style: Any) -> list[list[QImage]]:
    images = [paint.picture(style.pixels(pixels), style) for pixels in pictures]
    each = len(images) // ways
    return [images[way * each : (way + 1) * each] for way in range(ways)]
