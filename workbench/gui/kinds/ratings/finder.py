"""Below the cards: a line that finds an item by its name and rates it, as the user or yourself."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QStringListModel, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QCompleter, QLineEdit, QVBoxLayout, QWidget

from workbench.core.errors import BadInput, brief
from workbench.gui.kinds.ratings.editing import RatingEditing
from workbench.gui.kinds.ratings.task import rated_in_view
from workbench.gui.lab.state import LabState

SHOWN = 12
"""Names that the list below the line shows at once."""


class Finder(QWidget):
    """`added` carries the item that was rated; ``yourself`` says of whom."""

    added = Signal(int)

    def __init__(self, state: LabState, editing: RatingEditing) -> None:
        super().__init__()
        self._state, self._editing = state, editing
        self._pool: object = None
        self.line = QLineEdit()
        self.line.setObjectName("lab.ratings.find")
        self.line.setAccessibleName(self.tr("Find an item to rate"))
        self.line.setPlaceholderText(self.tr("Find an item to rate…"))
        self.line.setClearButtonEnabled(True)
        self.yourself = QCheckBox(self.tr("Rate as yourself"))
        self.yourself.setObjectName("lab.ratings.yourself")
        tip = self.tr(
            "Rate as a person of whom nothing is known: your ratings take the place of these"
        )
        self.yourself.setToolTip(tip)
        self.yourself.setAccessibleDescription(tip)
        self._names = QStringListModel(self)
        self._completer = QCompleter(self._names, self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._completer.setMaxVisibleItems(SHOWN)
        self.line.setCompleter(self._completer)
        self._completer.activated.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self.line.returnPressed.connect(self._on_return)
        self.yourself.toggled.connect(self._on_yourself)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.line)
        layout.addWidget(self.yourself)
        state.taskChanged.connect(self.show_task)
        self.show_task()

    @Slot()
    def show_task(self) -> None:
        task = rated_in_view(self._state)
        if task is None:
            return
        if task.pool is not self._pool:
            self._pool = task.pool
            names = task.pool.table.items
            self._names.setStringList([names[item] for item in task.pool.by_fame])
        if task.yours:
            with QSignalBlocker(self.yourself):
                self.yourself.setChecked(True)

    @Slot(bool)
    def _on_yourself(self, wanted: bool) -> None:
        """Back to the user who was drawn, or on with the first item that is found."""
        task = rated_in_view(self._state)
        if not wanted and task is not None and task.yours:
            self._state.workspace.in_view.restore()
        self.line.setFocus()

    @Slot()
    def _on_return(self) -> None:
        """The item of that name, or the best known one that has it in its name."""
        text = self.line.text().strip()
        if not text:
            return
        names = (name for name in self._names.stringList() if text.casefold() in name.casefold())
        whole = rated_in_view(self._state)
        known = whole is not None and text.casefold() in whole.pool.places
        self._take(text if known else next(names, text))

    @Slot(str)
    def _take(self, name: str) -> None:
        task = rated_in_view(self._state)
        if task is None or not self.line.text():
            return
        item = task.pool.places.get(name.strip().casefold())
        if item is None:
            problem = self.tr("there is no item with {0} in its name").format(brief(name))
            self._editing.refused.emit(
                BadInput(self.tr("Rated items"), problem, self.tr("Write a part of its name"))
            )
            return
        self.line.clear()
        first = self.yourself.isChecked() and not task.yours
        (self._editing.add_yourself if first else self._editing.add)(item)
        self.added.emit(item)
