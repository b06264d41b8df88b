"""The matrix of the means of the tasks that hold two classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.core.errors import printable
from workbench.gui.style import paint, theme, words
from workbench.gui.style.widgets import plain

if TYPE_CHECKING:
    from workbench.experiments.tasks_seen.together import Together

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()


class PairModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.pairs: Together | None = None
        self.metric = ""
        self._range = (0.0, 1.0)

    def show(self, pairs: Together | None, metric: str) -> None:
        """The same classes with other numbers leave chosen cell and place as they are."""
        same = pairs is not None and self.pairs is not None and pairs.names == self.pairs.names
        if not same:
            self.beginResetModel()
        self.pairs, self.metric = pairs, metric
        if pairs is not None:
            held = pairs.means[pairs.means.isfinite()]
            ends = (float(held.min()), float(held.max())) if len(held) else (0.0, 1.0)
            self._range = ends
        if not same:
            self.endResetModel()
        elif self.rowCount():
            last = self.rowCount() - 1
            self.dataChanged.emit(self.index(0, 0), self.index(last, last))

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() or self.pairs is None else len(self.pairs.names)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return self.rowCount(parent)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if self.pairs is None or role not in (Role.DisplayRole, Role.ToolTipRole):
            return None
        name = printable(self.pairs.names[section])
        if role == Role.ToolTipRole:
            return plain(name)
        number = str(section + 1)
        return number if orientation == Qt.Orientation.Horizontal else f"{number}  {name}"

    def data(self, index: Index, role: int = 0) -> Any:
        from workbench.experiments.tasks_seen.together import FEW

        if self.pairs is None:
            return None
        count = int(self.pairs.counts[index.row(), index.column()])
        mean = float(self.pairs.means[index.row(), index.column()])
        if role in (Role.ToolTipRole, Role.AccessibleTextRole):
            return plain(self.told(index.row(), index.column()))
        if role == Role.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignCenter)
        if not count:
            return None
        few = count < FEW
        if role == Role.DisplayRole:
            return words.figure_text(self.metric, mean).replace(" %", "")
        if role == Role.BackgroundRole:
            return self._shade(mean, 0.25 if few else 1.0)
        if role == Role.ForegroundRole:
            return theme.current().color("faint" if few else "text")
        return None

    def told(self, row: int, column: int) -> str:
        """One cell in words, with its number of tasks."""
        from workbench.experiments.tasks_seen.together import FEW

        assert self.pairs is not None
        one, other = (printable(self.pairs.names[place]) for place in (row, column))
        who = one if row == column else self.tr("{0} with {1}").format(one, other)
        count = int(self.pairs.counts[row, column])
        if not count:
            return self.tr("{who}: no task holds both").format(who=who)
        mean = words.metric_text(self.metric, float(self.pairs.means[row, column]))
        text = self.tr("{who}: {mean}, the mean of {n} tasks")
        if count == 1:
            text = self.tr("{who}: {mean}, in one task alone")
        elif count < FEW:
            text = self.tr("{who}: {mean}, the mean of {n} tasks: too few to say much")
        return text.format(who=who, mean=mean, n=count)

    def _shade(self, mean: float, strength: float) -> Any:
        """From the surface to the worst colour; the direction is that of the metric."""
        from workbench.core.metric import named

        low, high = self._range
        share = (mean - low) / (high - low) if high > low else 0.0
        bad = 1 - share if named(self.metric).larger_is_better else share
        look = theme.current()
        return paint.blend(look.color("surface"), look.color("danger"), 0.6 * bad * strength)


class PairDelegate(QStyledItemDelegate):
    """A shaded cell with its number, which the style sheet of tables would leave white."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        box = QRectF(option.rect)
        paint_cell(painter, box, index)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(theme.current().color("accent"))
            painter.drawRect(box.adjusted(0, 0, -2, -2))
        painter.restore()


def paint_cell(painter: QPainter, box: QRectF, index: Index) -> None:
    shade = index.data(Role.BackgroundRole)
    if isinstance(shade, QColor):
        painter.fillRect(box.adjusted(0, 0, -1, -1), shade)
    painter.setPen(index.data(Role.ForegroundRole) or theme.current().color("text"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(index.data() or ""))
