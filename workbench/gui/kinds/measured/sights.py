"""Measurements beside the lab: a sampled episode, a column of the comparison, a small picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from workbench.gui.kinds.measured.room import room_of
from workbench.gui.kinds.measured.table import MeasuredTable
from workbench.gui.kinds.measured.words import tr
from workbench.gui.style import paint, theme

DOTS, DOT = 2, 2.0
"""Pixels of the picture for each of the screen; radius of a row."""


class EpisodeRows(MeasuredTable):
    """The support rows of a sampled episode."""

    def __init__(self) -> None:
        super().__init__("tasks.episode.measured", tr("Rows of the sampled episode"))

    def show_task(self, task: Any, episode: Any) -> None:
        self.rows.show_rows(task.support, task.scaled)
        for column, part in enumerate(self.rows.parts):
            self.setColumnHidden(column, part.kind not in ("x", "y"))
        text = tr("The {0} support rows; {1} others are asked afterwards")
        self.setToolTip(text.format(len(task.support), len(task.query)))

    def fit(self, width: int) -> None:
        """A table scrolls in the width it is given."""


class ColumnRows(MeasuredTable):
    """What one learner of a comparison says: outputs and predictions of every query row."""

    def __init__(self, name: str) -> None:
        super().__init__(name, tr("Query predictions of this learner"), inputs=False)

    def show_task(self, task: Any, episode: Any, images: Sequence[QImage] = ()) -> None:
        self.rows.show_rows(task.query, task.scaled)

    def show_outputs(self, outputs: Any, tone: QColor) -> None:
        self.rows.show_outputs(outputs)


def thumbnail(task: Any, width: int, height: int) -> QImage:
    """The first output over the first input: support rows filled, those that are asked rings."""
    image = QImage(DOTS * width, DOTS * height, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(DOTS)
    colors, ((left, right), (low, high)) = paint.colors(), room_of(task)
    image.fill(colors.paper)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for rows, line, fill in (
        (task.query, theme.current().color("after"), colors.paper),
        (task.support, colors.surface, colors.support),
    ):
        painter.setPen(QPen(line, 1))
        painter.setBrush(fill)
        for x, y in zip(rows.x[:, 0].tolist(), rows.y[:, 0].tolist(), strict=True):
            if y == y:
                across, up = (x - left) / (right - left), (y - low) / (high - low)
                painter.drawEllipse(QPointF(across * width, (1 - up) * height), DOT, DOT)
    painter.setPen(QPen(colors.border, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(0.5, 0.5, width - 1, height - 1))
    painter.end()
    return image
