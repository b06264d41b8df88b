"""The editor of the support set: one at a time, in place of the row that is written."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal, Slot

from workbench.core.errors import BadInput
from workbench.gui.kinds.text.editing import TextEditing
from workbench.gui.kinds.text.line_editor import LineEditor
from workbench.gui.kinds.text.row_delegate import RowDelegate
from workbench.gui.kinds.text.rows import SupportRows, described
from workbench.gui.style.list_model import ROW
from workbench.gui.style.row_list import RowList

Place = tuple[str, int, int]


class Refused(NamedTuple):
    """What was typed at a place, and why it cannot stand there."""

    place: Place
    text: str
    problem: BadInput


class Writing(QObject):
    """`closed` carries the place where the editor was."""

    closed = Signal(tuple)

    def __init__(self, view: RowList, rows: SupportRows, editing: TextEditing) -> None:
        super().__init__(view)
        self._view, self._rows, self._editing = view, rows, editing
        self._delegate = RowDelegate(view)
        view.setItemDelegate(self._delegate)
        self.editor: LineEditor | None = None
        self._problem: BadInput | None = None

    @property
    def refused(self) -> Refused | None:
        """What was typed last and not accepted."""
        if self.editor is None or self._delegate.editing is None or self._problem is None:
            return None
        text = self.editor.written.toPlainText()
        return Refused(self._delegate.editing[0], text, self._problem)

    def open(self, index: QModelIndex, text: str) -> None:
        row, view = index.data(ROW), self._view
        editor = LineEditor(text, described(row), self.tr("Write a sentence"))
        editor.resize(view.viewport().width(), 30)
        self.editor, self._problem = editor, None
        self._delegate.editing = (row.place, editor.needed())
        view.setCurrentIndex(index)
        view.setIndexWidget(index, editor)
        self._fit()
        editor.grown.connect(self._fit)
        editor.written.accepted.connect(self._on_written)
        editor.written.taken_back.connect(self.close)
        self.resume()

    def resume(self) -> None:
        """Back to what is being written."""
        if self.editor is not None:
            self.editor.written.setFocus(Qt.FocusReason.OtherFocusReason)

    def refuse(self, problem: BadInput) -> None:
        if self.editor is not None:
            self._problem = problem
            self.editor.refuse(problem)

    @Slot()
    def close(self) -> None:
        editor, self.editor, self._problem = self.editor, None, None
        if editor is None or self._delegate.editing is None:
            return
        place, self._delegate.editing = self._delegate.editing[0], None
        index = self._rows.at(place)
        if editor.written.hasFocus():
            self._view.setFocus()
        editor.hide()  # it is deleted later
        self._view.setIndexWidget(index, None)  # type: ignore[arg-type]
        self._delegate.sizeHintChanged.emit(index)
        self.closed.emit(place)

    @Slot()
    def _fit(self) -> None:
        if self.editor is None or self._delegate.editing is None:
            return
        place = self._delegate.editing[0]
        self._delegate.editing = (place, self.editor.needed())
        self._delegate.sizeHintChanged.emit(self._rows.at(place))
        self._view.scrollTo(self._rows.at(place))

    @Slot(list)
    def _on_written(self, lines: list[str]) -> None:
        """Nothing at all takes the editor away, and changes nothing."""
        if self.editor is None or self._delegate.editing is None:
            return
        (kind, way, shot), self._problem = self._delegate.editing[0], None
        problem = None
        if lines and kind == "add":
            problem = self._editing.add(way, lines)
        elif lines:
            problem = self._editing.write((way, shot), lines)
        if problem is None:
            self.close()
        else:
            self.refuse(problem)
