"""While the engine is made ready, the plots that wait for it say so, and for how long already."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from workbench.gui.plots.waiting import Waiting
from workbench.gui.style import words

if TYPE_CHECKING:
    from workbench.gui.state.workspace import Workspace

TICK_MS = 1000


class EngineNotice(QObject):
    """From `Preparing` to the first step; a plot with numbers is no longer in its place."""

    def __init__(self, workspace: Workspace, places: tuple[Waiting, ...], parent: QObject) -> None:
        super().__init__(parent)
        self._workspace, self._places = workspace, places
        self._since: float | None = None
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._show)
        workspace.history.told.connect(self._on_events)
        workspace.history.began.connect(self._rest)
        workspace.training.stateChanged.connect(self._on_events)

    @Slot()
    def _on_events(self) -> None:
        preparing = self._workspace.training.busy and self._workspace.history.preparing is not None
        if preparing and self._since is None:
            self._since = time.monotonic()
            self._tick.start()
            self._show()
        elif not preparing and self._since is not None:
            self._rest()

    @Slot()
    def _show(self) -> None:
        event = self._workspace.history.preparing
        if event is None or self._since is None:
            return
        from workbench.core.events import Beginning

        title = self.tr("Preparing the engine · {time}")
        once = self.tr("This happens once for a model on this machine; later runs start at once.")
        if isinstance(event, Beginning):
            title, once = self.tr("Beginning a process · {time}"), ""
        elapsed = words.duration(time.monotonic() - self._since)
        for place in self._places:
            place.show_work(title.format(time=elapsed), f"{event.message}.\n{once}")

    @Slot()
    def _rest(self) -> None:
        self._since = None
        self._tick.stop()
        for place in self._places:
            place.rest()
