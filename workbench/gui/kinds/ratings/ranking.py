"""The query set as a ranking that moves with every inner step."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QVBoxLayout, QWidget

from workbench.gui.kinds.ratings import measures, rating_sheets
from workbench.gui.kinds.ratings.editing import RatingEditing
from workbench.gui.kinds.ratings.rank_delegate import RankDelegate
from workbench.gui.kinds.ratings.ranks import Ranked, Ranks, ranked, stars_of
from workbench.gui.kinds.ratings.task import rated_in_view
from workbench.gui.lab.state import LabState
from workbench.gui.style.list_model import ROW
from workbench.gui.style.row_list import RowList
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.sheet import Sheet

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RankList(RowList):
    """`whyAsked` comes with the number of the query item that was clicked."""

    whyAsked = Signal(int)
    told = Signal(str)
    """How good order and prediction are at the step looked at."""

    def __init__(self, state: LabState, editing: RatingEditing) -> None:
        super().__init__("lab.ranking", "")
        self.setAccessibleName(self.tr("Predicted ranking"))
        self._state, self._editing = state, editing
        self.rows = Ranks()
        self.rows.setParent(self)
        self.setModel(self.rows)
        self._delegate = RankDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.clicked.connect(self._on_clicked)
        state.taskChanged.connect(self.show_step)
        state.stepsChanged.connect(self.show_step)
        state.cursorChanged.connect(self.show_step)
        self.show_step()

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("A place of the ranking"), (
            (self.tr("Ask which ratings moved it"), "Return"),
            (self.tr("Rate it"), "A"),
        )

    @Slot()
    def show_step(self) -> None:
        task, step = rated_in_view(self._state), self._state.current
        if task is None:
            return
        fits = step is not None and len(step.query_outputs) == len(task.query)
        now = step.query_outputs if step is not None and fits else None
        before = self._state.steps[0].query_outputs if fits else None
        self.rows.show(ranked(task, now, before), self._editing.scale)
        known = now is not None and step is not None
        self.told.emit(measures.told(task, now, before, step.step) if known and step else "")
        self.viewport().update()

    def show_asked(self, query: int | None) -> None:
        self._delegate.asked = query
        index = self.rows.at(query)
        if query is not None and index.isValid():
            self.scrollTo(index)
        self.viewport().update()

    def sheet(self) -> Sheet | None:
        return rating_sheets.ranking(self.accessibleName(), self.rows)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        row: Ranked = index.data(ROW)
        if row.now is not None:
            self.whyAsked.emit(row.number)

    def rate(self, row: Ranked) -> None:
        """Put it to the support set, with the stars it was given, or as predicted."""
        self._editing.add(row.item, stars_of(row, self.rows.scale))

    def key_pressed(self, event: QKeyEvent, index: QModelIndex) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() in ENTER:
            self._on_clicked(index)
        elif event.key() == Qt.Key.Key_A:
            self.rate(index.data(ROW))
        else:
            return False
        return True

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        if not index.isValid():
            return
        row: Ranked = index.data(ROW)
        menu = QMenu(self)
        menu.setObjectName("lab.ranking.menu")
        why = menu.addAction(self.tr("Which ratings moved it?"))
        why.setEnabled(row.now is not None)
        why.triggered.connect(lambda: self.whyAsked.emit(row.number))
        rate = menu.addAction(self.tr("Put it to the rated items"))
        rate.triggered.connect(lambda: self.rate(row))
        menu.aboutToHide.connect(menu.deleteLater)
        at = self.visualRect(index).bottomLeft() if keyboard else event.pos()
        menu.popup(self.viewport().mapToGlobal(at))


class Ranking(QWidget):
    """The ranking, and above it how good it is."""

    def __init__(self, state: LabState, editing: RatingEditing) -> None:
        super().__init__()
        self.list = RankList(state, editing)
        self.measured = label("", "small", wrap=True)
        self.measured.setObjectName("lab.ranking.measured")
        self.list.told.connect(self.measured.setText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.measured)
        layout.addWidget(self.list, 1)
        self.list.show_step()
