"""The plug-ins of the window: asked about one by one, loaded after a yes, faults of one said."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from workbench.core import trust
from workbench.core.errors import BadInput
from workbench.gui.plugins import faces
from workbench.gui.plugins.dialog import PackageDialog
from workbench.gui.state import settings
from workbench.gui.state.loading import load_catalog
from workbench.gui.state.waiting import Choice, FolderChoice, Question
from workbench.gui.threads.background import Job

if TYPE_CHECKING:
    from workbench.gui.state.workspace import Workspace
    from workbench.plugins.package import Package

log = logging.getLogger(__name__)
REFUSED = "plugins/refused"
"""SHA-256 of packages that the user does not trust: only About asks about them again."""
REMEMBERED = 100


class Plugins(QObject):
    """`changed` comes with another `question`, or with none; see `question_bar.Asker`."""

    changed = Signal()

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        super().__init__(window)
        self._workspace, self._window = workspace, window
        self.question: Question | None = None
        self._later: set[str] = set()
        """Not now: asked about at the next start."""
        self._job: Job | None = None
        workspace.catalogReady.connect(self.refresh)
        if workspace.ready:
            self.refresh()

    def answer(self, choice: Choice | FolderChoice, folder: Path | None = None) -> None:
        assert isinstance(choice, Choice)
        choice.do()

    @Slot()
    def refresh(self) -> None:
        """After the catalog was loaded, or loaded again: take faces, say faults, ask."""
        from workbench.plugins import roster

        faces.take()
        for plugin in roster.plugins():
            if plugin.state is roster.State.FAILED:
                said = BadInput(self._called(plugin.package), plugin.sentence)
                self._workspace.troubles.say(f"plugin {plugin.package.key}", said)
        self._ask_next()

    def review(self, package: Package) -> None:
        """Ask in a dialog, whatever was said before."""
        dialog = PackageDialog(package, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(partial(self._on_yes, package))
        dialog.rejected.connect(partial(self._on_no, package))
        dialog.open()

    def _ask_next(self) -> None:
        from workbench.plugins import roster

        refused = settings.texts(REFUSED)
        for plugin in roster.plugins():
            digest = plugin.package.sha256
            waits = digest not in self._later and digest not in refused
            if plugin.state is roster.State.UNTRUSTED and waits:
                self._ask(plugin.package)
                return
        self._say(None)

    def _ask(self, package: Package) -> None:
        text = self.tr("{0} adds {1}. It is a program, has not been trusted yet and does not run.")
        review = self.tr("Shows what it is before it may run")
        later = self.tr("Leave it out; asks again at the next start")
        choices = (
            Choice(
                "review",
                self.tr("Review and decide…"),
                review,
                partial(self.review, package),
            ),
            Choice("later", self.tr("Not now"), later, partial(self._put_off, package)),
        )
        self._say(Question(text.format(self._called(package), package.offers), choices))

    def _put_off(self, package: Package) -> None:
        self._later.add(package.sha256)
        self._ask_next()

    def _on_yes(self, package: Package) -> None:
        try:
            trust.remember(package.sha256, str(package))
        except BadInput as problem:
            self._workspace.troubles.said.emit(problem)
        log.info("trusted: %s, SHA-256 %s", package, package.sha256)
        settings.remember(
            REFUSED, [one for one in settings.texts(REFUSED) if one != package.sha256]
        )
        self._job = Job(
            load_catalog, self._on_loaded, self._workspace.troubles.said.emit, parent=self
        )

    def _on_loaded(self, presets: object) -> None:
        self._workspace.catalogReady.emit()

    def _on_no(self, package: Package) -> None:
        settings.remember_one_more(REFUSED, package.sha256, REMEMBERED)
        self._ask_next()

    def _say(self, question: Question | None) -> None:
        self.question = question
        self.changed.emit()

    def _called(self, package: Package) -> str:
        return self.tr("The package {0}").format(package)
