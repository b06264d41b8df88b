"""The query set of a task of sentences, and a line to write one of one's own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QToolTip, QVBoxLayout, QWidget

from workbench.gui.kinds.text import sentence_sheets
from workbench.gui.kinds.text.carry import Carry
from workbench.gui.kinds.text.editing import TextEditing
from workbench.gui.kinds.text.own import OwnSentence
from workbench.gui.kinds.text.query_delegate import QueryDelegate
from workbench.gui.kinds.text.query_rows import Query, QueryRows, rows_of
from workbench.gui.kinds.text.task import text_in_view
from workbench.gui.lab.state import LabState
from workbench.gui.style.list_model import ROW
from workbench.gui.style.row_list import RowList
from workbench.gui.style.widgets import plain
from workbench.gui.takeaway.sheet import Sheet

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
REMOVE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class QueryList(RowList):
    """`whyAsked` comes with the number of the sentence that was clicked."""

    whyAsked = Signal(int)

    def __init__(self, state: LabState, editing: TextEditing) -> None:
        super().__init__("lab.queries", "")
        self.setAccessibleName(self.tr("Query predictions"))
        self.setToolTip(self.tr("Click a sentence to ask why it is predicted so"))
        self._state, self._editing = state, editing
        self.carry = Carry(state, self)
        self.rows = QueryRows()
        self.rows.setParent(self)
        self.setModel(self.rows)
        self._delegate = QueryDelegate(state, self.carry, self)
        self.setItemDelegate(self._delegate)
        self.clicked.connect(self._on_clicked)
        self.carry.changed.connect(self.viewport().update)
        state.taskChanged.connect(self.show_task)
        state.stepsChanged.connect(state.turns.take(self.show_step))
        state.cursorChanged.connect(self.show_step)
        self.show_task()

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("A query sentence"), (
            (self.tr("Ask which words and support sentences moved it"), "Return"),
            (self.tr("Remove it, where it is your own"), "Del"),
        )

    # --- showing -----------------------------------------------------------------------------

    @Slot()
    def show_task(self) -> None:
        task = text_in_view(self._state)
        if task is None:
            return
        drawn = getattr(self._state.workspace.in_view.drawn, "query_texts", ())
        number = self.currentIndex().row()
        self.rows.show(rows_of(task, {text for row in drawn for text in row}))
        if number >= 0 and not self.currentIndex().isValid():
            self.setCurrentIndex(self.rows.index(min(number, self.rows.rowCount() - 1)))
        self.show_step()

    @Slot()
    def show_step(self) -> None:
        step = self._state.current
        if step is None or text_in_view(self._state) is None:
            self.rows.show_outputs(None, None)
            return
        self.rows.show_outputs(step.query_outputs, self._state.steps[0].query_outputs)
        if self._delegate.asked is not None:
            self.scheduleDelayedItemsLayout()

    def sheet(self) -> Sheet | None:
        items = [row for row in self.rows.rows if row.kind == "item"]
        told = {row.number: text for row in items if (text := self._delegate.marked(row))}
        title = self.accessibleName()
        return sentence_sheets.queries(title, self.rows.rows, self._delegate.block, told)

    def show_asked(self, query: int | None) -> None:
        """Open a sentence, whose words are then coloured; None closes it."""
        if query == self._delegate.asked:
            return
        self._delegate.asked = query
        index = self.rows.at(query)
        self.carry.ask(index.data(ROW).text if index.isValid() else None)
        self.doItemsLayout()
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was asked about stays in view."""
        super().resizeEvent(event)
        index = self.rows.at(self._delegate.asked)
        if index.isValid():
            self.doItemsLayout()
            self.scrollTo(index)

    def show_last(self, way: int) -> None:
        """Come to the last sentence of a class."""
        numbers = [row.number for row in self.rows.rows if row.way == way]
        index = self.rows.at(numbers[-1])
        self.setCurrentIndex(index)
        self.scrollTo(index)

    # --- asking ------------------------------------------------------------------------------

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        row: Query = index.data(ROW)
        if row.kind == "item" and row.right is not None:
            self.whyAsked.emit(row.number)

    def key_pressed(self, event: QKeyEvent, index: QModelIndex) -> bool:
        row: Query = index.data(ROW)
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(row.text)
        elif event.key() in ENTER:
            self._on_clicked(index)
        elif event.key() in REMOVE and row.own:
            self._editing.remove_asked(row.way, row.at)
        else:
            return False
        return True

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        row: Query | None = index.data(ROW)
        if row is None or row.kind != "item":
            return
        menu = QMenu(self)
        menu.setObjectName("lab.query.menu")
        why = menu.addAction(self.tr("Why is it predicted so?"))
        why.triggered.connect(lambda: self._on_clicked(self.rows.at(row.number)))
        copy = menu.addAction(self.tr("Copy the sentence"))
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(row.text))
        remove = menu.addAction(self.tr("Remove this sentence"))
        remove.setEnabled(row.own)
        remove.triggered.connect(lambda: self._editing.remove_asked(row.way, row.at))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.viewport().mapToGlobal(event.pos()))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            if index.isValid():
                word = self._delegate.word_at(self.visualRect(index), index.data(ROW), event.pos())
                if word:
                    QToolTip.showText(event.globalPos(), plain(word), self)
                    return True
        return super().viewportEvent(event)


class QuerySet(QWidget):
    def __init__(self, state: LabState, editing: TextEditing) -> None:
        super().__init__()
        self.list = QueryList(state, editing)
        self.own = OwnSentence(state, editing)
        self.own.written.connect(self.list.show_last)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.own)
