"""A sampled episode in the browser: the task seen from above, and what settles it in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.kinds.control import sketch
from workbench.gui.kinds.control.maps import Square
from workbench.gui.kinds.control.task import facts
from workbench.gui.kinds.control.worlds import map_of
from workbench.gui.style import words
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.drawing import Drawing, Drawn
from workbench.gui.takeaway.sheet import Sheet, Table

if TYPE_CHECKING:
    from workbench.core.episode import Episode
    from workbench.tasks.control.task import ControlTask

SIDE = 170


def tr(text: str) -> str:
    return QCoreApplication.translate("ControlPreview", text)


class Ground(Drawing, QWidget):
    """The world of a task without trajectories."""

    def __init__(self) -> None:
        super().__init__()
        self._task: ControlTask | None = None
        self.setObjectName("tasks.episode.map")
        self.setAccessibleName(tr("The task seen from above"))
        self.setToolTip(tr("Ring: where every trajectory starts. Disc with a cross: the goal."))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_task(self, task: ControlTask) -> None:
        self._task = task
        self.setVisible(map_of(task) is not None)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def draw(self, painter: QPainter) -> None:
        world = map_of(self._task)
        if world is not None and self._task is not None:
            room = QRectF(0, 0, self.room.width(), self.room.height())
            sketch.draw(painter, Square.within(room, 1), world, self._task, words=True)


class ControlPreview(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._task: ControlTask | None = None
        self.setProperty("page", True)
        self.ground, self.told = Ground(), label("", "small", wrap=True)
        self.told.setObjectName("tasks.episode.facts")
        self.told.setAccessibleName(tr("What settles the task"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.ground)
        layout.addWidget(self.told)
        layout.addStretch(1)

    def show_task(self, task: ControlTask, episode: Episode) -> None:
        self._task = task
        self.ground.show_task(task)
        lines = [f"{name}: {words.short(value)}" for name, value in facts(task).items()]
        world = map_of(task)
        if world is not None:
            lines.insert(0, world.legend())
        self.told.setText("\n".join(lines))

    def fit(self, width: int) -> None:
        """A map takes the width it is given."""

    def sheet(self) -> Sheet | None:
        if self._task is None or map_of(self._task) is None:
            return None
        known = [(name, value) for name, value in facts(self._task).items()]
        title = f"{self.ground.accessibleName()}: {self._task.title}"
        return Sheet("task", title, Drawn(self.ground), Table(("quantity", "value"), known))
