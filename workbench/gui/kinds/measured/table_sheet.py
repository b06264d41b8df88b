"""A table of measurements as a sheet to take away."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt

from workbench.gui.kinds.measured.rows import MeasuredRows
from workbench.gui.kinds.measured.words import tr
from workbench.gui.takeaway.listing import Said, listing
from workbench.gui.takeaway.sheet import Cell, Sheet, Table


def sheet(name: str, title: str, rows: MeasuredRows, shown: Sequence[int]) -> Sheet | None:
    """``shown`` are the columns; None where there are no rows."""
    if not rows.rowCount():
        return None
    header = [rows.title(column) for column in shown]
    every = range(rows.rowCount())
    lines = [
        [Said(str(row + 1), "muted"), *(_said(rows, row, column) for column in shown)]
        for row in every
    ]
    numbers: list[Sequence[Cell]] = [
        [row + 1, *(_number(rows, row, column) for column in shown)] for row in every
    ]
    content = listing((tr("Row"), *header), lines)
    return Sheet(name.rpartition(".")[2], title, content, Table((tr("Row"), *header), numbers))


def _said(rows: MeasuredRows, row: int, column: int) -> Said:
    shown = rows.data(rows.index(row, column), Qt.ItemDataRole.DisplayRole)
    return Said(str(shown), "accent" if rows.parts[column].kind == "predicted" else "text")


def _number(rows: MeasuredRows, row: int, column: int) -> Cell:
    value = rows.number(row, column)
    return "" if math.isnan(value) else value
