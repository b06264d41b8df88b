"""A sampled episode in the browser: support scenes above, query scenes below, with their boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRectF, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.kinds.boxes import sheets, sketch
from workbench.gui.kinds.boxes.task import image_of
from workbench.gui.kinds.boxes.tiles import GAP
from workbench.gui.style import paint, theme
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.drawing import Drawing, Drawn
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.core.episode import Episode
    from workbench.tasks.detection.scene import Scene
    from workbench.tasks.detection.task import SceneTask

SIDE = 72.0


def tr(text: str) -> str:
    return QCoreApplication.translate("BoxesPreview", text)


class SceneRows(Drawing, QWidget):
    """Scenes of one set in rows as wide as there is room."""

    def __init__(self, name: str, title: str, *, query: bool) -> None:
        super().__init__()
        self._scenes: Sequence[Scene] = ()
        self._query = query
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.current().follow(self.refresh)

    def show_scenes(self, scenes: Sequence[Scene]) -> None:
        self._scenes = scenes
        self.fit(self.width())
        self.update()

    def refresh(self) -> None:
        """In the colours that are worn now."""
        self.update()

    def fit(self, width: int) -> None:
        self.setFixedHeight(int(self.needs(width)))

    def needs(self, width: int) -> float:
        rows = -(-len(self._scenes) // self._columns(width))
        return max(rows, 1) * (SIDE + GAP)

    def sizeHint(self) -> QSize:
        return QSize(170, int(SIDE + GAP))

    def draw(self, painter: QPainter) -> None:
        columns = self._columns(int(self.room.width()))
        for at, scene in enumerate(self._scenes):
            row, column = divmod(at, columns)
            tile = QRectF(column * (SIDE + GAP), row * (SIDE + GAP), SIDE, SIDE)
            sketch.picture(painter, tile, image_of(scene))
            for box in scene.boxes:
                sketch.box(painter, tile, box, self._tone, width=1.5, dashed=self._query)

    @property
    def _tone(self) -> QColor:
        return sketch.TRUTH if self._query else paint.colors().support

    def _columns(self, width: int) -> int:
        return max(int((width + GAP) // (SIDE + GAP)), 1)


class BoxesPreview(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._task: SceneTask | None = None
        self.setProperty("page", True)
        self.support = SceneRows("tasks.episode.support", tr("Support scenes"), query=False)
        self.query = SceneRows("tasks.episode.query", tr("Query scenes"), query=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for rows in (self.support, self.query):
            layout.addWidget(label(rows.accessibleName(), "small"))
            layout.addWidget(rows)
        layout.addStretch(1)

    def show_task(self, task: SceneTask, episode: Episode) -> None:
        self._task = task
        self.support.show_scenes(task.support)
        self.query.show_scenes(task.query)

    def fit(self, width: int) -> None:
        for rows in (self.support, self.query):
            rows.fit(width)

    def sheet(self) -> Sheet | None:
        if self._task is None:
            return None
        table = sheets.annotated((*self._task.support, *self._task.query))
        return Sheet("task", self._task.title, Drawn(self.support, self.query), table)
