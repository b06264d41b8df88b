"""A look at a sampled episode, as the face of the task shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from workbench.gui.lab import face
from workbench.gui.style import theme
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.core.episode import Episode
    from workbench.core.task import Task
    from workbench.gui.lab.face import EpisodeSight


class EpisodeView(QStackedWidget):
    """One page for every kind of task that was looked at, made when it is first needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tasks.episode")
        self._pages: dict[str, QScrollArea] = {}
        self._shown: tuple[Task | None, Episode | None] = (None, None)
        self.addWidget(QWidget())
        theme.current().follow(self._on_theme)

    def show_task(self, task: Task | None, episode: Episode | None) -> None:
        self._shown = (task, episode)
        if task is None or episode is None:
            self.setCurrentIndex(0)
            return
        page = self._page(task)
        sight = cast("EpisodeSight", page.widget())
        sight.show_task(task, episode)
        self.setCurrentWidget(page)
        sight.fit(page.viewport().width())

    @property
    def sight(self) -> Any:
        """What is shown; a `QWidget` that says nothing where nothing is."""
        page = self.currentWidget()
        return page.widget() if isinstance(page, QScrollArea) else page

    def sheet(self) -> Sheet | None:
        return self.sight.sheet() if hasattr(self.sight, "sheet") else None

    def _page(self, task: Task) -> QScrollArea:
        kind = face.of(task)
        if kind.name not in self._pages:
            page = QScrollArea()
            page.setObjectName("tasks.episode.scroll")
            page.setWidgetResizable(True)
            page.setFrameShape(QScrollArea.Shape.NoFrame)
            page.setWidget(kind.episode())
            self._pages[kind.name] = page
            self.addWidget(page)
        return self._pages[kind.name]

    @Slot()
    def _on_theme(self) -> None:
        self.show_task(*self._shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        page = self.currentWidget()
        if isinstance(page, QScrollArea):
            cast("EpisodeSight", page.widget()).fit(page.viewport().width())
