"""Searches of the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.gui.search.dialog import SearchDialog
from workbench.gui.search.window import StudyWindow
from workbench.gui.windows.opener import Opener

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.queue.work import Work


class Searches(Opener[SearchDialog, StudyWindow]):
    def make_dialog(self, config: ExperimentConfig) -> SearchDialog:
        """With the ranges of the form, if it has any."""
        return SearchDialog(config, self.workspace.draft.ranges, self.workspace.training, self.over)

    def make_window(self) -> StudyWindow:
        return StudyWindow(self.workspace, self.over)

    def title_of_folders(self) -> str:
        return self.tr("The folder of a study")

    def is_mine(self, work: Work | None) -> bool:
        from workbench.experiments.queue.work import SearchOfMany

        return isinstance(work, SearchOfMany)

    def work_in(self, folder: Path) -> Work:
        """By the plan that was seen there: the seconds of a turn are there afresh."""
        from workbench.experiments.queue.work import SearchOfMany

        assert self.window is not None and self.window.seen is not None
        return SearchOfMany(self.window.seen.study.plan)
