"""A face: the browser shows a task of the family "clouds" as points in the plane."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from workbench.gui.kinds.table.face import TableFace
from workbench.gui.lab import face
from workbench.gui.style import paint


class Scatter(QWidget):
    """Support items of a sampled episode."""

    def show_task(self, task, episode):
        self.x, self.y = episode.support.x.tolist(), episode.support.y.tolist()
        self.update()

    def fit(self, width: int) -> None:
        self.setFixedSize(width, width)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        reach = max(abs(value) for point in self.x for value in point)
        painter.setPen(paint.colors().text)
        for (across, up), way in zip(self.x, self.y, strict=True):
            spot = QPointF(across, -up) * (0.45 * self.width() / reach)
            painter.drawText(QRectF(self.rect()).center() + spot, paint.letter(way))


class ScatterFace(TableFace):
    name = "scatter"
    shows = ("maml_clouds.CloudsTask",)

    def items(self) -> str:
        return "points"

    def episode(self) -> Scatter:
        return Scatter()


face.register(ScatterFace())
