"""A study in a window of its own: how it stands, its best, and pictures that follow it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.search.page import PicturePage
from workbench.gui.search.pictures import make_pages
from workbench.gui.search.seen import Seen, read
from workbench.gui.search.standing import best_text, counts_text, terms_text, values_text
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import theme, words
from workbench.gui.style.message_bar import sentence
from workbench.gui.style.widgets import OneLine, label
from workbench.gui.threads.background import Job, Report

SIZE, LEAST = (980, 640), (760, 480)
FRAME = 60
"""Pixels that a window manager may take of a small screen."""
LOOK_MS = 1000


class StudyWindow(QDialog):
    """`goOnWanted` carries the folder and the search; `runWanted` the folder of a trial's run."""

    goOnWanted = Signal(object, object)
    runWanted = Signal(object)

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("study")
        self.setMinimumSize(*LEAST)
        room = parent.screen().availableGeometry()
        self.resize(min(SIZE[0], room.width()), min(SIZE[1], room.height() - FRAME))
        self._workspace = workspace
        self._folder = Path()
        self._job: Job | None = None
        self.seen: Seen | None = None
        self.terms, self.counts = OneLine("", "muted"), OneLine()
        self.told, self.values = OneLine("", "heading"), OneLine("", "muted")
        self.problem = label("", "error", wrap=True)
        self.stop = self._button("stop", self.tr("Stop"), "stop")
        self.stop.setToolTip(self.tr("Stop with a checkpoint; it is first in the queue then"))
        self.go_on = self._button("goOn", self.tr("Go on"), "play")
        self.use = self._button("use", self.tr("Use these settings"), "sliders")
        self.use.setToolTip(self.tr("The form takes the values of the best trial"))
        self.open_best = self._button("openBest", self.tr("Open its run"), "runs")
        self.open_best.setToolTip(self.tr("The curves of the best trial, its weights in the lab"))
        self.pages = make_pages()
        self.tabs = self._make_tabs()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.reload)
        self._lay_out()
        self._connect()

    def show_study(self, folder: Path) -> None:
        self._let_go()
        self._folder, self.seen = folder, None
        self.setWindowTitle(self.tr("Search: {0}").format(folder.name))
        for page in self.pages:
            page.clear()
        for line in (self.terms, self.counts, self.told, self.values):
            line.setText("")
        self.problem.hide()
        self._refresh()
        self.reload()
        self._timer.start()

    # --- how it is made ----------------------------------------------------------------------

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget(self)
        tabs.setObjectName("study.pictures")
        tabs.setAccessibleName(self.tr("Pictures"))
        for page in self.pages:
            tabs.addTab(page, page.accessibleName())
        return tabs

    def _button(self, name: str, text: str, icon: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(f"study.{name}")
        button.setAccessibleName(text)
        button.setAutoDefault(False)
        theme.current().set_icon(button, icon)
        return button

    def _lay_out(self) -> None:
        head, below = QHBoxLayout(), QHBoxLayout()
        for row, texts, buttons in (
            (head, (self.terms, self.counts), (self.go_on, self.stop)),
            (below, (self.told, self.values), (self.use, self.open_best)),
        ):
            row.setSpacing(8)
            column = QVBoxLayout()
            column.setSpacing(2)
            for text in texts:
                column.addWidget(text)
            row.addLayout(column, 1)
            for button in buttons:
                row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addLayout(below)
        layout.addWidget(self.problem)
        layout.addWidget(self.tabs, 1)

    def _connect(self) -> None:
        self.stop.clicked.connect(self._workspace.training.stop)
        self.go_on.clicked.connect(self._on_go_on)
        self.use.clicked.connect(self._on_use)
        self.open_best.clicked.connect(self._on_open_best)
        self.tabs.currentChanged.connect(self._draw)
        for page in self.pages:
            page.chosen.connect(self._open_trial)
        self._workspace.training.stateChanged.connect(self._refresh)
        self._workspace.queue.changed.connect(self._refresh)

    # --- what is shown -----------------------------------------------------------------------

    @Slot()
    def reload(self) -> None:
        if self._job is None or not self._job.active:
            work = partial(_read, self._folder, self.seen)
            self._job = Job(work, self._on_read, self._on_failed, parent=self)

    def _on_read(self, seen: Seen) -> None:
        news = not seen.same_as(self.seen)
        self.seen = seen
        if news:
            self.problem.hide()
            self.setWindowTitle(self.tr("Search: {0}").format(seen.study.name))
            self.terms.setText(terms_text(seen))
            self.counts.setText(counts_text(seen))
            self.told.setText(best_text(seen))
            self.values.setText(values_text(seen))
        page = self.tabs.currentWidget()
        if news or (seen.counts["running"] and isinstance(page, PicturePage) and page.ages):
            self._draw()
        self._refresh()

    @Slot()
    def _draw(self) -> None:
        """The picture that is looked at; the others when they are."""
        page = self.tabs.currentWidget()
        if self.seen is not None and isinstance(page, PicturePage):
            page.show_seen(self.seen)

    def _on_failed(self, error: Exception) -> None:
        self.problem.setText(sentence(error))
        self.problem.show()
        self._timer.stop()

    @Slot()
    def _refresh(self) -> None:
        here, seen = self._is_here(), self.seen
        self.stop.setEnabled(here)
        self.go_on.setEnabled(seen is not None and not seen.over and not here)
        help = self.tr("The trial that was stopped goes on, and others follow")
        if seen is not None and seen.study.plan.seconds:
            lasts = words.duration(seen.study.plan.seconds)
            help = self.tr("{0}; it ends after {1} as before").format(help, lasts)
        self.go_on.setToolTip(help)
        for button in (self.use, self.open_best):
            button.setEnabled(seen is not None and seen.best is not None)

    def _is_here(self) -> bool:
        """Whether this window's queue works on it now."""
        queue = self._workspace.queue
        entries = (line.entry for line in queue.lines)
        return queue.working and any(
            entry.state == "running" and entry.path == self._folder for entry in entries
        )

    # --- what is done ------------------------------------------------------------------------

    @Slot()
    def _on_go_on(self) -> None:
        from workbench.experiments.queue.work import SearchOfMany

        if self.seen is not None:
            self.goOnWanted.emit(self._folder, SearchOfMany(self.seen.study.plan))

    @Slot()
    def _on_use(self) -> None:
        from workbench.experiments.search.space import with_values

        if self.seen is not None and self.seen.best is not None:
            config = with_values(self.seen.study.plan.config, self.seen.best.values)
            self._workspace.draft.use_config(config)

    @Slot()
    def _on_open_best(self) -> None:
        if self.seen is not None and self.seen.best is not None:
            self._open_trial(self.seen.best.number)

    @Slot(int)
    def _open_trial(self, number: int) -> None:
        """Of a machine that shares no folder, the run is not here."""
        assert self.seen is not None
        run = self.seen.trial(number).run
        if run and (self._folder / run).is_dir():
            self.runWanted.emit(self._folder / run)

    def done(self, code: int) -> None:
        self._let_go()
        super().done(code)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._let_go()
        super().closeEvent(event)

    def _let_go(self) -> None:
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()

    def showEvent(self, event: QShowEvent) -> None:
        """A window beside the main one, not above it."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.setTransientParent(None)  # type: ignore[arg-type]


def _read(folder: Path, known: Seen | None, report: Report) -> Seen:
    return read(folder, known)
