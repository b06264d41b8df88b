"""Races of the window: put together from the form, watched, gone on with, opened again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.core.errors import BadInput
from workbench.gui.queue.race_dialog import RaceDialog
from workbench.gui.queue.race_window import RaceWindow
from workbench.gui.state.lining_up import Where

if TYPE_CHECKING:
    from workbench.experiments.queue.entry import Entry
    from workbench.experiments.queue.work import RaceOfMany
    from workbench.gui.state.workspace import Workspace


class Races(QObject):
    """One window for all; `runWanted` carries the run of a contender that is to be opened."""

    runWanted = Signal(object)

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace, self._parent = workspace, parent
        self.dialog: RaceDialog | None = None
        self.window: RaceWindow | None = None
        workspace.queue.placed.connect(self._on_placed)

    @Slot()
    def ask(self) -> None:
        """Put a race together from the form."""
        draft = self._workspace.draft
        draft.recheck()
        if draft.config is None:
            self._workspace.troubles.say("draft", draft.problems[0])
            return
        family = self._workspace.data.family
        known = family if family is not None and family.params == draft.config.task else None
        self.dialog = RaceDialog(draft.config, known, self._workspace.training, self._parent)
        self.dialog.chosen.connect(self._on_chosen)
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()

    @Slot()
    def ask_for_folder(self) -> None:
        from workbench.experiments.store import default_root

        title = self.tr("The folder of a race")
        chosen = QFileDialog.getExistingDirectory(self._parent, title, str(default_root()))
        if chosen:
            self.open(Path(chosen))

    @Slot(object)
    def open(self, folder: Path) -> None:
        if self.window is None:
            self.window = RaceWindow(self._workspace, self._parent)
            self.window.goOnWanted.connect(self._on_go_on)
            self.window.runWanted.connect(self.runWanted)
        self.window.show_race(folder)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def close(self) -> None:
        if self.window is not None:
            self.window.close()

    @Slot(object, bool)
    def _on_chosen(self, race: RaceOfMany, now: bool) -> None:
        self._workspace.queue.line_up(race, Where(now=now))

    @Slot(object)
    def _on_placed(self, entry: Entry) -> None:
        """What was started here is shown as soon as it has a folder."""
        from workbench.experiments.queue.work import RaceOfMany

        if isinstance(entry.work, RaceOfMany):
            assert entry.path is not None
            self.open(entry.path)

    @Slot(object)
    def _on_go_on(self, folder: Path) -> None:
        """Where it waits in the queue already it comes first; else it is lined up there."""
        from workbench.experiments.race_standing import race_in

        queue = self._workspace.queue
        for line in queue.list.waiting:
            if line.entry.path == folder:
                queue.move(line.entry.id, 0)
                queue.begin_first()
                return
        try:
            queue.line_up(race_in(folder), Where(now=True, path=folder))
        except BadInput as problem:
            self._workspace.troubles.say("queue", problem)
