"""Opens the explorer for whoever asks, and brings the tasks that are chosen in it to the lab."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.explorer.opening import Opening, Wish
from workbench.gui.explorer.window import Explorer

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.gui.state.workspace import Workspace


class Explorers(QObject):
    """One window for all; `labWanted` comes with the steps of a task that is in view now."""

    labWanted = Signal(int)

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace, self._parent = workspace, parent
        self._opening = Opening(workspace, self)
        self._opening.opened.connect(self.labWanted)
        self.window: Explorer | None = None

    @Slot(object, object, object)
    def open_run(self, run: Path, config: ExperimentConfig, file: Path | None = None) -> None:
        """The tasks of a recorded run; ``file`` is the measurement to begin with."""
        self._shown().show_run(run, config, file)

    @Slot()
    def open_live(self) -> None:
        """The validation tasks of the training."""
        self._shown().show_live()

    def close(self) -> None:
        if self.window is not None:
            self.window.close()

    def _shown(self) -> Explorer:
        if self.window is None:
            self.window = Explorer(self._workspace, self._parent)
            self.window.openWanted.connect(self._open)
        self.window.bring_up()
        return self.window

    @Slot(object)
    def _open(self, wish: Wish) -> None:
        self._opening.open(wish)
