"""The face of tasks of measurements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QImage

from workbench.gui.kinds.measured.editing import RowEditing
from workbench.gui.kinds.measured.sights import ColumnRows, EpisodeRows, thumbnail
from workbench.gui.kinds.measured.task import MEASURED
from workbench.gui.kinds.measured.view import TaskView
from workbench.gui.kinds.measured.words import short, tr
from workbench.gui.lab.face import Page, TaskFace, Widths

if TYPE_CHECKING:
    from workbench.experiments.predicting.answers import Answers
    from workbench.gui.lab.state import LabState


class MeasuredFace(TaskFace):
    name = "measured"
    shows = (MEASURED,)
    widths = Widths((340, 280, 0, 0), (4, 3, 0, 0), (0.38, 240, 460))

    def items(self) -> str:
        return tr("rows")

    def page(self, state: LabState) -> Page:
        return MeasuredPage(state)

    def episode(self) -> EpisodeRows:
        return EpisodeRows()

    def column(self, name: str) -> ColumnRows:
        return ColumnRows(name)

    def answers(self, task: Any) -> Answers:
        from workbench.experiments.predicting.answers import Answers

        return Answers.values(task.scaled)

    def thumbnail(self, task: Any, width: int, height: int) -> QImage:
        return thumbnail(task, width, height)

    def told(self, task: Any, support: bool, index: int) -> str:
        rows, units = (task.support if support else task.query), task.scaled
        parts = ((units.x.names, rows.x[index]), (units.y.names, rows.y[index]))
        return ", ".join(
            f"{name} {short(value)}"
            for names, values in parts
            for name, value in zip(names[:4], values.tolist(), strict=False)
        )


class MeasuredPage(Page):
    """Plot and tables of both sets in one column."""

    def __init__(self, state: LabState) -> None:
        self.editing = RowEditing(state)
        self.view = TaskView(state, self.editing)
        hint = tr("Click or drag in the plot, or double-click a number; right-click for more.")
        super().__init__(tr("Measurements"), hint, self.view)
        self.sheets = (self.view.sheet, None)
        self.editing.refused.connect(self.refused)
        self.editing.accepted.connect(self.accepted)
        self.view.query.whyAsked.connect(self.whyAsked)

    def show_influence(self, values: list[float] | None, query: int | None) -> None:
        """Where it is asked for, the support rows are shown, which have it."""
        self.view.table.show_influence(values)
        if values is not None:
            self.view.tabs.setCurrentIndex(0)
