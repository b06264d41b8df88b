"""A table of items as a sheet to take away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt

from workbench.gui.kinds.table.rows import PREDICTION, Rows
from workbench.gui.kinds.table.words import tr
from workbench.gui.takeaway.listing import Said, listing
from workbench.gui.takeaway.sheet import Cell, Sheet, Table


def sheet(name: str, title: str, rows: Rows, shown: Sequence[int]) -> Sheet | None:
    """``shown`` are the columns; None where there are no rows."""
    if not rows.rowCount():
        return None
    across = Qt.Orientation.Horizontal
    header = [rows.headerData(column, across, Qt.ItemDataRole.DisplayRole) for column in shown]
    every = range(rows.rowCount())
    lines = [
        [Said(str(row + 1), "muted"), *(_said(rows, row, column) for column in shown)]
        for row in every
    ]
    content = listing((tr("Item"), *header), lines)
    return Sheet(name.rpartition(".")[2], title, content, _numbers(rows, shown, header))


def _said(rows: Rows, row: int, column: int) -> Said:
    text = str(rows.data(rows.index(row, column), Qt.ItemDataRole.DisplayRole) or "")
    right = rows.told[row].right if column == PREDICTION and row < len(rows.told) else None
    return Said(text, {None: "text", True: "good", False: "danger"}[right])


def _numbers(rows: Rows, shown: Sequence[int], header: Sequence[str]) -> Table:
    """A column a number: inputs, targets and predictions have as many as they have parts."""
    parts = [[rows.numbers(row, column) for row in range(rows.rowCount())] for column in shown]
    widths = [max(1 if isinstance(one, str) else len(one) for one in part) for part in parts]
    names = [
        name if width <= 1 else f"{name} {number + 1}"
        for name, width in zip(header, widths, strict=True)
        for number in range(width)
    ]
    lines: list[Sequence[Cell]] = [
        [row + 1, *(cell for part, width in zip(parts, widths, strict=True)
                    for cell in _padded(part[row], width))]
        for row in range(rows.rowCount())
    ]  # fmt: skip
    return Table(("item", *names), lines)


def _padded(found: list[float] | str, width: int) -> list[Cell]:
    values: list[Cell] = [found] if isinstance(found, str) else list(found)
    return [*values, *[""] * (width - len(values))]
