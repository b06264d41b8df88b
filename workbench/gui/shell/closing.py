"""Closing while a run is going on: ask, stop, keep, and only then close.

What a process of its own trains may go on without the window.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from workbench.gui.state.workspace import Workspace

PATIENCE_MS = 10_000


class Closing(QObject):
    """OPEN -> (asked) -> STOPPING -> CLOSED; the event loop runs all the while."""

    def __init__(self, workspace: Workspace, window: QWidget) -> None:
        super().__init__(window)
        self._workspace, self._window = workspace, window
        self._begun = False
        self._given_up = False
        self._box: QMessageBox | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._give_up)
        workspace.training.stateChanged.connect(self._on_state)

    def may_close(self) -> bool:
        """Whether to close now; if not, the question is on the screen or the run is ending."""
        if not self._workspace.training.busy or self._given_up:
            return True
        if not self._begun:
            self._ask()
        return False

    def begin(self) -> None:
        """Stop the run with a checkpoint, then close."""
        self._begun = True
        if not self._workspace.training.busy:
            self._window.close()
            return
        self._patience.start(PATIENCE_MS)
        self._workspace.training.stop()

    def _ask(self) -> None:
        if self._box is not None and self._box.isVisible():
            return
        if self._box is not None:
            self._box.deleteLater()
        self._box = self._make_box()
        self._box.open()

    def _make_box(self) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setObjectName("dialog.close")
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("A run is going on"))
        box.setText(self.tr("A run is going on."))
        box.setInformativeText(self.tr("Stop it, keep a checkpoint to resume from, and close?"))
        if self._workspace.training.is_apart:
            self._add_way_on(box)
        stop = box.addButton(self.tr("Stop and keep"), QMessageBox.ButtonRole.AcceptRole)
        cancel = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        stop.setObjectName("dialog.close.stop")
        cancel.setObjectName("dialog.close.cancel")
        box.setDefaultButton(stop)
        box.setEscapeButton(cancel)
        box.accepted.connect(self.begin)
        return box

    def _add_way_on(self, box: QMessageBox) -> None:
        box.setInformativeText(
            self.tr(
                "It is trained in a process of its own. Let it go on without the window, to be "
                "taken up by the next one, or stop it and keep a checkpoint?"
            )
        )
        on = box.addButton(self.tr("Let it go on"), QMessageBox.ButtonRole.ActionRole)
        on.setObjectName("dialog.close.goOn")
        on.clicked.connect(self._let_go)

    @Slot()
    def _let_go(self) -> None:
        self._workspace.training.let_go()
        self._window.close()

    @Slot()
    def _on_state(self) -> None:
        if not self._workspace.training.busy and self._box is not None and self._box.isVisible():
            self._box.reject()
        if self._begun and not self._workspace.training.busy:
            self._patience.stop()
            self._window.close()

    @Slot()
    def _give_up(self) -> None:
        self._given_up = True
        self._window.close()
