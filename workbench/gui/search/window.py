"""A study in a window of its own: how it stands, its best, and pictures that follow it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.search.page import PicturePage
from workbench.gui.search.pictures import make_pages
from workbench.gui.search.seen import Seen, read
from workbench.gui.search.standing import (
    best_text,
    counts_text,
    go_on_text,
    terms_text,
    values_text,
)
from workbench.gui.state.workspace import Workspace
from workbench.gui.style.widgets import OneLine
from workbench.gui.threads.background import Report
from workbench.gui.windows.following import FollowingWindow

SIZE = (980, 640)


class StudyWindow(FollowingWindow):
    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__("study", SIZE, workspace, parent)
        self.seen: Seen | None = None
        self.terms, self.counts = OneLine("", "muted"), OneLine()
        self.told, self.values = OneLine("", "heading"), OneLine("", "muted")
        self.use = self.make_button("use", self.tr("Use these settings"), "sliders")
        self.use.setToolTip(self.tr("The form takes the values of the best trial"))
        self.open_best = self.make_button("openBest", self.tr("Open its run"), "runs")
        self.open_best.setToolTip(self.tr("The curves of the best trial, its weights in the lab"))
        self.pages = make_pages()
        self.tabs = self._make_tabs()
        self._lay_out()
        self._connect()

    def clear(self) -> None:
        self.seen = None
        self.setWindowTitle(self.tr("Search: {0}").format(self.folder.name))
        for page in self.pages:
            page.clear()
        for line in (self.terms, self.counts, self.told, self.values):
            line.setText("")

    # --- how it is made ----------------------------------------------------------------------

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget(self)
        tabs.setObjectName("study.pictures")
        tabs.setAccessibleName(self.tr("Pictures"))
        for page in self.pages:
            tabs.addTab(page, page.accessibleName())
        return tabs

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
        self.use.clicked.connect(self._on_use)
        self.open_best.clicked.connect(self._on_open_best)
        self.tabs.currentChanged.connect(self._draw)
        for page in self.pages:
            page.chosen.connect(self._open_trial)

    # --- what is shown -----------------------------------------------------------------------

    def reader(self) -> Callable[[Report], Seen]:
        return partial(_read, self.folder, self.seen)

    def show_read(self, found: Seen) -> None:
        seen, news = found, not found.same_as(self.seen)
        self.seen = seen
        if news:
            self.setWindowTitle(self.tr("Search: {0}").format(seen.study.name))
            self.terms.setText(terms_text(seen))
            self.counts.setText(counts_text(seen))
            self.told.setText(best_text(seen))
            self.values.setText(values_text(seen))
        page = self.tabs.currentWidget()
        if news or (seen.counts["running"] and isinstance(page, PicturePage) and page.ages):
            self._draw()

    @Slot()
    def _draw(self) -> None:
        """The picture that is looked at; the others when they are."""
        page = self.tabs.currentWidget()
        if self.seen is not None and isinstance(page, PicturePage):
            page.show_seen(self.seen)

    def can_go_on(self) -> bool:
        return self.seen is not None and not self.seen.over

    @Slot()
    def refresh(self) -> None:
        super().refresh()
        seen = self.seen
        self.go_on.setToolTip(go_on_text(seen))
        for button in (self.use, self.open_best):
            button.setEnabled(seen is not None and seen.best is not None)

    # --- what is done ------------------------------------------------------------------------

    @Slot()
    def _on_use(self) -> None:
        from workbench.experiments.search.space import with_values

        if self.seen is not None and self.seen.best is not None:
            config = with_values(self.seen.study.plan.config, self.seen.best.values)
            self.workspace.draft.use_config(config)

    @Slot()
    def _on_open_best(self) -> None:
        if self.seen is not None and self.seen.best is not None:
            self._open_trial(self.seen.best.number)

    @Slot(int)
    def _open_trial(self, number: int) -> None:
        """Of a machine that shares no folder, the run is not here."""
        assert self.seen is not None
        run = self.seen.trial(number).run
        if run and (self.folder / run).is_dir():
            self.runWanted.emit(self.folder / run)


def _read(folder: Path, known: Seen | None, report: Report) -> Seen:
    return read(folder, known)
