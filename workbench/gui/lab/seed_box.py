"""The seed of the task in view: the same number gives the same task again."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QSpinBox, QWidget

from workbench.gui.state.task_in_view import MAX_SEED, TaskInView
from workbench.gui.style import paint


class SeedBox(QSpinBox):
    """``width`` in pixels; lab and task browser have one each."""

    def __init__(
        self, view: TaskInView, name: str, width: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._view = view
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Seed of the task"))
        self._same = self.tr("the same number gives the same task again")
        self.setRange(0, MAX_SEED)
        self._width = width
        paint.bare(self)
        self.valueChanged.connect(self._choose)
        view.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        self.blockSignals(True)
        self.setValue(self._view.seed)
        self.blockSignals(False)
        place, seed = self._view.place, self.tr("Seed of the task: {0}").format(self._same)
        if place is not None:
            brought = self.tr("Task {0} of an evaluation; a number here draws another one")
            seed = brought.format(place)
        prefix = "" if place is None else self.tr("{0} of ").format(place)
        self.setPrefix(prefix)
        self.setFixedWidth(self._width + self.fontMetrics().horizontalAdvance(prefix))
        self.setToolTip(seed)
        self.setEnabled(self._view.task is not None)

    @Slot(int)
    def _choose(self, seed: int) -> None:
        self._view.resample(seed=seed)
