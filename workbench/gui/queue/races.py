"""Races of the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.gui.queue.race_dialog import RaceDialog
from workbench.gui.queue.race_window import RaceWindow
from workbench.gui.windows.opener import Opener

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.queue.work import Work


class Races(Opener[RaceDialog, RaceWindow]):
    def make_dialog(self, config: ExperimentConfig) -> RaceDialog:
        family = self.workspace.data.family
        known = family if family is not None and family.params == config.task else None
        return RaceDialog(config, known, self.workspace.training, self.over)

    def make_window(self) -> RaceWindow:
        return RaceWindow(self.workspace, self.over)

    def title_of_folders(self) -> str:
        return self.tr("The folder of a race")

    def is_mine(self, work: Work | None) -> bool:
        from workbench.experiments.queue.work import RaceOfMany

        return isinstance(work, RaceOfMany)

    def work_in(self, folder: Path) -> Work:
        from workbench.experiments.race_standing import race_in

        return race_in(folder)
