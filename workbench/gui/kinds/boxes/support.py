"""The support scenes: boxes are drawn, moved, resized and deleted on them."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.kinds.boxes import grips, sheets, sketch
from workbench.gui.kinds.boxes.editing import BoxEditing
from workbench.gui.kinds.boxes.grips import CURSORS, Grip
from workbench.gui.kinds.boxes.menu import SceneMenu
from workbench.gui.kinds.boxes.task import Box, image_of, scenes_in_view
from workbench.gui.kinds.boxes.tiles import Tiles
from workbench.gui.lab.state import LabState
from workbench.gui.style import paint, theme
from workbench.gui.takeaway.drawing import Drawing, Drawn
from workbench.gui.takeaway.sheet import Sheet

DRAWN = 4.0
"""Pixels that the mouse goes before a press on empty ground is the corner of a new box."""


class Held(NamedTuple):
    """What the mouse holds: where it was pressed, and the box as it was then."""

    scene: int
    start: QPointF
    grip: Grip | None
    """None for a box that is still to be drawn."""
    box: Box | None


class SupportScenes(Drawing, QWidget):
    """One tile a scene; the chosen box has handles."""

    def __init__(self, state: LabState, editing: BoxEditing) -> None:
        super().__init__()
        self._state, self.editing = state, editing
        self._held: Held | None = None
        self._influence: list[float] | None = None
        self.setObjectName("lab.boxes.support")
        self.setAccessibleName(self.tr("Support scenes with their boxes"))
        self.setToolTip(
            self.tr(
                "Drag on empty ground to draw a box; drag a box to move it, its edges to resize.\n"
                "Keys: N new box, Enter next one, arrows move, Shift+arrows resize, Del deletes."
            )
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for signal in (
            state.taskChanged,
            editing.choiceChanged,
            state.workspace.in_view.locksChanged,
        ):
            signal.connect(self.refresh)
        theme.current().follow(self.refresh)

    def sizeHint(self) -> QSize:
        return QSize(220, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 120)

    def refresh(self) -> None:
        self.setAccessibleDescription(self._described())
        self.update()

    def show_influence(self, values: list[float] | None) -> None:
        self._influence = values
        self.update()

    @property
    def tiles(self) -> Tiles:
        task = scenes_in_view(self._state)
        return Tiles.within(0 if task is None else len(task.support), self.room)

    def _described(self) -> str:
        """For a screen reader: which box the keyboard means, and where it lies."""
        place = self.editing.place
        if place is None:
            return self.tr("No box is chosen")
        cx, cy, w, h = (round(100 * part) for part in place)
        text = self.tr("Scene {0}: box at {1}, {2} %, {3} by {4} %")
        return text.format(self.editing.scene + 1, cx, cy, w, h)

    # --- drawing -----------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        task, tiles, colors = scenes_in_view(self._state), self.tiles, paint.colors()
        if task is None:
            return
        chosen = self.editing.chosen if self.on_screen else None
        for at, scene in enumerate(task.support):
            tile = tiles.box(at)
            sketch.picture(painter, tile, image_of(scene))
            for number, box in enumerate(scene.boxes):
                sketch.box(painter, tile, box, colors.support)
                if chosen == (at, number):
                    sketch.handles(painter, tile, box, colors.support)
            if self.on_screen:
                self._draw_marks(painter, at)

    def _draw_marks(self, painter: QPainter, at: int) -> None:
        """Lock, influence, and the frame of the scene that the keyboard means."""
        tile = self.tiles.box(at)
        if (0, at) in self._state.workspace.in_view.locked:
            painter.drawPixmap(QPoint(round(tile.right()) - 16, round(tile.top()) + 2), _lock())
        if self._influence is not None and at < len(self._influence):
            largest = max(map(abs, self._influence), default=0.0)
            paint.paint_influence(painter, tile, self._influence[at], largest)
        if self.hasFocus() and at == self.editing.scene:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(paint.colors().accent, 2))
            painter.drawRect(tile)

    # --- under the mouse ---------------------------------------------------------------------

    def _meant(self, at: QPointF) -> tuple[int, int, Grip] | None:
        """Scene, box and grip under the mouse: the chosen box first, then the smallest."""
        scene = self._near(at)
        if scene is None:
            return None
        tile, boxes = self.tiles.box(scene), self.editing.boxes(scene)
        order = sorted(range(len(boxes)), key=lambda n: boxes[n][2] * boxes[n][3])
        if self.editing.chosen is not None and self.editing.scene == scene:
            order.sort(key=lambda n: (scene, n) != self.editing.chosen)
        for number in order:
            grip = grips.grip_at(grips.rect_of(boxes[number], tile), at)
            if grip is not None:
                return scene, number, grip
        return None

    def _near(self, at: QPointF) -> int | None:
        """The scene under the mouse, or one whose edge it is at."""
        tiles, reach = self.tiles, grips.REACH
        around = (
            i for i in range(tiles.count)
            if tiles.box(i).adjusted(-reach / 2, -reach / 2, reach / 2, reach / 2).contains(at)
        )  # fmt: skip
        return next(around, None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        scene, meant = self._near(at), self._meant(at)
        if event.button() != Qt.MouseButton.LeftButton or scene is None:
            super().mousePressEvent(event)
        elif meant is None:
            self.editing.choose(scene, None)
            self._held = Held(scene, at, None, None)
        else:
            self.editing.choose(*meant[:2])
            self._held = Held(scene, at, meant[2], self.editing.place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            self._show_cursor(event.position())
        elif self._held.grip is None:
            self._begin_box(self._held, event.position())
        else:
            self._drag(self._held, event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None

    def _begin_box(self, held: Held, at: QPointF) -> None:
        """Far enough from where it was pressed, a new box is there, held by its far corner."""
        if (at - held.start).manhattanLength() < DRAWN:
            return
        tiles = self.tiles
        corner = tiles.place(held.scene, held.start)
        box = grips.between(corner, tiles.place(held.scene, at))
        self.editing.add(held.scene, box, self._drag_name(held))
        if self.editing.chosen is not None:
            grip = (1 if at.x() >= held.start.x() else -1, 1 if at.y() >= held.start.y() else -1)
            self._held = Held(held.scene, held.start, grip, None)

    def _drag(self, held: Held, at: QPointF) -> None:
        """A box that went away while the mouse held it is let go."""
        if held.grip is None or self.editing.chosen is None or self.editing.scene != held.scene:
            self._held = None
            return
        if held.box is None:
            tiles = self.tiles
            corner, other = (tiles.place(held.scene, point) for point in (held.start, at))
            self.editing.put(grips.between(corner, other), self._drag_name(held))
            return
        away, side = at - held.start, self.tiles.side
        by = (away.x() / side, away.y() / side)
        whole = held.grip == (0, 0)
        box = grips.moved(held.box, *by) if whole else grips.resized(held.box, held.grip, *by)
        if box != self.editing.place:
            self.editing.put(box, self._drag_name(held))

    def _drag_name(self, held: Held) -> str:
        """Of all changes of one drag, and of no other one's."""
        return f"drag {held.start.x():g} {held.start.y():g}"

    def _show_cursor(self, at: QPointF) -> None:
        meant = self._meant(at)
        if meant is not None:
            self.setCursor(CURSORS[meant[2]])
        elif self._near(at) is not None:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = QPointF(event.pos())
        scene, meant = self._near(at), self._meant(at)
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            at = self.tiles.box(self.editing.scene).center()
        elif scene is not None:
            self.editing.choose(scene, None if meant is None else meant[1])
        locked = (0, self.editing.scene) in self._state.workspace.in_view.locked
        SceneMenu(self.editing, locked, self).popup(self.mapToGlobal(at.toPoint()))

    # --- by the keyboard ---------------------------------------------------------------------

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("Boxes of the support scenes"), (
            (self.tr("Choose the next box"), "Enter"),
            (self.tr("A new box"), "N"),
            (self.tr("Move it"), "←, →, ↑, ↓"),
            (self.tr("Resize it"), "Shift+←, →, ↑, ↓"),
            (self.tr("Delete it"), "Del"),
            (self.tr("Keep the scene in new draws"), "L"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk through the steps, as anywhere in the lab, unless a box is chosen."""
        arrows = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        actions = {
            Qt.Key.Key_Return: self.editing.choose_next,
            Qt.Key.Key_Enter: self.editing.choose_next,
            Qt.Key.Key_N: self.editing.add_anywhere,
            Qt.Key.Key_Delete: self.editing.remove,
            Qt.Key.Key_Backspace: self.editing.remove,
            Qt.Key.Key_L: self.editing.toggle_lock,
        }
        key = Qt.Key(event.key())
        if key in arrows and self.editing.chosen is not None:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.editing.nudge(*arrows[key], shift)
        elif key == Qt.Key.Key_Escape and self.editing.chosen is not None:
            self.editing.choose(self.editing.scene, None)
        elif key in actions and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            actions[key]()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    # --- taking away -------------------------------------------------------------------------

    def sheet(self) -> Sheet | None:
        task = scenes_in_view(self._state)
        if task is None:
            return None
        title = self.tr("Support scenes: {0}").format(task.title)
        return Sheet("support", title, Drawn(self), sheets.annotated(task.support))


def _lock() -> QPixmap:
    return theme.current().pixmap("lock", 14)
