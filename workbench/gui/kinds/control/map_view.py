"""The world from above with its trajectories; the goal is dropped by a click, or dragged."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.kinds.control import sketch, step_scale
from workbench.gui.kinds.control.maps import Square
from workbench.gui.kinds.control.scene import Scene
from workbench.gui.style import paint
from workbench.gui.takeaway.drawing import Drawing

REACH = 12.0
"""Pixels: as close as this the mouse means the goal and not the ground beside it."""
WALKER = 5.0


class MapView(Drawing, QWidget):
    """`dropped` and `dragged` come with a place in the unit square, `keyed` with keys pressed
    while ``driving``, `focused` when it has the keyboard or loses it."""

    dropped = Signal(float, float)
    dragged = Signal(float, float)
    keyed = Signal(object)
    focused = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._scene: Scene | None = None
        self._kept: QPixmap | None = None
        """The scene as it was painted: the window is painted more often than the scene changes."""
        self.driving = False
        self._held = False
        self.setObjectName("lab.control.map")
        self.setAccessibleName(self.tr("The task seen from above, with its trajectories"))
        self.setToolTip(
            self.tr(
                "Click to drop the goal, or drag it. Every line is a trajectory of the policy at\n"
                "an inner step: orange before adapting, blue after the last; the step looked at\n"
                "is strong."
            )
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, 120)

    @property
    def scene(self) -> Scene | None:
        return self._scene

    def show_scene(self, scene: Scene | None) -> None:
        self._scene, self._kept = scene, None
        self.update()

    def set_driving(self, on: bool) -> None:
        """While it is driven, keys are `keyed` and the goal stays where it is."""
        self.driving = on
        if on:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()

    @property
    def square(self) -> Square:
        return Square.within(QRectF(0, 0, self.room.width(), self.room.height()), 2)

    # --- drawing -----------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        if not self.on_screen:
            self._draw_scene(painter)
            return
        painter.drawPixmap(0, 0, self._picture())
        if self._scene is not None and (self.driving or self.hasFocus()):
            self._draw_frame(painter, self.square.box)

    def _picture(self) -> QPixmap:
        if self._kept is None:
            ratio = self.devicePixelRatioF()
            kept = QPixmap(self.size() * ratio)
            kept.setDevicePixelRatio(ratio)
            kept.fill(Qt.GlobalColor.transparent)
            painter = QPainter(kept)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_scene(painter)
            painter.end()
            self._kept = kept
        return self._kept

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._kept = None

    def _draw_scene(self, painter: QPainter) -> None:
        scene, square = self._scene, self.square
        if scene is None:
            return
        painter.setFont(paint.small_font(self.font()))
        sketch.draw(painter, square, scene.world, scene.task, scene.strokes, words=True)
        if scene.last:
            step_scale.draw(painter, square.box, self.tr("step"), scene.last)
        painter.setClipRect(square.box)
        for place, color in scene.walkers:
            painter.setPen(QPen(paint.colors().surface, 1.2))
            painter.setBrush(color)
            painter.drawEllipse(square.point(place), WALKER, WALKER)

    def _draw_frame(self, painter: QPainter, box: QRectF) -> None:
        """Thick while keys drive; dashed while they would but another widget has them."""
        style = Qt.PenStyle.SolidLine if self.hasFocus() else Qt.PenStyle.DashLine
        painter.setPen(QPen(paint.colors().accent, 3 if self.driving else 1, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)

    # --- under the hand ----------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._scene is None or self.driving:
            super().mousePressEvent(event)
        elif self._on_goal(event.position()):
            self._held = True
        elif self.square.box.contains(event.position()):
            self.dropped.emit(*self.square.place(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self.dragged.emit(*self.square.place(event.position()))
            return
        inside = self.square.box.contains(event.position()) and not self.driving
        shape = Qt.CursorShape.CrossCursor if inside else Qt.CursorShape.ArrowCursor
        over = inside and self._on_goal(event.position())
        self.setCursor(Qt.CursorShape.OpenHandCursor if over else shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = False

    def _on_goal(self, at: QPointF) -> bool:
        if self._scene is None:
            return False
        away = at - self.square.point(self._scene.world.goal(self._scene.task))
        return bool(away.manhattanLength() <= REACH)

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("Driving a trajectory yourself"), (
            (self.tr("Drive"), "←, →, ↑, ↓"),
            (self.tr("Take the last step back"), "⌫"),
            (self.tr("End, and let the policy imitate it"), "Enter"),
            (self.tr("Give up"), "Esc"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk through the steps, as anywhere in the lab, unless they drive."""
        if self.driving:
            self.keyed.emit(event)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit()
