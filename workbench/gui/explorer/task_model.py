"""The tasks in an order, as a list: number and result, what each is about, and a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

from workbench.gui.explorer import told
from workbench.gui.lab import face
from workbench.gui.style import theme
from workbench.gui.style.images import ImageCache
from workbench.gui.style.two_line_delegate import LOWER
from workbench.gui.style.widgets import plain

if TYPE_CHECKING:
    from workbench.experiments.tasks_seen.ranking import Order
    from workbench.gui.explorer.state import ExplorerState

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()
PICTURE = int(Role.UserRole) + 31
THUMB = (92, 44)
"""Of a picture, in pixels."""


class TaskModel(QAbstractListModel):
    def __init__(self, state: ExplorerState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.order: Order | None = None
        self.places: list[int] = []
        """Of the tasks, in the order that is shown."""
        self._images = ImageCache(1000)
        state.changed.connect(self.sort)
        state.stepChanged.connect(self.sort)
        state.drawnChanged.connect(self._on_drawn)
        theme.current().follow(self._on_drawn)

    def sort(self) -> None:  # type: ignore[override]
        """By the order that is chosen, at the step looked at."""
        from workbench.experiments.tasks_seen.ranking import Order, ranked

        seen = self._state.seen
        self.beginResetModel()
        order = self.order or Order.HARDEST
        self.places = [] if seen is None else ranked(seen, self._state.step, order)
        self.endResetModel()

    def row_of(self, task: int) -> int:
        """Where a task stands; -1 if it does not."""
        return self.places.index(task) if task in self.places else -1

    def _on_drawn(self) -> None:
        self._images.clear()
        if self.places:
            self.dataChanged.emit(self.index(0), self.index(len(self.places) - 1))

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.places)

    def data(self, index: Index, role: int = 0) -> Any:
        seen, step = self._state.seen, self._state.step
        if seen is None:
            return None
        task = self.places[index.row()]
        now, before = told.values_text(seen, task, step)
        about = told.task_text(seen, task, self._drawn(task))
        upper = self.tr("{value} · task {n}").format(value=now, n=task)
        lower = " · ".join(part for part in (before, about) if part)
        if role == PICTURE:
            return self._image(task)
        if role == Role.ToolTipRole:
            protocol = told.protocol_text(seen)
            return plain("\n".join((upper, lower, told.after_text(seen, step), protocol)))
        return {
            int(Role.DisplayRole): upper,
            LOWER: lower,
            int(Role.AccessibleTextRole): f"{upper}, {lower}",
        }.get(int(role))

    def _drawn(self, task: int) -> Any:
        tasks = self._state.drawn.tasks
        return tasks[task] if task < len(tasks) else None

    def _image(self, task: int) -> QImage | None:
        drawn = self._drawn(task)
        if drawn is None:
            return None
        made = self._images.get(task, lambda: face.of(drawn).thumbnail(drawn, *THUMB) or QImage())
        return None if made.isNull() else made
