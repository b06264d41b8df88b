"""A look at a sampled episode: thumbnails a class for images, a small plot for curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from workbench.gui import theme
from workbench.gui.images import paint_image
from workbench.gui.lab import look
from workbench.gui.lab.chart import Chart, pen

if TYPE_CHECKING:
    from workbench.core.episode import Episode
    from workbench.core.task import ProblemSpec, Task

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

    def show_episode(self, episode: Episode, ways: int, style: Any) -> None:
        self._support = _columns(episode.support.x, ways, style)
        self._query = _columns(episode.query.x, ways, style)
        text = self.tr("{0} classes; {1} support and {2} query pictures of each")
        counts = (len(self._support), len(self._support[0]), len(self._query[0]))
        self.setAccessibleDescription(text.format(*counts))
        self.setToolTip(text.format(*counts))
        self.fit(self._room)

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
        colors = look.colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.small_font(self.font()))
        painter.setPen(colors.muted)
        for way in range(len(self._support)):
            box = QRectF(GUTTER + way * self._cell, 0, self._cell, HEAD)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, look.letter(way))
        line = HEAD + len(self._support[0]) * self._cell + 4
        self._paint_block(painter, self._support, HEAD, "S")
        self._paint_block(painter, self._query, line + 5, "Q")
        painter.setPen(QPen(colors.border, 1))
        painter.drawLine(0, line, GUTTER + len(self._support) * self._cell, line)

    def _paint_block(
        self, painter: QPainter, columns: list[list[QImage]], top: int, name: str
    ) -> None:
        colors, cell = look.colors(), self._cell
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


class CurvePreview(Chart):
    """The true curve with the support points on it and the query points as a rug of dots."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("tasks.episode.curve", parent)
        self.setAccessibleName(self.tr("Curve of the sampled episode"))
        self.setToolTip(self.tr("Dashed: the true curve; large: support; small: query points"))
        self.truth = self.plot.plot([], [])
        self.query = self.plot.plot([], [], pen=None, symbol="o", symbolSize=4)
        self.support = self.plot.plot([], [], pen=None, symbol="o", symbolSize=9)
        self.plot.getAxis("left").setWidth(28)
        self.restyle()

    def show_task(self, task: Any, episode: Episode) -> None:
        x = np.linspace(-5.0, 5.0, 201)
        self.truth.setData(x, task.amplitude * np.sin(x - task.phase))
        for line, part in ((self.support, episode.support), (self.query, episode.query)):
            line.setData(part.x[:, 0].numpy(), part.y[:, 0].numpy())

    @Slot()
    def restyle(self) -> None:
        super().restyle()
        color = theme.current().color
        self.truth.setPen(pen(color("muted"), 1, dashed=True))
        for line, token in ((self.support, "before"), (self.query, "after")):
            line.setSymbolBrush(color(token))
            line.setSymbolPen(pen(color("surface"), 1))


class EpisodeView(QStackedWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tasks.episode")
        self.sheet = EpisodeSheet()
        self.curve = CurvePreview()
        self._shown: tuple[Any, Any, Any] | None = None
        self._scroll = QScrollArea()
        self._scroll.setObjectName("tasks.episode.scroll")
        self._scroll.setWidget(self.sheet)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self.addWidget(QWidget())
        self.addWidget(self._scroll)
        self.addWidget(self.curve)
        theme.current().follow(self._on_theme)

    def show_task(
        self, task: Task | None, episode: Episode | None, spec: ProblemSpec | None
    ) -> None:
        self._shown = (task, episode, spec)
        if task is None or episode is None or spec is None:
            self.setCurrentIndex(0)
        elif spec.is_image:
            self.sheet.show_episode(episode, spec.outputs, task.style)  # type: ignore[attr-defined]
            self.setCurrentIndex(1)
        else:
            self.curve.show_task(task, episode)
            self.setCurrentIndex(2)

    @Slot()
    def _on_theme(self) -> None:
        if self._shown is not None:
            self.show_task(*self._shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sheet.fit(self._scroll.viewport().width())


def _columns(pictures: Any, ways: int, style: Any) -> list[list[QImage]]:
    images = [look.picture(pixels, style) for pixels in pictures]
    each = len(images) // ways
    return [images[way * each : (way + 1) * each] for way in range(ways)]
