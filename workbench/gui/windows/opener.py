"""Many runs that belong together: put together from the form, watched, gone on with, opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.core.errors import BadInput
from workbench.gui.state.lining_up import Where
from workbench.gui.windows.beginning import BeginningDialog
from workbench.gui.windows.following import FollowingWindow

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.queue.entry import Entry
    from workbench.experiments.queue.work import Work
    from workbench.gui.state.workspace import Workspace

D = TypeVar("D", bound=BeginningDialog)
W = TypeVar("W", bound=FollowingWindow)


class Opener(QObject, Generic[D, W]):
    """One window for all of a kind; `runWanted` carries a run that is to be opened."""

    runWanted = Signal(object)

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self.workspace, self.over = workspace, parent
        self.dialog: D | None = None
        self.window: W | None = None
        workspace.queue.placed.connect(self._on_placed)

    # --- what each of them says --------------------------------------------------------------

    def make_dialog(self, config: ExperimentConfig) -> D:
        raise NotImplementedError

    def make_window(self) -> W:
        raise NotImplementedError

    def title_of_folders(self) -> str:
        """Of the question which folder to open."""
        raise NotImplementedError

    def is_mine(self, work: Work | None) -> bool:
        raise NotImplementedError

    def work_in(self, folder: Path) -> Work:
        """What goes on there; raises `BadInput`."""
        raise NotImplementedError

    # --- what they share ---------------------------------------------------------------------

    @Slot()
    def ask(self) -> None:
        """Put it together from the form."""
        draft = self.workspace.draft
        draft.recheck()
        if draft.config is None:
            self.workspace.troubles.say("draft", draft.problems[0])
            return
        self.dialog = self.make_dialog(draft.config)
        self.dialog.chosen.connect(self._on_chosen)
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()

    @Slot()
    def ask_for_folder(self) -> None:
        from workbench.experiments.store import default_root

        root = str(default_root())
        chosen = QFileDialog.getExistingDirectory(self.over, self.title_of_folders(), root)
        if chosen:
            self.open(Path(chosen))

    @Slot(object)
    def open(self, folder: Path) -> None:
        if self.window is None:
            self.window = self.make_window()
            self.window.goOnWanted.connect(self._on_go_on)
            self.window.runWanted.connect(self.runWanted)
        self.window.show_folder(folder)
        self.window.bring_up()

    def close(self) -> None:
        if self.window is not None:
            self.window.close()

    @Slot(object, bool)
    def _on_chosen(self, work: Work, now: bool) -> None:
        self.workspace.queue.line_up(work, Where(now=now))

    @Slot(object)
    def _on_placed(self, entry: Entry) -> None:
        """What was started here is shown as soon as it has a folder."""
        if self.is_mine(entry.work):
            assert entry.path is not None
            self.open(entry.path)

    @Slot(object)
    def _on_go_on(self, folder: Path) -> None:
        """Where it waits in the queue already it comes first; else it is lined up there."""
        queue = self.workspace.queue
        for line in queue.list.waiting:
            if line.entry.path == folder:
                queue.move(line.entry.id, 0)
                queue.begin_first()
                return
        try:
            queue.line_up(self.work_in(folder), Where(now=True, path=folder))
        except BadInput as problem:
            self.workspace.troubles.say("queue", problem)
