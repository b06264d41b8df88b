"""What is dropped on the window, wherever: data to learn from, or a scene."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Slot
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from workbench.core.errors import BadInput
from workbench.gui.lab.scenes import SUFFIX, Scenes
from workbench.gui.state.workspace import Workspace

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily

CAUSE = "drop"


class Dropping(QObject):
    """`take` does with a file or folder what it is good for; the rest is said in the banner."""

    def __init__(
        self, workspace: Workspace, scenes: Scenes, to_lab: Callable[[], None], window: QWidget
    ) -> None:
        super().__init__(window)
        self._workspace, self._scenes, self._to_lab = workspace, scenes, to_lab
        self._early: Path | None = None
        """Dropped before anything was loaded."""
        workspace.catalogReady.connect(self._on_catalog)
        workspace.draft.changed.connect(self._on_draft)

    def leave_files_to(self, window: QWidget) -> None:
        """Fields would take a dropped file for text, the window takes it for data."""
        for kind in (QLineEdit, QPlainTextEdit):
            for line in window.findChildren(kind):
                line.setAcceptDrops(False)

    def take(self, path: Path) -> None:
        from workbench.tasks.own.recognised import recognised

        space = self._workspace
        if path.suffix == SUFFIX:
            self._to_lab()
            self._scenes.open(path)
            return
        if not space.ready:
            self._early = path
            return
        try:
            brought = recognised(path)
        except BadInput as problem:
            space.troubles.say(CAUSE, problem)
            return
        space.draft.use_data(brought.family, brought.settings)
        if brought.points is not None:
            self._to_lab()
            space.data.when_ready(partial(self._show_points, brought.points))

    @Slot()
    def _on_catalog(self) -> None:
        early, self._early = self._early, None
        if early is not None:
            self.take(early)

    @Slot()
    def _on_draft(self) -> None:
        """Whoever chooses other data needs no word any more on what was dropped."""
        self._workspace.troubles.end(CAUSE)

    def _show_points(self, file: Path, family: TaskFamily) -> None:
        view = self._workspace.in_view
        if view.task is not None:
            view.edit(view.task.with_support_files([file]))


def dropped(data: QMimeData) -> Path | None:
    """The first of the files or folders that are dragged."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return next(iter(files), None)
