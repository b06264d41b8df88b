"""The recorded runs as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from workbench.gui import theme, words

if TYPE_CHECKING:
    from workbench.experiments.store import RunSummary

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()


class RunsModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs: list[RunSummary] = []
        self._titles = (
            self.tr("When"),
            self.tr("Task"),
            self.tr("Algorithm"),
            self.tr("Before"),
            self.tr("After"),
            self.tr("Iterations"),
            self.tr("Status"),
        )

    def show(self, runs: list[RunSummary]) -> None:
        self.beginResetModel()
        self.runs = runs
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        run = self.runs[index.row()]
        if role == Role.DisplayRole:
            return self._texts(run)[index.column()]
        if role == Role.ToolTipRole:
            return run.problem or str(run.path)
        if role == Role.ForegroundRole and index.column() == len(self._titles) - 1:
            tokens = {"completed": "good", "damaged": "danger", "failed": "danger"}
            tokens["diverged"] = "danger"
            return theme.current().color(tokens.get(run.status, "muted"))
        return None

    def _texts(self, run: RunSummary) -> tuple[str, ...]:
        if run.config is None or run.started is None:
            return run.path.name, "–", "–", "–", "–", "–", self.tr("⚠ damaged: ") + run.problem
        before, after = _result(run)
        result = run.result or {}
        return (
            f"{run.started:%Y-%m-%d  %H:%M}",
            run.config.task.name,
            run.config.algorithm.name,
            before,
            after,
            words.thousands(int(result["iterations"])) if "iterations" in result else "–",
            self._status(run.status),
        )

    def _status(self, status: str) -> str:
        return {
            "completed": self.tr("completed"),
            "stopped": self.tr("stopped, kept"),
            "diverged": self.tr("diverged"),
            "failed": self.tr("failed"),
            "unfinished": self.tr("unfinished"),
        }.get(status, status)


def _result(run: RunSummary) -> tuple[str, str]:
    """The metric before and after adapting, as text."""
    metrics = (run.result or {}).get("metrics")
    if not metrics:
        return "–", "–"
    first, last = metrics["steps"][0], metrics["steps"][-1]
    before = words.metric_text(metrics["name"], float(first["mean"]))
    after = words.metric_text(metrics["name"], float(last["mean"]), float(last["ci95"]))
    return before, after
