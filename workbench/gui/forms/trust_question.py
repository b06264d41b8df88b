"""Asks once for each content of a file, whoever needs it, and does then what was wanted."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QWidget

from workbench.core import trust
from workbench.core.errors import BadInput
from workbench.gui.forms.trust import TrustDialog

if TYPE_CHECKING:
    from workbench.core.user_code import Untrusted
    from workbench.gui.state.workspace import Workspace

log = logging.getLogger(__name__)
Again = Callable[[], None]


class TrustQuestion(QObject):
    """The one place of the window where trust is given.

    Whoever was refused says what to do again after a yes, and what after a no. Of one content
    there is one question at a time, however many wait for its answer.
    """

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        super().__init__(window)
        self._workspace, self._window = workspace, window
        self._waiting: dict[str, list[tuple[Again, Again]]] = {}
        workspace.troubles.untrusted.connect(self.ask)

    @Slot(object, object, object)
    def ask(self, refused: Untrusted, again: Again, declined: Again) -> None:
        digest = refused.code.sha256
        asked = digest in self._waiting
        self._waiting.setdefault(digest, []).append((again, declined))
        if asked:
            return
        dialog = TrustDialog(refused, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._on_yes)
        dialog.rejected.connect(self._on_no)
        dialog.open()

    @Slot()
    def _on_yes(self) -> None:
        code = self._dialog().code
        try:
            trust.remember(code.sha256, code.path)
        except BadInput as problem:
            self._workspace.troubles.said.emit(problem)
        log.info("trusted: %s, SHA-256 %s", code.path, code.sha256)
        self._workspace.draft.recheck()
        for again, _ in self._waiting.pop(code.sha256, ()):
            again()

    @Slot()
    def _on_no(self) -> None:
        for _, declined in self._waiting.pop(self._dialog().code.sha256, ()):
            declined()

    def _dialog(self) -> TrustDialog:
        dialog = self.sender()
        assert isinstance(dialog, TrustDialog)
        return dialog
