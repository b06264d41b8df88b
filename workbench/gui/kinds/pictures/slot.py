"""One place of the support set: shows its picture, takes another by click, key, drop or pen."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QEnterEvent,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QToolButton, QWidget

from workbench.gui.kinds.pictures.support_sheet import Shown
from workbench.gui.lab.sizes import Sizes
from workbench.gui.style import paint, theme
from workbench.gui.style.images import paint_image
from workbench.gui.style.widgets import plain

ITEM_MIME = "application/x-workbench-item"
"""JSON ``{"class_index": .., "index": ..}`` of a picture of the task's family."""
SIZES = Sizes(least=48, usual=60, most=104)
BUTTON = 20


def item_mime(class_index: int, index: int) -> QMimeData:
    data = QMimeData()
    text = json.dumps({"class_index": class_index, "index": index})
    data.setData(ITEM_MIME, text.encode())
    return data


def dropped_item(data: QMimeData) -> tuple[int, int] | None:
    """The item a drag carries, or None where it carries something else."""
    if not data.hasFormat(ITEM_MIME):
        return None
    try:
        values = json.loads(bytes(data.data(ITEM_MIME).data()))
        return int(values["class_index"]), int(values["index"])
    except (ValueError, KeyError, TypeError):
        return None


class SupportSlot(QAbstractButton):
    """A click (or Space, Enter) asks for another picture; the pen (or D) opens the sheet."""

    itemDropped = Signal(int, int)
    fileDropped = Signal(object)
    drawRequested = Signal()
    lockRequested = Signal()
    removeRequested = Signal()
    menuRequested = Signal(QPoint)

    def __init__(self, way: int, shot: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.way, self.shot = way, shot
        self.entry: object = None
        self.palette_key: object = None
        """What is shown, and in whose colours: a slot is drawn anew only when either changes."""
        self._image = QImage()
        self._edited = False
        self.locked = False
        self._influence: tuple[float, float] | None = None
        self._title = ""
        self._dragged_over = False
        self.setObjectName(f"lab.slot.{way}.{shot}")
        self.setAcceptDrops(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        letter = paint.letter(way)
        self._pen = self._make_button("draw", "pencil", self.tr("Draw this picture yourself (D)"))
        self._pen.setAccessibleName(
            self.tr("Draw support picture {0} of class {1}").format(shot + 1, letter)
        )
        self._pen.clicked.connect(self.drawRequested)
        self._lock = self._make_button("lock", "lock", self.tr("Keep it in new draws (L)"))
        self._lock.setAccessibleName(
            self.tr("Lock support picture {0} of class {1}").format(shot + 1, letter)
        )
        self._lock.clicked.connect(self.lockRequested)
        self._lock.hide()
        self.set_side(SIZES.usual)
        self.describe("")

    def _make_button(self, name: str, icon: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"lab.{name}.{self.way}.{self.shot}")
        button.setAutoRaise(True)
        button.setStyleSheet("QToolButton { padding: 0; margin: 0; }")
        button.setFixedSize(BUTTON, BUTTON)
        button.setIconSize(QSize(BUTTON - 6, BUTTON - 6))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip(tip)
        theme.current().set_icon(button, icon, "muted")
        return button

    def set_side(self, side: int) -> None:
        self.setFixedSize(side, side)
        self._pen.move(side - BUTTON - 2, side - BUTTON - 2)
        self._lock.move(2, side - BUTTON - 2)

    def show_picture(self, image: QImage, title: str) -> None:
        self._image = image
        self.describe(title)
        self.update()

    def show_state(self, edited: bool, locked: bool) -> None:
        """Whether it was put here by hand, and whether new draws leave it alone."""
        if (edited, locked) != (self._edited, self.locked):
            self._edited, self.locked = edited, locked
            theme.current().set_icon(self._lock, "lock", "accent" if locked else "muted")
            self._lock.setVisible(locked or self.underMouse())
            self.describe(self._title)
            self.update()

    def show_influence(self, value: float | None, largest: float = 1.0) -> None:
        """How much this picture helped (+) or hurt (−) the query item asked about, or nothing."""
        self._influence = None if value is None else (value, largest)
        self.describe(self._title)
        self.update()

    @property
    def shown(self) -> Shown:
        """For who takes it away."""
        return Shown(self.way, self._edited, self.locked, self._influence)

    def describe(self, title: str) -> None:
        self._title = title
        letter = paint.letter(self.way)
        name = self.tr("Support picture {0} of class {1}").format(self.shot + 1, letter)
        self.setAccessibleName(name)
        lines = [plain(title)] if title else []
        if self._influence is not None:
            lines.append(self.tr("Influence: {0}").format(paint.influence_mark(self._influence[0])))
        if self.locked:
            lines.append(self.tr("Locked: new draws leave it here (L unlocks)"))
        self.setAccessibleDescription("\n".join(lines))
        lines.append(self.tr("Click to choose another picture, drop one here, or draw (D)"))
        self.setToolTip("\n".join(lines))

    # --- Qt ----------------------------------------------------------------------------------

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("A support picture"), (
            (self.tr("Choose another picture"), "Space, Return"),
            (self.tr("Keep it in new draws"), "L"),
            (self.tr("Remove it"), "Del"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif key == Qt.Key.Key_L:
            self.lockRequested.emit()
        elif key == Qt.Key.Key_Delete:
            self.removeRequested.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._lock.show()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._lock.setVisible(self.locked)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menuRequested.emit(event.globalPos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if dropped_item(data) is not None or _first_file(data) is not None:
            event.acceptProposedAction()
            self._set_dragged_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_dragged_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_dragged_over(False)
        item, file = dropped_item(event.mimeData()), _first_file(event.mimeData())
        if item is not None:
            self.itemDropped.emit(*item)
        elif file is not None:
            self.fileDropped.emit(file)
        event.acceptProposedAction()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = paint.colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        strong = self.hasFocus() or self.underMouse() or self._dragged_over
        painter.setPen(QPen(colors.accent if strong or self._edited else colors.border, 1.5))
        painter.setBrush(colors.accent_soft if self._dragged_over else colors.paper)
        painter.drawRoundedRect(frame, 6, 6)
        paint_image(painter, frame.adjusted(5, 5, -5, -5), self._image)
        if self._edited:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.accent)
            painter.drawEllipse(QRectF(frame.left() + 4, frame.top() + 4, 7, 7))
        if self._influence is not None:
            paint.paint_influence(painter, QRectF(self.rect()), *self._influence)

    def _set_dragged_over(self, over: bool) -> None:
        self._dragged_over = over
        self.update()


def _first_file(data: QMimeData) -> Path | None:
    """Of those dropped; folders, archives and tables are data for the window."""
    from workbench.tasks import image_extras
    from workbench.tasks.image_trees import SUFFIXES

    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    first = next(iter(files), None)
    pictures = (*SUFFIXES, *image_extras.SUFFIXES)
    return first if first is not None and first.suffix.lower() in pictures else None
