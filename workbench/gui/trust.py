"""The question before a user's own code runs: what it is, where it is, and with which rights."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.widgets import label
from workbench.gui.workspace import Workspace

MAX_BYTES = 1_000_000
MODEL = "user_module"


class TrustNotice(QFrame):
    """Stands in the settings while the chosen model file is not trusted as it is now."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settings.trust")
        self.setAccessibleName(self.tr("Trust question"))
        self.setProperty("banner", "info")
        self._workspace = workspace
        self.button = QPushButton(self.tr("Review and decide…"), self)
        self.button.setObjectName("settings.trust.review")
        self.button.setAccessibleName(self.tr("Review the model file"))
        self.button.setToolTip(self.tr("Shows the source before it may run"))
        self.button.clicked.connect(self.ask)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        text = self.tr("This model is a program. It has not been trusted yet and does not run.")
        layout.addWidget(label(text, wrap=True))
        layout.addWidget(self.button)
        workspace.draftChanged.connect(self.refresh)
        self.hide()

    @Slot()
    def refresh(self) -> None:
        _, source = self._untrusted()
        self.setVisible(source is not None)

    @Slot()
    def ask(self) -> None:
        file, source = self._untrusted()
        if source is not None:
            dialog = TrustDialog(file, source, self.window())
            dialog.accepted.connect(self._trust)
            dialog.open()

    @Slot()
    def _trust(self) -> None:
        dialog = self.sender()
        assert isinstance(dialog, TrustDialog)
        self._workspace.set_value("model", "sha256", dialog.digest)

    def _untrusted(self) -> tuple[Path, bytes | None]:
        """The chosen file, and its content unless that is what was trusted."""
        model = self._workspace.values["model"]
        file = Path(str(model.get("path") or ""))
        if model.get("name") != MODEL or not file.is_file():
            return file, None
        try:
            source = file.read_bytes() if file.stat().st_size <= MAX_BYTES else None
        except OSError:
            return file, None
        if source is None or hashlib.sha256(source).hexdigest() == model.get("sha256"):
            return file, None
        return file, source


class TrustDialog(QDialog):
    """Path, fingerprint, rights and source; trusting is the choice that is not preselected."""

    def __init__(self, file: Path, source: bytes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.trust")
        self.setWindowTitle(self.tr("Trust this model?"))
        self.resize(680, 560)
        self.digest = hashlib.sha256(source).hexdigest()
        preview = QPlainTextEdit(source.decode("utf-8", "replace"), self)
        preview.setReadOnly(True)
        preview.setAccessibleName(self.tr("Source of the model file"))
        preview.setStyleSheet("font-family: monospace; font-size: 12px;")
        warning = self.tr(
            "It runs with your rights: it can read, change and send your files. "
            "Trust it only if you know what it does. The trust holds for exactly this content."
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(label(self.tr("Trust this model?"), "title"))
        layout.addWidget(label(warning, wrap=True))
        layout.addWidget(label(str(file), "muted", wrap=True))
        layout.addWidget(label(f"SHA-256  {self.digest}", "small", wrap=True))
        layout.addWidget(preview, 1)
        layout.addWidget(self._make_buttons())

    def _make_buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(self)
        trust = box.addButton(self.tr("Trust this file"), QDialogButtonBox.ButtonRole.AcceptRole)
        refuse = box.addButton(self.tr("Don't trust"), QDialogButtonBox.ButtonRole.RejectRole)
        trust.setObjectName("dialog.trust.accept")
        refuse.setObjectName("dialog.trust.reject")
        trust.setAutoDefault(False)
        refuse.setDefault(True)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        return box
