"""The question before a user's own code runs: what it is, where it is, and with which rights."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workbench.core import trust
from workbench.core.errors import printable
from workbench.core.user_code import Untrusted
from workbench.gui.state.workspace import Workspace
from workbench.gui.style.widgets import label


class TrustNotice(QFrame):
    """Stands in a section of the settings while its file is not trusted as it is now."""

    def __init__(self, workspace: Workspace, section: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = section
        self.setObjectName(f"settings.{section}.trust")
        self.setAccessibleName(self.tr("Trust question"))
        self.setProperty("banner", "info")
        self._workspace = workspace
        self.button = QPushButton(self.tr("Review and decide…"), self)
        self.button.setObjectName(f"settings.{section}.trust.review")
        self.button.setAccessibleName(self.tr("Review the file"))
        self.button.setToolTip(self.tr("Shows the source before it may run"))
        self.button.clicked.connect(self.ask)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        text = self.tr("This file is a program. It has not been trusted yet and does not run.")
        layout.addWidget(label(text, wrap=True))
        layout.addWidget(self.button)
        self._asked = ""
        workspace.draft.changed.connect(self.refresh)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.applicationStateChanged.connect(self._on_activity)
        self.hide()

    @property
    def untrusted(self) -> Untrusted | None:
        """The refusal to decide about: a chosen file that is not, or no longer, trusted."""
        found = (p for p in self._workspace.draft.problems if isinstance(p, Untrusted))
        return next((p for p in found if p.where.startswith(f"{self.section}.")), None)

    @Slot()
    def refresh(self) -> None:
        """Each content of a file is asked about once by itself, then when the button is pressed."""
        refused = self.untrusted
        self.setVisible(refused is not None)
        if refused is None:
            self._asked = ""
        elif refused.code.sha256 != self._asked and self.window().isVisible():
            self.ask()

    @Slot()
    def ask(self) -> None:
        refused = self.untrusted
        if refused is not None:
            self._asked = refused.code.sha256
            self._workspace.troubles.untrusted.emit(refused, _nothing, _nothing)

    @Slot()
    def _on_activity(self) -> None:
        """Back from another program, an editor perhaps: is the file still the trusted one?"""
        if self._workspace.ready:
            self._workspace.draft.recheck()


def _nothing() -> None:
    """The draft is checked again after every yes, and its notice stays after a no."""


class TrustDialog(QDialog):
    """Path, fingerprint, rights and source; trusting is the choice that is not preselected."""

    def __init__(self, refused: Untrusted, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.trust")
        self.setWindowTitle(self.tr("Trust this file?"))
        self.resize(680, 560)
        self.code = refused.code
        preview = QPlainTextEdit(refused.code.shown, self)
        preview.setObjectName("dialog.trust.source")
        preview.setToolTip(self.tr("Exactly what would run"))
        preview.setReadOnly(True)
        preview.setAccessibleName(self.tr("Source of the file"))
        preview.setStyleSheet("font-family: monospace; font-size: 12px;")
        warning = self.tr(
            "It runs with your rights: it can read, change and send your files. "
            "Trust it only if you know what it does. The trust holds for exactly this content."
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(label(self.tr("Trust this file?"), "title"))
        layout.addWidget(label(warning, wrap=True))
        layout.addWidget(label(printable(self.code.path), "muted", wrap=True))
        layout.addWidget(label(f"SHA-256  {self.code.sha256}", "small", wrap=True))
        for note in self._notes(refused):
            layout.addWidget(label(note, "error", wrap=True))
        layout.addWidget(preview, 1)
        layout.addWidget(self._make_buttons())

    def _notes(self, refused: Untrusted) -> list[str]:
        """What else a person should know before deciding."""
        notes, damage = [], trust.damage()
        if refused.recorded and refused.recorded != self.code.sha256:
            notes.append(self.tr("The file has changed since the run was recorded with it."))
        if damage:
            notes.append(self.tr("What you trusted before is lost: {0}").format(damage))
        return notes

    def _make_buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(self)
        trust = box.addButton(self.tr("Trust this file"), QDialogButtonBox.ButtonRole.AcceptRole)
        refuse = box.addButton(self.tr("Don't trust"), QDialogButtonBox.ButtonRole.RejectRole)
        trust.setObjectName("dialog.trust.accept")
        refuse.setObjectName("dialog.trust.reject")
        for button in (trust, refuse):
            button.setAccessibleName(button.text())
        trust.setToolTip(self.tr("Run this file, until its content changes"))
        refuse.setToolTip(self.tr("Leave it refused: nothing of it runs"))
        trust.setAutoDefault(False)
        refuse.setDefault(True)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        return box
