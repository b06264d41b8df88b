"""Below the path of a table: a button for its columns, and what they are used as."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from workbench.gui.forms.columns.roles import roles_of, told
from workbench.gui.forms.columns.words import tr
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.core.params import ParamInfo, Params


class ColumnsRow(QWidget):
    """`chosen` carries the text of every field that names a column."""

    chosen = Signal(dict)

    def __init__(self, place: str, infos: Sequence[ParamInfo], parent: QWidget) -> None:
        super().__init__(parent)
        self.place, self._roles = place, roles_of(infos, place)
        self.wanted = False
        """Whether there is a table whose columns could be named."""
        self._infos = [info for info in infos if info.column_of == place]
        self._params: Params | None = None
        self.button = QPushButton(tr("Columns…"), self)
        self.button.setObjectName(f"param.task.{place}.columns")
        self.button.setAccessibleName(tr("Columns of the table"))
        self.button.setToolTip(tr("See the first rows, and say what each column is used as"))
        self.button.setProperty("link", True)
        self.button.clicked.connect(self.ask)
        self.told = label("", "small", wrap=True, parent=self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.button)
        layout.addWidget(self.told)

    def show_values(self, params: Params) -> None:
        """The settings as they stand in the form, sound or not."""
        self._params = params
        path = Path(getattr(params, self.place))
        self.wanted = path.suffix.lower() not in ("", ".json", ".zip")
        named = {info.name: info.columns(getattr(params, info.name)) for info in self._infos}
        text = told(named, self._roles)
        self.told.setText(text)
        self.told.setVisible(bool(text))

    @Slot()
    def ask(self) -> None:
        from workbench.gui.forms.columns.dialog import ColumnsDialog

        if self._params is None:
            return
        dialog = ColumnsDialog(self._params, self.place, self)
        dialog.chosen.connect(self.chosen)
        dialog.open()
