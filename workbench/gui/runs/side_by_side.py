"""Chosen runs beside each other: what they came to, and the settings in which they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QHeaderView, QStyleOptionViewItem, QWidget

from workbench.gui.plots.told import TOKENS
from workbench.gui.runs.delegate import RunDelegate
from workbench.gui.style import theme
from workbench.gui.style.two_line_delegate import TwoLines
from workbench.gui.style.two_line_table import Index, Role, TwoLineModel, TwoLineTable

if TYPE_CHECKING:
    from workbench.experiments.labbook.comparing import Setting

MARKED = Qt.ItemDataRole.UserRole + 22
"""Whether a cell is not as that of the first run."""
ROW, HIGH_ROW = 28, 46
LEAST = 110
SWATCH = 10


@dataclass(frozen=True)
class Line:
    """A row: its heading, a cell for each run, and which of them differ from the first."""

    title: str
    cells: tuple[TwoLines, ...]
    marked: tuple[bool, ...]
    help: str = ""


def of_setting(setting: Setting) -> Line:
    from workbench.experiments.labbook import fields

    cells = tuple(
        TwoLines(fields.shown(value), upper_token="faint" if value is None else "text")
        for value in setting.values
    )
    marks = tuple(value != setting.values[0] for value in setting.values)
    info = fields.parameters().get(setting.name)
    return Line(setting.name, cells, marks, "" if info is None else info.help)


class SideModel(TwoLineModel):
    def __init__(self, parent: QObject | None = None) -> None:
        self._names: tuple[str, ...] = ()
        super().__init__(parent)

    def titles(self) -> tuple[str, ...]:
        return (self.tr("Setting"), *self._names)

    @property
    def lines(self) -> list[Line]:
        return self._rows

    def show_lines(self, names: tuple[str, ...], lines: list[Line]) -> None:
        self._names = names
        self._titles = self.titles()
        self.show(lines)

    def cells(self, row: Line) -> tuple[TwoLines, ...]:
        return (TwoLines(row.title, upper_token="muted"), *row.cells)

    def help(self, row: Line, column: int) -> str:
        cell = self.cells(row)[column]
        return "\n".join(text for text in (cell.upper, cell.lower, row.help) if text)

    def data(self, index: Index, role: int = 0) -> Any:
        if role == MARKED:
            column = index.column()
            return column > 0 and self.lines[index.row()].marked[column - 1]
        return super().data(index, role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """The colour that a run has in the picture stands before its name."""
        across = orientation == Qt.Orientation.Horizontal
        if across and role == Role.DecorationRole and section:
            return _swatch(theme.current().color(TOKENS[section - 1]))
        if across and role == Role.ToolTipRole:
            return self._titles[section]
        return super().headerData(section, orientation, role)


def _swatch(color: QColor) -> QPixmap:
    picture = QPixmap(SWATCH, SWATCH)
    picture.fill(color)
    return picture


class _Delegate(RunDelegate):
    """What differs from the first run stands on a ground of its own."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index.data(MARKED):
            ground = QRect(option.rect).adjusted(2, 2, -2, -2)
            painter.fillRect(ground, theme.current().color("accentSoft"))
        super().paint(painter, option, index)


class SideTable(TwoLineTable):
    def __init__(self, model: SideModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self._side = model
        self.setItemDelegate(_Delegate(self))
        header = self.horizontalHeader()
        header.setMinimumSectionSize(LEAST)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        model.modelReset.connect(self._on_reset)

    def _on_reset(self) -> None:
        for row, line in enumerate(self._side.lines):
            high = any(cell.lower for cell in line.cells)
            self.setRowHeight(row, HIGH_ROW if high else ROW)
