"""The support set as cards that are rated by a click, by dragging over the stars, or by a digit."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QRectF, Qt, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
)

from workbench.gui.kinds.ratings import rating_sheets
from workbench.gui.kinds.ratings.card_delegate import CardDelegate, star_box
from workbench.gui.kinds.ratings.card_menu import CardMenu
from workbench.gui.kinds.ratings.cards import ITEM, Card, Cards, cards_of
from workbench.gui.kinds.ratings.editing import RatingEditing
from workbench.gui.kinds.ratings.stars import star_at
from workbench.gui.kinds.ratings.task import rated_in_view
from workbench.gui.lab.state import LabState
from workbench.gui.style.list_model import ROW
from workbench.gui.style.row_list import RowList
from workbench.gui.style.row_tools import tool_at
from workbench.gui.takeaway.sheet import Sheet

TABLES = (".csv", ".tsv", ".tab")
"""Files whose ratings become the support set."""
REMOVE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
MORE, LESS = (Qt.Key.Key_Plus, Qt.Key.Key_Equal), (Qt.Key.Key_Minus,)
CONTROL = Qt.KeyboardModifier.ControlModifier


class CardList(RowList):
    def __init__(self, state: LabState, editing: RatingEditing) -> None:
        super().__init__("lab.ratings", "")
        self.setAccessibleName(self.tr("Support set"))
        self._state, self.editing = state, editing
        self._influence: list[float] | None = None
        self._pressed: tuple[int, str] | None = None
        """The place of the card below the mouse, and which of its tools, or its stars."""
        self.rows = Cards()
        self.rows.setParent(self)
        self.setModel(self.rows)
        self._delegate = CardDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setAcceptDrops(True)
        state.taskChanged.connect(self.show_task)
        state.workspace.in_view.locksChanged.connect(self._show_rows)
        self.show_task()

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("A rated item"), (
            (self.tr("Rate it"), "1 … 9"),
            (self.tr("A star more, a star less"), "+, -"),
            (self.tr("Another item of this user"), "N"),
            (self.tr("Keep it in new draws"), "L"),
            (self.tr("Move it up, down"), "Ctrl+↑, Ctrl+↓"),
            (self.tr("Remove it"), "Del"),
        )

    # --- showing -----------------------------------------------------------------------------

    @Slot()
    def show_task(self) -> None:
        self._influence = None
        self._show_rows()

    def show_influence(self, values: list[float] | None) -> None:
        self._influence = values
        self._show_rows()

    @Slot()
    def _show_rows(self) -> None:
        task = rated_in_view(self._state)
        if task is None:
            return
        view, values = self._state.workspace.in_view, self._influence
        if values is not None and len(values) != len(task.support):
            values = None
        row = self.currentIndex().data(ROW)
        drawn = {tuple(rating) for rating in getattr(view.drawn, "support", ())}
        self.rows.strongest = max(map(abs, values or ()), default=1.0)
        self.rows.show(cards_of(task, drawn, view.locked, values), self.editing.scale)
        if row is not None and not self.currentIndex().isValid():
            self._stay(row)

    def _stay(self, row: Card) -> None:
        """On the item that was the current one; where it is gone, on what took its place."""
        index = self.rows.at(row.item)
        last = self.rows.rowCount() - 1
        self.setCurrentIndex(index if index.isValid() else self.rows.index(min(row.place, last)))

    def sheet(self) -> Sheet | None:
        if rated_in_view(self._state) is None:
            return None
        return rating_sheets.support(self.accessibleName(), self.rows)

    def choose(self, item: int) -> None:
        """Come to the card of an item."""
        index = self.rows.at(item)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    # --- mouse -------------------------------------------------------------------------------

    def _under(self, place: QPoint) -> tuple[int, str] | None:
        index = self.indexAt(place)
        if not index.isValid():
            return None
        rect = self.visualRect(index)
        stars = star_box(QRectF(rect), self.rows.scale)
        what = tool_at(rect, place) or ("stars" if stars.contains(place) else "")
        return (index.row(), what) if what else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = self._under(event.position().toPoint()) if left else None
        self._try(event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._try(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._try(event.position().toPoint())
        pressed, self._pressed = self._pressed, None
        tried, self._delegate.tried = self._delegate.tried, None
        if tried is not None:
            self.editing.rate(*tried)
        elif pressed is not None and pressed == self._under(event.position().toPoint()):
            self._use(*pressed)

    def _try(self, place: QPoint) -> None:
        """Show the stars that letting go would give."""
        if self._pressed is None or self._pressed[1] != "stars":
            return
        row, scale = self._pressed[0], self.rows.scale
        box = star_box(QRectF(self.visualRect(self.rows.index(row))), scale)
        self._delegate.tried = row, scale.rated(star_at(box, scale.count, place.x()))
        self.viewport().update()

    def _use(self, place: int, tool: str) -> None:
        acts = {
            "roll": self.editing.roll,
            "lock": self.editing.toggle_lock,
            "remove": self.editing.remove,
        }
        acts[tool](place)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        if not index.isValid():
            return
        menu = CardMenu(self.editing, index.data(ROW), self)
        at = self.visualRect(index).bottomLeft() if keyboard else event.pos()
        menu.popup(self.viewport().mapToGlobal(at))

    # --- keyboard ----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """With Ctrl the arrows move the card; without, the focus."""
        index, steps = self.currentIndex(), {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() == CONTROL and event.key() in steps and index.isValid():
            self.editing.move(index.row(), index.row() + steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def key_pressed(self, event: QKeyEvent, index: QModelIndex) -> bool:
        row, key = index.data(ROW), event.key()
        if event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        ):
            return False
        digit = key - Qt.Key.Key_0
        if 1 <= digit <= self.rows.scale.count and digit <= 9:
            self.editing.rate(row.place, self.rows.scale.rated(digit))
        elif key in MORE or key in LESS:
            steps = 1 if key in MORE else -1
            self.editing.rate(row.place, self.rows.scale.moved(row.stars, steps))
        elif key in REMOVE:
            self.editing.remove(row.place)
        elif key == Qt.Key.Key_L:
            self.editing.toggle_lock(row.place)
        elif key == Qt.Key.Key_N:
            self.editing.roll(row.place)
        else:
            return False
        return True

    # --- what is dropped ---------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._offer(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._offer(event)

    def _offer(self, event: QDragMoveEvent) -> None:
        data = event.mimeData()
        usable = data.hasFormat(ITEM) or bool(_files(data))
        event.acceptProposedAction() if usable else event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        data, files = event.mimeData(), _files(event.mimeData())
        if data.hasFormat(ITEM):
            item, stars = bytes(data.data(ITEM).data()).decode().split()
            self.editing.add(int(item), float(stars))
            self.choose(int(item))
        elif files:
            self.editing.read(files)
        event.acceptProposedAction()


def _files(data: QMimeData) -> list[Path]:
    """Those dropped, if all are tables; a scene or a folder the window takes."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return files if all(file.suffix.lower() in TABLES for file in files) else []
