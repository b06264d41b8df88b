"""A painter that draws letters as shapes: a viewer without our font shows the same picture."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QTextLayout, QTextOption


class OutlinePainter(QPainter):
    """Text has to be drawn at a point, or in a rectangle with flags, as all our drawings do."""

    def drawText(self, *args: Any) -> None:  # type: ignore[override]
        place, *flags, text = args
        path = QPainterPath()
        if isinstance(place, QPointF):
            path.addText(place, self.font(), text)
        else:
            self._lay_out(path, QRectF(place), int(flags[0]) if flags else 0, text)
        self.save()
        self.fillPath(path, self.pen().color())
        self.restore()

    def _lay_out(self, path: QPainterPath, box: QRectF, flags: int, text: str) -> None:
        """As `QPainter.drawText` does: aligned line by line, wrapped only where it is asked to."""
        metrics = QFontMetricsF(self.font())
        lines = self._lines(text, box.width() if flags & Qt.TextFlag.TextWordWrap else None)
        height = metrics.lineSpacing() * len(lines)
        top = box.top()
        if flags & Qt.AlignmentFlag.AlignVCenter:
            top = box.center().y() - height / 2
        elif flags & Qt.AlignmentFlag.AlignBottom:
            top = box.bottom() - height
        for number, line in enumerate(lines):
            width, left = metrics.horizontalAdvance(line), box.left()
            if flags & Qt.AlignmentFlag.AlignHCenter:
                left = box.center().x() - width / 2
            elif flags & Qt.AlignmentFlag.AlignRight:
                left = box.right() - width
            baseline = top + metrics.ascent() + number * metrics.lineSpacing()
            path.addText(QPointF(left, baseline), self.font(), line)

    def _lines(self, text: str, width: float | None) -> list[str]:
        paragraphs = text.split("\n")
        if width is None:
            return paragraphs
        return [line for one in paragraphs for line in self._wrapped(one, width)]

    def _wrapped(self, text: str, width: float) -> list[str]:
        layout = QTextLayout(text, self.font())
        layout.setTextOption(QTextOption())
        found = []
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            found.append(text[line.textStart() : line.textStart() + line.textLength()].rstrip())
        layout.endLayout()
        return found or [""]
