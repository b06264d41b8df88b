"""The query scenes with the boxes that the learner finds at the step looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.gui.kinds.boxes import sketch
from workbench.gui.kinds.boxes.task import Told, heat_of, image_of, told_in
from workbench.gui.kinds.boxes.tiles import Tiles
from workbench.gui.style import paint, theme
from workbench.gui.style.widgets import plain
from workbench.gui.takeaway.drawing import Drawing


class QueryScenes(Drawing, QWidget):
    """`asked` comes with the number of the scene that was clicked."""

    asked = Signal(int)

    def __init__(self, name: str, *, asks: bool) -> None:
        super().__init__()
        self._task: Any = None
        self._outputs: Any = None
        self._tone: QColor | None = None
        self._asked: int | None = None
        self._asks = asks
        self.told: list[list[Told]] = []
        self.heated = False
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Query scenes with the boxes found in them"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if asks:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.current().follow(self.refresh)

    def sizeHint(self) -> QSize:
        return QSize(240, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 80)

    # --- what is shown -----------------------------------------------------------------------

    def show_task(self, task: Any) -> None:
        self._task = task
        self.show_outputs(None)

    def show_outputs(self, outputs: Any, tone: QColor | None = None) -> None:
        """``outputs [Q, cells * 5]`` as a person reads them; None where none are known."""
        same = outputs is not None and self._task is not None and len(outputs) == len(self.scenes)
        self._outputs, self._tone = outputs if same else None, tone
        self.told = [told_in(row) for row in outputs] if same else []
        self.setAccessibleDescription(self._described())
        self.update()

    def show_asked(self, query: int | None) -> None:
        self._asked = query
        self.update()

    def set_heated(self, on: bool) -> None:
        self.heated = on
        self.update()

    def refresh(self) -> None:
        """In the colours that are worn now."""
        self.update()

    @property
    def scenes(self) -> Sequence[Any]:
        return () if self._task is None else self._task.query

    @property
    def tiles(self) -> Tiles:
        return Tiles.within(len(self.scenes), self.room)

    def _described(self) -> str:
        counts = ", ".join(str(len(found)) for found in self.told)
        return self.tr("Boxes found, scene by scene: {0}").format(counts) if counts else ""

    def words(self, index: int) -> str:
        """A scene in words, for its tooltip."""
        scene = self.scenes[index]
        lines = [self.tr("Scene {0}: {1}").format(index + 1, scene.name)]
        lines.append(self.tr("{0} annotated").format(len(scene.boxes)))
        if self.told:
            sure = ", ".join(f"{100 * one.sure:.0f} %" for one in self.told[index])
            lines.append(self.tr("found: {0}").format(sure or self.tr("none")))
        return "\n".join(lines)

    # --- drawing -----------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        tiles, colors = self.tiles, paint.colors()
        tone = self._tone or sketch.FOUND
        for at, scene in enumerate(self.scenes):
            tile = tiles.box(at)
            sketch.picture(painter, tile, image_of(scene))
            if self.heated and self._outputs is not None:
                sketch.heat(painter, tile, heat_of(self._outputs[at]), tone)
            for box in scene.boxes:
                sketch.box(painter, tile, box, sketch.TRUTH, width=1.5, dashed=True)
            if self.told:
                sketch.told(painter, tile, self.told[at], tone)
            if self._asked == at and self.on_screen:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(colors.accent, 3))
                painter.drawRect(tile)

    # --- under the hand ----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self.tiles.at(event.position())
        if self._asks and at is not None and event.button() == Qt.MouseButton.LeftButton:
            self.asked.emit(at)
        else:
            super().mousePressEvent(event)

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("Query scenes"), ((self.tr("What moved the next scene"), "Enter"),)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter asks of the next scene why it is told so."""
        if self._asks and self.scenes and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            following = 0 if self._asked is None else self._asked + 1
            self.asked.emit(following % len(self.scenes))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self.tiles.at(event.pos().toPointF())
            QToolTip.showText(event.globalPos(), "" if at is None else plain(self.words(at)), self)
            return True
        return super().event(event)
