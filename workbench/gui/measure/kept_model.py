"""What was measured of a run, newest first, as a table."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from workbench.core.curve import Measure
from workbench.core.errors import printable
from workbench.gui import words
from workbench.gui.two_lines import TwoLines
from workbench.gui.widgets import plain

if TYPE_CHECKING:
    from workbench.experiments.scores import Kept

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()


class KeptModel(QAbstractTableModel):
    def __init__(self, own: str, parent: QObject | None = None) -> None:
        """``own`` is the title of the family that the run was trained on."""
        super().__init__(parent)
        self.kept: list[Kept] = []
        self._own = own
        self._titles = (
            self.tr("Measured on"),
            self.tr("Before"),
            self.tr("After adapting"),
            self.tr("Median"),
        )

    def show(self, kept: list[Kept]) -> None:
        self.beginResetModel()
        self.kept = kept
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.kept)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        kept = self.kept[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(self._help(kept))
        return self._cells(kept)[index.column()].data(role)

    def _cells(self, kept: Kept) -> tuple[TwoLines, ...]:
        if kept.problem:
            name = self.tr("⚠ {name}").format(name=printable(kept.file.name))
            return (TwoLines(name, kept.problem, "danger"), *[TwoLines("")] * 3)
        name, steps = str(kept.metrics["name"]), kept.metrics["steps"]
        first, last = Measure.of(steps[0]), Measure.of(steps[-1])
        count = int(steps[-1]["step"])
        how = f"{words.steps_text(count)} · {words.protocol(bool(kept.metrics['transductive']))}"
        median = "–" if last.median is None else words.metric_text(name, last.median)
        return (
            TwoLines(self._data(kept), self._tasks(kept)),
            TwoLines(words.metric_text(name, first.mean) if count else "–"),
            TwoLines(words.measure_text(name, last), how),
            TwoLines(median, f"{datetime.fromtimestamp(kept.when):%Y-%m-%d %H:%M}"),
        )

    def _data(self, kept: Kept) -> str:
        if not kept.data:
            return self._own
        from workbench.core.registry import get

        title = get("task", kept.data["family"]).title
        place = PurePath(str(kept.data.get("root", ""))).name
        return f"{title} · {printable(place)}" if place else title

    def _tasks(self, kept: Kept) -> str:
        """Which of its tasks, and what was otherwise than in the training."""
        split = self.tr("test") if kept.metrics["split"] == "test" else self.tr("validation")
        if kept.data:
            split = self.tr("all {n} classes").format(n=words.thousands(kept.data["classes"]))
        count = self.tr("{n} tasks").format(n=words.thousands(int(kept.metrics["tasks"])))
        sizes = [_size(part) for part in kept.variant if part.endswith(("ways", "shots"))]
        seed = self.tr("seed {n}").format(n=kept.seed)
        return " · ".join([split, count, *sizes, seed])

    def _help(self, kept: Kept) -> str:
        lines = [cell for cells in self._cells(kept) for cell in (cells.upper, cells.lower)]
        if kept.metrics:
            lines.append(words.tasks_text(kept.metrics))
        return "\n".join([line for line in dict.fromkeys(lines) if line] + [str(kept.file)])


def _size(part: str) -> str:
    """``20-way`` of ``20ways``."""
    name = "ways" if part.endswith("ways") else "shots"
    return f"{part.removesuffix(name)}-{name[:-1]}"
