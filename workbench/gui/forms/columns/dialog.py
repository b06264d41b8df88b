"""The first rows of a table, and what each of its columns is used as."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from workbench.core.errors import BadInput
from workbench.gui.forms.columns.model import ColumnsModel
from workbench.gui.forms.columns.roles import roles_of
from workbench.gui.forms.columns.view import ColumnsView
from workbench.gui.forms.columns.words import tr
from workbench.gui.style.message_bar import sentence
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.core.params import Params
    from workbench.tasks.tables.table import Table

SIZE = (720, 460)
ROWS = 5
"""Of the file that are shown."""


class ColumnsDialog(QDialog):
    """`chosen` carries the text of every field that names a column of the table.

    ``params`` are the settings of the family, ``place`` the field with the table's place.
    """

    chosen = Signal(dict)

    def __init__(self, params: Params, place: str, parent: QWidget) -> None:
        from workbench.core.params import describe

        super().__init__(parent)
        self.setObjectName("dialog.columns")
        self.setWindowTitle(tr("Columns of the table"))
        self.setModal(True)
        self.resize(*SIZE)
        self._params, self._place = params, place
        self.model = ColumnsModel(roles_of(describe(type(params)), place), self)
        self.view = ColumnsView(self.model, self)
        self.told = label("", "muted", wrap=True)
        self.told.setObjectName("columns.told")
        self.problem = label("", "error", wrap=True)
        self.problem.setObjectName("columns.problem")
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._lay_out()
        self.finished.connect(self.deleteLater)
        self._read(Path(getattr(params, place)))

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(10)
        layout.addWidget(self.told)
        layout.addWidget(self.problem)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.buttons)

    def _read(self, path: Path) -> None:
        from workbench.tasks.tables.table import read_head

        table: Table | None = None
        problem = ""
        try:
            heading: Any = getattr(self._params, "first_row", "recognised")
            table = read_head(path, f"task.{self._place}", ROWS, heading)
        except BadInput as error:
            problem = sentence(error)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(table is not None)
        self.view.setVisible(table is not None)
        named = {} if table is None else self._params.columns(table.names, table.numeric)
        self.model.show(table, named)
        self.view.fit()
        self.told.setText("" if table is None else _said(table))
        self.told.setVisible(table is not None)

    @Slot()
    def accept(self) -> None:
        self.chosen.emit(self.model.values)
        super().accept()


def _said(table: Table) -> str:
    names = {",": tr("commas"), ";": tr("semicolons"), "\t": tr("tabs"), "|": tr("bars")}
    parts = [tr("{0}: cells are parted by {1}").format(table.path.name, names[table.delimiter])]
    if not table.headed:
        parts.append(tr("the first row has no names"))
    return f"{'; '.join(parts)}. " + tr("Click a use to change it.")
