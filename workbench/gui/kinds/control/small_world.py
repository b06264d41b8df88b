"""What one learner of a comparison does on the task: its trajectories, small."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.kinds.control import sheets, sketch
from workbench.gui.kinds.control.maps import Square, WorldMap, paths
from workbench.gui.kinds.control.sketch import Stroke
from workbench.gui.kinds.control.task import lengths, lived_in
from workbench.gui.kinds.control.worlds import map_of
from workbench.gui.state.series import Array
from workbench.gui.style import paint
from workbench.gui.takeaway.drawing import Drawing, Drawn
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.core.episode import Episode
    from workbench.tasks.control.rollouts import Lived
    from workbench.tasks.control.task import ControlTask


class SmallWorld(Drawing, QWidget):
    """From above; for a world that has no map, what is earned as time goes on."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(QCoreApplication.translate("SmallWorld", "Query trajectories"))
        self.setToolTip(self.accessibleName())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self._task: ControlTask | None = None
        self._lived: Lived | None = None
        self._tone = QColor()

    def sizeHint(self) -> QSize:
        return QSize(100, 120)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 80)

    def show_task(self, task: Any, episode: Episode, images: Sequence[QImage]) -> None:
        self._task, self._lived = task, lived_in(episode.query)
        self.update()

    def show_outputs(self, outputs: Any, tone: QColor) -> None:
        """Trajectories are all that is shown: outputs are those of each of their states."""
        self._tone = tone
        self._lived = None if outputs is None else self._lived
        self.update()

    def sheet(self) -> Sheet | None:
        if self._task is None or self._lived is None:
            return None
        title, table = self.accessibleName(), sheets.trajectories(self._lived)
        return Sheet("trajectories", title, Drawn(self), table)

    def draw(self, painter: QPainter) -> None:
        if self._task is None:
            return
        world, room = map_of(self._task), QRectF(0, 0, self.room.width(), self.room.height())
        if world is not None:
            strokes = self._strokes(world, self._task)
            sketch.draw(painter, Square.within(room, 1), world, self._task, strokes)
        else:
            self._draw_earned(painter, room)

    def _strokes(self, world: WorldMap, task: ControlTask) -> list[Stroke]:
        if self._lived is None:
            return []
        return [Stroke(path, self._tone) for path in paths(world, task, self._lived)]

    def _draw_earned(self, painter: QPainter, room: QRectF) -> None:
        painter.setPen(paint.colors().border)
        painter.setBrush(paint.colors().paper)
        painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))
        for path in [] if self._lived is None else _earned(self._lived):
            inner = Square(room.adjusted(4, 4, -4, -4))
            sketch.draw_stroke(painter, inner, Stroke(path, self._tone))


def _earned(lived: Lived) -> list[Array]:
    """The sum of rewards over time, in the unit square that holds all of them."""
    sums = np.cumsum(np.pad(lived.rewards.numpy(), ((0, 0), (1, 0))), -1)
    low, high = float(sums.min()), float(sums.max())
    up, across = (sums - low) / ((high - low) or 1.0), np.linspace(0, 1, sums.shape[1])
    counts = lengths(lived)
    return [np.stack([across, row], -1)[: n + 1] for row, n in zip(up, counts, strict=True)]
