"""The explorer: all tasks of one evaluation beside each other, in a window of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.explorer.cloud import CloudFigure
from workbench.gui.explorer.difficulty import Difficulty
from workbench.gui.explorer.distribution import Distribution
from workbench.gui.explorer.each_class import EachClass
from workbench.gui.explorer.head import Head
from workbench.gui.explorer.live import Live
from workbench.gui.explorer.moving import Moving
from workbench.gui.explorer.opening import Wish
from workbench.gui.explorer.pairs import Pairs
from workbench.gui.explorer.recorded import Recorded
from workbench.gui.explorer.scrubber import Scrubber
from workbench.gui.explorer.state import ExplorerState
from workbench.gui.explorer.task_list import TaskList
from workbench.gui.state import methods
from workbench.gui.style.widgets import column
from workbench.gui.windows.own import OwnWindow

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.gui.state.workspace import Workspace

SIZE, LEAST = (1180, 760), (820, 560)
SHARES = (8, 5)


class Explorer(OwnWindow):
    """`openWanted` carries the `Wish` for a task that was chosen."""

    openWanted = Signal(object)

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__("explorer", SIZE, LEAST, parent)
        self._workspace = workspace
        self._source: Recorded | Live | None = None
        self.state = ExplorerState(self)
        self.head = Head(self.state, self)
        self.cloud = CloudFigure(self.state)
        self.scrubber = Scrubber(self.state, self)
        self.distribution = Distribution(self.state)
        self.tasks = TaskList(self.state, self)
        self.pairs, self.difficulty = Pairs(self.state, self), Difficulty(self.state, self)
        self.each_class, self.moving = EachClass(self.state, self), Moving(self.state)
        self.tabs = self._make_tabs()
        self._lay_out()
        self._connect()
        self.tasks.view.setFocus()

    def show_run(self, run: Path, config: ExperimentConfig, file: Path | None = None) -> None:
        """The measurements of a recorded run; ``file`` is the one to begin with."""
        source = Recorded(self._workspace, self.state, run, config, self)
        self._take(source, config)
        source.listed.connect(self._on_listed)
        source.failed.connect(self.head.say)
        source.progress.connect(self.head.show_progress)
        source.read(file)

    def show_live(self) -> None:
        """The newest validation of the training, and those that come."""
        source = Live(self._workspace, self.state, self)
        self._take(source, source.config)
        source.came.connect(self._on_came)
        source.refresh()

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget(self)
        tabs.setObjectName("explorer.tabs")
        tabs.setAccessibleName(self.tr("About the tasks"))
        for part, title, help in (
            (self.tasks, self.tr("Tasks"), self.tr("Hardest, easiest and most improved")),
            (self.pairs, self.tr("Classes"), self.tr("Which classes fail together")),
            (self.each_class, self.tr("Each class"), self.tr("Accuracy and confusion")),
            (self.difficulty, self.tr("Difficulty"), self.tr("What makes a task hard")),
            (
                self.moving,
                self.tr("Training"),
                self.tr("Every task at every validation of this session"),
            ),
        ):
            tabs.setTabToolTip(tabs.addTab(part, title), help)
        return tabs

    def _lay_out(self) -> None:
        left = column(self.cloud, self.scrubber, self.distribution, spacing=6)
        stretch = left.layout()
        assert isinstance(stretch, QVBoxLayout)
        stretch.setStretchFactor(self.cloud, 8)
        stretch.setStretchFactor(self.distribution, 5)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(12)
        right = QFrame()
        right.setProperty("card", True)
        within = QVBoxLayout(right)
        within.setContentsMargins(2, 2, 2, 8)
        within.addWidget(self.tabs)
        for part, share in zip((left, right), SHARES, strict=True):
            split.addWidget(part)
            split.setStretchFactor(split.count() - 1, share)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self.head)
        layout.addWidget(split, 1)

    def _connect(self) -> None:
        state = self.state
        for curves in (self.cloud, self.moving):
            curves.pointed.connect(state.point)
            curves.pressed.connect(self.tasks.select)
        self.tasks.opened.connect(self._on_opened)
        self.each_class.failed.connect(self.head.say)
        self.head.kept.connect(self._on_kept)
        self.head.again.clicked.connect(self._on_again)
        self.head.busy.cancel.clicked.connect(self._on_stop)

    def _take(self, source: Recorded | Live, config: ExperimentConfig | None) -> None:
        self.let_go()
        self._source = source
        self.tabs.setTabVisible(self.tabs.indexOf(self.moving), isinstance(source, Live))
        self.head.begin(config, recorded=isinstance(source, Recorded))
        self.setWindowTitle(self.tr("Tasks"))
        if config is not None:
            run = methods.title(config)
            self.setWindowTitle(self.tr("Tasks of {run}").format(run=run))
        self.state.show(None)

    def let_go(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            source.close()
            source.deleteLater()

    # --- what comes --------------------------------------------------------------------------

    @Slot()
    def _on_listed(self) -> None:
        if isinstance(self._source, Recorded):
            self.head.offer(self._source.kept)
            self.head.show_chosen(self._source.shown)

    @Slot()
    def _on_came(self) -> None:
        if isinstance(self._source, Live):
            self.head.show_iteration(self._source.iteration)
            seen = self.state.seen
            if seen is not None:
                self.moving.show_validations(self._workspace.history.validations, seen.metric)

    # --- what is done ------------------------------------------------------------------------

    @Slot(object)
    def _on_kept(self, kept: object) -> None:
        if isinstance(self._source, Recorded):
            self._source.choose(kept)  # type: ignore[arg-type]

    @Slot()
    def _on_again(self) -> None:
        if isinstance(self._source, Recorded):
            self._source.measure_again()

    @Slot()
    def _on_stop(self) -> None:
        if isinstance(self._source, Recorded):
            self._source.stop_measuring()

    @Slot(int)
    def _on_opened(self, task: int) -> None:
        source, seen = self._source, self.state.seen
        if source is None or seen is None or source.config is None:
            return
        if self.state.closed:
            self.head.say(self.state.closed)
            return
        run = source.run if isinstance(source, Recorded) else None
        self.openWanted.emit(Wish.of(seen, source.config, run, task))
