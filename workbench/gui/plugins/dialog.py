"""The question before a package runs: what it is and adds, where it lies, and with which rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from workbench.core import trust
from workbench.core.errors import printable
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.plugins.package import Package


class PackageDialog(QDialog):
    """Trusting is the choice that is not preselected."""

    def __init__(self, package: Package, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.plugin")
        self.setWindowTitle(self.tr("Trust this package?"))
        self.resize(620, 420)
        self.package = package
        files = QPlainTextEdit(_files(package), self)
        files.setObjectName("dialog.plugin.files")
        files.setAccessibleName(self.tr("Files of the package"))
        files.setToolTip(self.tr("What is installed; open a file to read it"))
        files.setReadOnly(True)
        warning = self.tr(
            "It runs with your rights: it can read, change and send your files. Trust it only if "
            "you know where it comes from. The trust holds for exactly this version and content."
        )
        adds = self.tr("{0} adds: {1}").format(package, package.offers)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(label(self.tr("Trust this package?"), "title"))
        layout.addWidget(label(adds, wrap=True))
        layout.addWidget(label(warning, wrap=True))
        layout.addWidget(label(f"SHA-256  {package.sha256}", "small", wrap=True))
        for note in self._notes():
            layout.addWidget(label(note, "error", wrap=True))
        layout.addWidget(files, 1)
        layout.addWidget(self._make_buttons())

    def _notes(self) -> list[str]:
        """What else a person should know before deciding."""
        notes, damage = [], trust.damage()
        if self.package.edited_in is not None:
            text = self.tr("It is edited in {0}: changes there are not asked about.")
            notes.append(text.format(printable(self.package.edited_in)))
        if damage:
            notes.append(self.tr("What you trusted before is lost: {0}").format(damage))
        return notes

    def _make_buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(self)
        roles = QDialogButtonBox.ButtonRole
        yes = box.addButton(self.tr("Trust this package"), roles.AcceptRole)
        no = box.addButton(self.tr("Don't trust"), roles.RejectRole)
        yes.setObjectName("dialog.plugin.accept")
        no.setObjectName("dialog.plugin.reject")
        for button in (yes, no):
            button.setAccessibleName(button.text())
        yes.setToolTip(self.tr("Run this package, until its version or content changes"))
        no.setToolTip(self.tr("Leave it out: nothing of it runs"))
        yes.setAutoDefault(False)
        no.setDefault(True)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        return box


def _files(package: Package) -> str:
    found = sorted(map(str, package.distribution.files or ()))
    places = (package.distribution.locate_file(file) for file in found)
    return "\n".join(printable(place) for place in places)
