"""Several chosen runs: their curves in one picture, or their settings and results side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QTabWidget, QVBoxLayout, QWidget

from workbench.core.curve import Measure
from workbench.core.metric import named
from workbench.gui.plots.overlay import MOST, Overlay
from workbench.gui.runs.side_by_side import Line, SideModel, SideTable, of_setting
from workbench.gui.style import counts, words
from workbench.gui.style.two_line_delegate import TwoLines
from workbench.gui.style.widgets import label
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.experiments.labbook.comparing import Pair, Setting
    from workbench.experiments.labbook.entry import Entry
    from workbench.gui.state.workspace import Workspace


@dataclass(frozen=True)
class Compared:
    names: tuple[str, ...]
    entries: tuple[Entry, ...]
    settings: tuple[Setting, ...]
    pairs: tuple[Pair, ...]


class Comparison(QTabWidget):
    """Hidden until two runs are chosen."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._job: Job | None = None
        self._chosen: list[Entry] = []
        self._compared: Compared | None = None
        self.setObjectName("runs.comparison")
        self.setAccessibleName(self.tr("Comparison of the chosen runs"))
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.tabBar().setObjectName("runs.comparison.tabs")
        self.overlay = Overlay(workspace)
        self.model = SideModel(self)
        self.table = SideTable(self.model, self)
        self.table.setObjectName("runs.side")
        self.table.setAccessibleName(self.tr("Settings and results side by side"))
        self.table.setToolTip(self.tr("Marked cells are not as those of the first run"))
        self.every = QCheckBox(self.tr("Settings that are the same, too"), self)
        self.every.setObjectName("runs.side.every")
        self.every.setAccessibleName(self.every.text())
        self.every.setToolTip(self.tr("Otherwise only the settings that differ are listed"))
        self.every.toggled.connect(self._fill)
        self.told = label("", "small", wrap=True)
        self.told.setObjectName("runs.side.pairs")
        self.addTab(self.overlay, self.tr("Curves"))
        self.addTab(self._page(), self.tr("Side by side"))
        self.hide()

    def _page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.told)
        layout.addWidget(self.every)
        return page

    def show_runs(self, entries: list[Entry]) -> None:
        """Fewer than two are no comparison; of more than `MOST` the first are compared."""
        chosen = entries[:MOST] if len(entries) > 1 else []
        self.setVisible(bool(chosen))
        self.overlay.show_runs(chosen, len(entries))
        if [entry.path for entry in chosen] == [entry.path for entry in self._chosen]:
            return
        self._chosen, self._compared = chosen, None
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._fill()
        if chosen:
            failed = self._workspace.troubles.said.emit
            self._job = Job(partial(_compare, tuple(chosen)), self._show, failed, parent=self)

    def _show(self, compared: Compared) -> None:
        self._job, self._compared = None, compared
        self._fill()

    @Slot()
    def _fill(self) -> None:
        found = self._compared
        if found is None:
            self.model.show_lines((), [])
            self.told.setText("")
            return
        shown = [one for one in found.settings if self.every.isChecked() or one.differs]
        lines = [*self._results(found), *map(of_setting, shown)]
        self.model.show_lines(found.names, lines)
        self.told.setText("\n".join(self._sentences(found, bool(shown))))

    def _results(self, found: Compared) -> list[Line]:
        same = (False,) * len(found.entries)
        validation = tuple(self._measured(entry, entry.validation) for entry in found.entries)
        test = tuple(self._measured(entry, entry.test) for entry in found.entries)
        paired = (TwoLines("–", upper_token="faint"), *map(self._paired, found.pairs))
        return [
            Line(self.tr("best validation"), validation, same),
            Line(self.tr("test"), test, same),
            Line(self.tr("minus the first, paired"), paired, same),
        ]

    def _measured(self, entry: Entry, metrics: dict[str, Any] | None) -> TwoLines:
        if metrics is None:
            return TwoLines("–", upper_token="faint")
        told = [
            counts.tasks(int(metrics["tasks"])),
            words.protocol_of(metrics),
        ]
        if metrics["split"] == "val":
            told.insert(0, self.tr("at {n}").format(n=words.thousands(entry.best_iteration)))
        last = Measure.of(metrics["steps"][-1])
        return TwoLines(words.measure_text(metrics["name"], last), " · ".join(told))

    def _paired(self, pair: Pair) -> TwoLines:
        if pair.found is None:
            return TwoLines(self.tr("not paired"), pair.why_not, "faint")
        metric = self._metric(pair)
        points = self.tr("{0} points") if named(metric).percent else "{0}"
        text = words.measure_text(metric, Measure.of(pair.found.to_json())).replace(" %", "")
        sign = "+" if pair.found.mean > 0 else ""
        how = self.tr("better on {0}, worse on {1} of {2} tasks")
        return TwoLines(
            points.format(f"{sign}{text}"),
            how.format(pair.found.better, pair.found.worse, pair.found.tasks),
        )

    def _metric(self, pair: Pair) -> str:
        own = next(entry for entry in self._chosen if entry.path == pair.run)
        return "" if own.test is None else str(own.test["name"])

    def _sentences(self, found: Compared, differ: bool) -> list[str]:
        """Why runs were not paired, each reason once, and that nothing differs."""
        reasons: dict[str, list[str]] = {}
        for name, pair in zip(found.names[1:], found.pairs, strict=True):
            if pair.why_not:
                reasons.setdefault(pair.why_not, []).append(name)
        text = self.tr("{0} and the first are not paired: {1}.")
        told = [text.format(", ".join(names), reason) for reason, names in reasons.items()]
        return told if differ else [*told, self.tr("No setting differs.")]


def _compare(entries: tuple[Entry, ...], report: Report) -> Compared:
    from workbench.experiments.labbook import comparing
    from workbench.experiments.labbook.entry import with_learned

    read = tuple(entry if entry.learned else with_learned(entry) for entry in entries)
    return Compared(
        tuple(comparing.legends(read)),
        read,
        tuple(comparing.settings(read)),
        tuple(comparing.pairs(read)),
    )
