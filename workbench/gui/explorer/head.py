"""The head of the explorer: whose tasks, by which protocol, their numbers, and what can be done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.explorer import told
from workbench.gui.state import methods
from workbench.gui.style import theme, words
from workbench.gui.style.busy import Busy
from workbench.gui.style.buttons import worded
from workbench.gui.style.widgets import OneLine, label

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.scores import Kept
    from workbench.gui.explorer.state import ExplorerState


class Head(QWidget):
    """`kept` carries the measurement that is chosen; `again` is the button that measures anew."""

    kept = Signal(object)

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._kept: list[Kept] = []
        self.title = OneLine("", "title")
        self.protocol = OneLine("", "small")
        self.numbers = label("", wrap=True)
        self.ruled = label("", wrap=True)
        self.ruled.setObjectName("explorer.ruled")
        self.problem = label("", "error", wrap=True)
        self.problem.setObjectName("explorer.problem")
        self.choice = self._make_choice()
        self.again = worded(self, self.tr("Measure again"), "star", "explorer.again")
        self.again.setToolTip(self.tr("Measure the same tasks once more, with the best weights"))
        self.table = worded(self, self.tr("Export CSV…"), "export", "explorer.csv")
        self.table.setToolTip(self.tr("Every task at every step as a table"))
        self.table.clicked.connect(self.ask_for_file)
        self.busy = Busy("explorer", self)
        self._lay_out()
        for signal in (state.changed, state.stepChanged):
            signal.connect(self.refresh)
        theme.current().follow(self._paint)
        self._paint()
        self.refresh()

    def begin(self, config: ExperimentConfig | None, recorded: bool) -> None:
        """Another run, or the training."""
        self.title.setText(
            self.tr("Tasks")
            if config is None
            else f"{methods.title(config)} · {methods.task_title(config)}"
        )
        self.choice.setVisible(recorded)
        self.again.setVisible(recorded)
        self.say("")

    def offer(self, kept: list[Kept]) -> None:
        """What was measured of the run."""
        self._kept = kept
        self.choice.blockSignals(True)
        self.choice.clear()
        self.choice.addItems([told.kept_text(one) for one in kept])
        self.choice.blockSignals(False)
        self.choice.setEnabled(len(kept) > 1)

    def show_chosen(self, kept: Kept | None) -> None:
        if kept in self._kept:
            self.choice.blockSignals(True)
            self.choice.setCurrentIndex(self._kept.index(kept))
            self.choice.blockSignals(False)

    def show_iteration(self, iteration: int | None) -> None:
        """Of the validation that is shown; None while there is none."""
        self._where = (
            ""
            if iteration is None
            else self.tr("at iteration {n}").format(n=words.thousands(iteration))
        )
        none = self.tr("No validation yet in this session: Start makes the first.")
        self.say(none if iteration is None else "")
        self.refresh()

    @Slot(object)
    def say(self, problem: object) -> None:
        """Why something is not there; empty when all is."""
        from workbench.experiments.sentences import sentence

        text = sentence(problem) if isinstance(problem, Exception) else str(problem)
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    @Slot(str, float)
    def show_progress(self, message: str, share: float) -> None:
        """While it measures; 1 ends it."""
        done = share >= 1.0
        self.again.setEnabled(done)
        self.busy.setVisible(not done)
        if done:
            self.say("")
        else:
            self.busy.show_progress(share)

    @Slot()
    def refresh(self) -> None:
        seen, step = self._state.seen, self._state.step
        self.table.setEnabled(seen is not None)
        for part in (self.protocol, self.numbers):
            part.setVisible(seen is not None)
        ruled = "" if seen is None else told.ruled_text(seen, step)
        self.ruled.setText(ruled)
        self.ruled.setVisible(bool(ruled))
        if seen is not None:
            where = (told.protocol_text(seen), self._where)
            self.protocol.setText(" · ".join(part for part in where if part))
            self.numbers.setText(told.step_text(seen, step))

    @Slot()
    def ask_for_file(self) -> None:
        file, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export every task"), "tasks.csv", "*.csv"
        )
        if file:
            self.export(Path(file))

    def export(self, file: Path) -> None:
        from workbench.experiments.tasks_seen.table import rows, write_rows

        seen = self._state.seen
        if seen is None:
            return
        try:
            write_rows(rows(seen, self._state.drawn.traits), file)
        except OSError as error:
            self.say(error)
        else:
            self.say("")

    _where = ""

    def _make_choice(self) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName("explorer.measurement")
        box.setAccessibleName(self.tr("Measurement"))
        box.setToolTip(self.tr("Which measurement of the run is shown"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.currentIndexChanged.connect(self._on_choice)
        return box

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(self.title, 1)
        for part in (self.busy, self.choice, self.again, self.table):
            bar.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(bar)
        for line in (self.protocol, self.numbers, self.ruled, self.problem):
            layout.addWidget(line)

    @Slot()
    def _paint(self) -> None:
        color: Any = theme.current().color("warning").name()
        self.ruled.setStyleSheet(f"color: {color}")

    @Slot(int)
    def _on_choice(self, row: int) -> None:
        if 0 <= row < len(self._kept):
            self.kept.emit(self._kept[row])
