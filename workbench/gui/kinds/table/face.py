"""Inputs, targets and predictions as rows: an honest lab for every family."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.gui.kinds.table.page import TablePage
from workbench.gui.kinds.table.tables import ColumnTable, EpisodeTable
from workbench.gui.kinds.table.words import tr
from workbench.gui.lab.face import Page, TaskFace, Widths

if TYPE_CHECKING:
    from workbench.gui.lab.state import LabState


class TableFace(TaskFace):
    name = "table"
    shows = ("builtins.object",)
    """Every type derives from it."""
    widths = Widths((240, 226, 240, 0), (3, 4, 3, 0), (0.3, 220, 360))

    def items(self) -> str:
        return tr("items")

    def page(self, state: LabState) -> Page:
        return TablePage(state)

    def episode(self) -> EpisodeTable:
        return EpisodeTable()

    def column(self, name: str) -> ColumnTable:
        return ColumnTable(name)
