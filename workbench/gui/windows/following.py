"""A window that follows what many runs leave in a folder, whoever works on it: a race, a study."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QTimer, Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from workbench.gui.state.workspace import Workspace
from workbench.gui.style.buttons import worded
from workbench.gui.style.message_bar import sentence
from workbench.gui.style.widgets import label
from workbench.gui.threads.background import Job, Report
from workbench.gui.windows.own import OwnWindow

LEAST = (760, 480)
LOOK_MS = 1000


def tr(text: str) -> str:
    return QCoreApplication.translate("FollowingWindow", text)


class FollowingWindow(OwnWindow):
    """`runWanted` carries the folder of a run that was chosen; `goOnWanted` its own folder."""

    goOnWanted = Signal(object)
    runWanted = Signal(object)

    def __init__(
        self, name: str, size: tuple[int, int], workspace: Workspace, parent: QWidget
    ) -> None:
        super().__init__(name, size, LEAST, parent)
        self.workspace = workspace
        self.folder = Path()
        self.problem = label("", "error", wrap=True)
        self.stop = self.make_button("stop", tr("Stop"), "stop")
        self.stop.setToolTip(tr("Stop with a checkpoint; it is first in the queue then"))
        self.go_on = self.make_button("goOn", tr("Go on"), "play")
        self._job: Job | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.reload)
        self.stop.clicked.connect(workspace.training.stop)
        self.go_on.clicked.connect(self._on_go_on)
        workspace.training.stateChanged.connect(self.refresh)
        workspace.queue.changed.connect(self.refresh)

    def show_folder(self, folder: Path) -> None:
        self.let_go()
        self.folder = folder
        self.problem.hide()
        self.clear()
        self.refresh()
        self.reload()
        self._timer.start()

    # --- what each of them says --------------------------------------------------------------

    def clear(self) -> None:
        """Another folder comes: nothing of the last one is shown any more."""
        raise NotImplementedError

    def reader(self) -> Callable[[Report], Any]:
        """Reads the folder on a thread; raises `BadInput` where something else stands there."""
        raise NotImplementedError

    def show_read(self, found: Any) -> None:
        """What was read, news or not."""
        raise NotImplementedError

    def can_go_on(self) -> bool:
        """Whether anything is left to be done there, and nobody is known to do it."""
        raise NotImplementedError

    # --- what they share ---------------------------------------------------------------------

    def make_button(self, name: str, text: str, icon: str) -> QPushButton:
        return worded(self, text, icon, f"{self.objectName()}.{name}")

    @Slot()
    def reload(self) -> None:
        if self._job is None or not self._job.active:
            self._job = Job(self.reader(), self._on_read, self._on_failed, parent=self)

    def let_go(self) -> None:
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()

    @Slot()
    def refresh(self) -> None:
        here = self._is_here()
        self.stop.setEnabled(here)
        self.go_on.setEnabled(not here and self.can_go_on())

    def _is_here(self) -> bool:
        """Whether this window's queue works on it now."""
        queue = self.workspace.queue
        entries = (line.entry for line in queue.lines)
        return queue.working and any(
            entry.state == "running" and entry.path == self.folder for entry in entries
        )

    def _on_read(self, found: Any) -> None:
        self.problem.hide()
        self.show_read(found)
        self.refresh()

    def _on_failed(self, error: Exception) -> None:
        self.problem.setText(sentence(error))
        self.problem.show()
        self._timer.stop()

    @Slot()
    def _on_go_on(self) -> None:
        self.goOnWanted.emit(self.folder)
