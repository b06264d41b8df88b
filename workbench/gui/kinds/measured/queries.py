"""The query set as a table, and the error of each output in the units of the data."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.kinds.measured.table import MeasuredTable
from workbench.gui.kinds.measured.task import measured_in_view
from workbench.gui.kinds.measured.words import short, tr
from workbench.gui.lab.state import LabState
from workbench.gui.style.widgets import label


class QuerySet(QWidget):
    """`whyAsked` comes with the number of the row that was double-clicked."""

    whyAsked = Signal(int)

    def __init__(self, state: LabState) -> None:
        super().__init__()
        self._state = state
        self.table = MeasuredTable("lab.measured.queries", tr("Query predictions"))
        self.table.setToolTip(tr("Double-click a row to ask which support rows moved it"))
        self.told = label("", "small", wrap=True)
        self.told.setObjectName("lab.measured.errors")
        self.told.setAccessibleName(tr("Errors in the units of the data"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.told)
        self.table.activated.connect(self._on_activated)
        state.taskChanged.connect(self.show_task)
        state.stepsChanged.connect(self.show_step)
        state.cursorChanged.connect(self.show_step)
        self.show_task()

    @Slot()
    def show_task(self) -> None:
        task = measured_in_view(self._state)
        if task is not None:
            self.table.rows.show_rows(task.query, task.scaled)
            self.show_step()

    @Slot()
    def show_step(self) -> None:
        task, step = measured_in_view(self._state), self._state.current
        outputs = None if step is None else step.query_outputs
        self.table.rows.show_outputs(outputs)
        if task is None or outputs is None or len(outputs) != len(task.query) or not task.known:
            self.told.setText("" if task is None or task.known else tr("Not judged: no outputs"))
            return
        errors = task.scaled.errors(outputs, task.episode().query.y).tolist()
        each = " · ".join(
            f"{name} {short(error) or '–'}"
            for name, error in zip(task.scaled.y.names, errors, strict=True)
        )
        self.told.setText(tr("Error (RMSE) in the data's own units: {0}").format(each))

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        task = measured_in_view(self._state)
        if task is not None and task.known and self.table.rows.predicted:
            self.whyAsked.emit(index.row())
