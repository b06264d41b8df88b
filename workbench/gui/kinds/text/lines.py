"""The support set of a task of sentences as lines that one clicks and types into."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QModelIndex, QPoint, Qt, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)

from workbench.gui.kinds.text import sentence_sheets
from workbench.gui.kinds.text.editing import TextEditing
from workbench.gui.kinds.text.line_editor import LineEditor, lines_of
from workbench.gui.kinds.text.menus import RowMenu
from workbench.gui.kinds.text.row_delegate import line_height, paint_line
from workbench.gui.kinds.text.rows import Row, SupportRows, rows_of
from workbench.gui.kinds.text.task import text_in_view
from workbench.gui.kinds.text.writing import Place, Writing
from workbench.gui.lab.state import LabState
from workbench.gui.style.list_model import ROW
from workbench.gui.style.row_list import RowList
from workbench.gui.style.row_tools import tool_at
from workbench.gui.takeaway.flow import Block
from workbench.gui.takeaway.sheet import Sheet

TEXTS = (".txt", ".csv", ".tsv", ".tab")
"""Files whose sentences become examples of the task."""
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2)
REMOVE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class SupportLines(RowList):
    """One row is the current one; the keyboard acts on it as the mouse does on any."""

    def __init__(self, state: LabState) -> None:
        super().__init__("lab.support.lines", "")
        self.setAccessibleName(self.tr("Support set"))
        self.setToolTip(self.tr("Click a sentence to write it anew"))
        self._state = state
        self._influence: list[float] | None = None
        self._pressed: tuple[Row, str | None] | None = None
        self._adding: int | None = None
        """The class that another sentence is written of."""
        self.editing = TextEditing(state, self)
        self.rows = SupportRows()
        self.rows.setParent(self)
        self.setModel(self.rows)
        self.writing = Writing(self, self.rows, self.editing)
        self.writing.closed.connect(self._on_closed)
        self.setAcceptDrops(True)
        state.taskChanged.connect(self.show_task)
        state.workspace.in_view.locksChanged.connect(self._show_rows)
        self.show_task()

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("A support sentence"), (
            (self.tr("Write it anew; on a class, another one"), "Return, F2"),
            (self.tr("Another sentence of the class"), "N"),
            (self.tr("Keep it in new draws"), "L"),
            (self.tr("Remove the sentence, or the class"), "Del"),
            (self.tr("Paste sentences into the class"), "Ctrl+V"),
        )

    # --- showing -----------------------------------------------------------------------------

    @Slot()
    def show_task(self) -> None:
        refused = self.writing.refused
        self.writing.close()
        self._influence = None
        self._show_rows()
        if refused is not None and self._state.edited:
            self._open(refused.place, text=refused.text)
            self.writing.refuse(refused.problem)

    def show_influence(self, values: list[float] | None) -> None:
        self._influence = values
        self._show_rows()
        self.scheduleDelayedItemsLayout()

    @Slot()
    def _show_rows(self) -> None:
        task = text_in_view(self._state)
        if task is None:
            return
        view, values = self._state.workspace.in_view, self._influence
        if values is not None and len(values) != sum(map(len, task.support)):
            values = None
        current = self.currentIndex()
        number, row = current.row(), current.data(ROW)
        drawn = getattr(view.drawn, "support_texts", ())
        self.rows.strongest = max(map(abs, values or ()), default=1.0)
        known = {text for row in drawn for text in row}
        self.rows.show(rows_of(task, known, view.locked, values, self._adding))
        if row is not None and not self.currentIndex().isValid():
            self._stay(row, number)

    def _stay(self, row: Row, number: int) -> None:
        """On the row that was the current one; where it is gone, on what took its place."""
        index = self.rows.at(row.place)
        last = self.rows.rowCount() - 1
        self.setCurrentIndex(index if index.isValid() else self.rows.index(min(number, last)))

    def sheet(self) -> Sheet | None:
        if text_in_view(self._state) is None:
            return None
        strongest = self.rows.strongest

        def block(row: Row) -> Block:
            return Block(
                lambda width: line_height(row, int(width)),
                lambda painter, box: paint_line(painter, box.toRect(), row, strongest),
            )

        return sentence_sheets.support(self.accessibleName(), self.rows.rows, block)

    # --- writing -----------------------------------------------------------------------------

    @property
    def editor(self) -> LineEditor | None:
        """Open on the row that is written."""
        return self.writing.editor

    def write(self, row: Row) -> None:
        """Open the editor on a sentence; on a class, for another one of it.

        One that is still open holds what was refused, which is not thrown away.
        """
        if self.editor is not None:
            self.writing.resume()
        elif self.editing.task is not None:
            self._open(row.place if row.kind == "line" else ("add", row.way, -1), row)

    def _open(self, place: Place, row: Row | None = None, text: str = "") -> None:
        self._adding = place[1] if place[0] == "add" else None
        self._show_rows()
        index = self.rows.at(place)
        if index.isValid():
            known = row.text if row is not None and row.kind == "line" else text
            self.writing.open(index, known)

    @Slot(tuple)
    def _on_closed(self, place: Place) -> None:
        self._adding = None
        if place[0] == "add":
            self._show_rows()
            self.setCurrentIndex(self.rows.at(("class", place[1], -1)))

    # --- mouse -------------------------------------------------------------------------------

    def _under(self, place: QPoint) -> tuple[Row, str | None] | None:
        """A row and what of its tools is there."""
        index = self.indexAt(place)
        if not index.isValid():
            return None
        row: Row = index.data(ROW)
        return row, tool_at(self.visualRect(index), place) if row.kind == "line" else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = self._under(event.position().toPoint()) if left else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed is None or pressed != self._under(event.position().toPoint()):
            return
        row, tool = pressed
        if tool is None:
            self.write(row)
        else:
            self._use(tool, row)

    def _use(self, tool: str, row: Row) -> None:
        acts = {
            "roll": self.editing.roll,
            "lock": self.editing.toggle_lock,
            "remove": self.editing.remove,
        }
        acts[tool](row.way, row.shot)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        if not index.isValid():
            return
        row: Row = index.data(ROW)
        box = self.visualRect(index)
        at = box.bottomLeft() if keyboard else event.pos()
        menu = RowMenu(self.editing, row, lambda: self.write(row), self)
        menu.popup(self.viewport().mapToGlobal(at))

    # --- keyboard ----------------------------------------------------------------------------

    def key_pressed(self, event: QKeyEvent, index: QModelIndex) -> bool:
        row: Row = index.data(ROW)
        if event.matches(QKeySequence.StandardKey.Paste):
            self.take_lines(row, QGuiApplication.clipboard().text())
        elif event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(row.text)
        elif event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        elif event.key() in ENTER:
            self.write(row)
        elif event.key() in REMOVE and row.kind == "class":
            self.editing.remove_class(row.way)
        elif event.key() in REMOVE and row.kind == "line":
            self.editing.remove(row.way, row.shot)
        elif event.key() == Qt.Key.Key_L and row.kind == "line":
            self.editing.toggle_lock(row.way, row.shot)
        elif event.key() == Qt.Key.Key_N and row.kind == "line":
            self.editing.roll(row.way, row.shot)
        elif event.key() == Qt.Key.Key_N:
            self.editing.roll_more(row.way)
        else:
            return False
        return True

    # --- what is dropped and pasted ----------------------------------------------------------

    def take_lines(self, row: Row, text: str) -> None:
        """Sentences for a row's class."""
        lines = lines_of(text)
        if lines:
            self.editing.put_all(row.way, lines)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._offer(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._offer(event)

    def _offer(self, event: QDragMoveEvent) -> None:
        usable = bool(_files(event.mimeData())) or _lines(event.mimeData())
        event.acceptProposedAction() if usable else event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        under = self._under(event.position().toPoint())
        row, files = under[0] if under else None, _files(event.mimeData())
        if files:
            self.editing.read(files, row.way if row else None)
        elif row is not None and row.kind == "line":
            self.editing.put((row.way, row.shot), " ".join(_lines(event.mimeData())))
        elif row is not None:
            self.editing.put_all(row.way, _lines(event.mimeData()))
        event.acceptProposedAction()


def _files(data: QMimeData) -> list[Path]:
    """Those dropped, if all hold text; a scene or a folder the window takes."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return files if all(file.suffix.lower() in TEXTS for file in files) else []


def _lines(data: QMimeData) -> list[str]:
    return [] if data.hasUrls() else lines_of(data.text())
