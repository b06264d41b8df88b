"""A menu of what can be taken away from the chosen run: files for others, and its command."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from workbench.core.errors import BadInput
from workbench.gui.takeaway import outcome, writing
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.checkpoint import Checkpoint
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.exports.formats import Format
    from workbench.experiments.labbook.entry import Entry


class AwayMenu(QMenu):
    """Filled when it is opened; a file is written on a thread, and it is said how that came out."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("runs.awayMenu")
        self.setToolTipsVisible(True)
        self._entry: Entry | None = None
        self.job: Job | None = None
        self.aboutToShow.connect(self.fill)

    def tell(self, entry: Entry | None) -> None:
        """The run that is meant, where it is a single one; of a damaged one only its folder."""
        self._entry = entry

    @Slot()
    def fill(self) -> None:
        from workbench.experiments.exports.formats import FORMATS

        self.clear()
        sound = self._entry is not None and not self._entry.run.problem
        for one in FORMATS:
            action = self.addAction(self.tr("{0}…").format(one.title))
            action.setObjectName(f"runs.away.{one.name}")
            action.setToolTip(one.help[:1].upper() + one.help[1:])
            action.setEnabled(sound)
            action.triggered.connect(partial(self._ask, one))
        self.addSeparator()
        copy = self.addAction(self.tr("Copy its command line"))
        copy.setObjectName("runs.away.command")
        copy.setToolTip(self.tr("What trains it again in a terminal"))
        copy.setEnabled(sound)
        copy.triggered.connect(self._copy)

        folder = self.addAction(self.tr("Show its folder"))
        folder.setObjectName("runs.away.reveal")
        folder.setToolTip(self.tr("Open the run's directory"))
        folder.triggered.connect(self._reveal)

    def _ask(self, wanted: Format) -> None:
        if self._entry is not None:
            run = self._entry.path
            name = wanted.place(run).name
            self.job = writing.ask(wanted.title, name, partial(_take, wanted, run), self)

    @Slot()
    def _copy(self) -> None:
        from workbench.experiments.exports.command import train_command

        if self._entry is None or self._entry.run.config is None:
            return
        try:
            line = train_command(self._entry.run.config)
        except BadInput as problem:
            outcome.current().failed.emit(problem)
            return
        QGuiApplication.clipboard().setText(line)
        outcome.current().done.emit(self.tr("The command is in the clipboard"))

    @Slot()
    def _reveal(self) -> None:
        if self._entry is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._entry.path)))


def _take(wanted: Format, run: Path, place: Path, report: Report) -> None:
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.exports.formats import Source
    from workbench.experiments.foreign import opened
    from workbench.experiments.session import build_family
    from workbench.experiments.store import open_run

    def open_data(checkpoint: Checkpoint) -> tuple[ExperimentConfig, TaskFamily]:
        config = opened(ExperimentConfig.from_json(checkpoint.config))
        family = build_family(config)
        family.prepare(report)
        return config, family

    wanted.take(Source(open_run(run), open_data), place)
