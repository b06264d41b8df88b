"""The items of a chosen class, as the face of the tasks shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from workbench.gui.lab import face
from workbench.gui.style.widgets import label, plain
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.core.task import ClassInfo, Task, TaskFamily


class ClassView(QWidget):
    """Hidden until a class is chosen, and for tasks whose classes have nothing to look at."""

    def __init__(self) -> None:
        super().__init__()
        self._title = label("", "small")
        self._sights: dict[str, QWidget | None] = {}
        self._stack = QStackedWidget()
        self._away = TakeAwayButton(self.sheet, "tasks.class", self._stack)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._away)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)

    @property
    def sight(self) -> Any:
        """The widget that shows the class, once one was chosen."""
        return self._stack.currentWidget()

    def sheet(self) -> Sheet | None:
        return self.sight.sheet() if hasattr(self.sight, "sheet") else None

    def show_class(self, family: TaskFamily | None, task: Task | None, info: ClassInfo) -> None:
        """``task`` is one of the family's: its kind has the face."""
        sight = self._sight(task) if task is not None else None
        self.setVisible(sight is not None)
        if sight is None:
            return
        what = face.of(task).items()
        self._title.setText(self.tr("{0}: {1} {2}").format(info.name, info.count, what))
        self._title.setToolTip(plain(info.name))
        cast("face.ClassSight", sight).show_class(family, info)
        self._stack.setCurrentWidget(sight)
        self._away.setVisible(hasattr(sight, "sheet"))

    def _sight(self, task: Task) -> QWidget | None:
        kind = face.of(task)
        if kind.name not in self._sights:
            made = kind.classes()
            self._sights[kind.name] = made
            if made is not None:
                self._stack.addWidget(made)
        return self._sights[kind.name]
