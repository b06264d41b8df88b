"""What About says of plug-ins: package, version, what it adds, whether it is trusted, its fault."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from workbench.core import safe_mode
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.plugins.package import Package
    from workbench.plugins.roster import Plugin

Review = Callable[["Package"], None]


def tr(text: str) -> str:
    return QCoreApplication.translate("PluginList", text)


class PluginList(QWidget):
    """A line for each package that was found; those that wait for a decision have a button.

    A click ends the box that the list stands in, then asks.
    """

    def __init__(self, box: QDialog, width: int, review: Review) -> None:
        super().__init__(box)
        self.setObjectName("about.plugins")
        self._box, self._width, self._review = box, width, review
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._fill()

    def _fill(self) -> None:
        from workbench.plugins import roster

        if safe_mode.on():
            self._say(tr("Safe mode: no plug-in and no file of yours runs."))
        for plugin in roster.plugins():
            self._say(_line(plugin))
            if plugin.state is roster.State.UNTRUSTED:
                self._column.addWidget(self._button(plugin.package))

    def _say(self, text: str) -> None:
        line = label(text, wrap=True)
        line.setFixedWidth(self._width)
        self._column.addWidget(line)

    def _button(self, package: Package) -> QPushButton:
        button = QPushButton(tr("Review and decide…"), self)
        button.setObjectName(f"about.plugins.{package.key}")
        button.setAccessibleName(tr("Review the package {0}").format(package))
        button.setToolTip(tr("Shows what it is before it may run"))
        button.setAutoDefault(False)
        button.clicked.connect(partial(self._on_clicked, package))
        return button

    def _on_clicked(self, package: Package, checked: bool = False) -> None:
        self._box.accept()
        self._review(package)


def _line(plugin: Plugin) -> str:
    from workbench.plugins.roster import State

    states = {
        State.OFF: tr("off in safe mode"),
        State.UNTRUSTED: tr("not trusted, so nothing of it runs"),
        State.LOADED: tr("trusted"),
        State.FAILED: tr("trusted, and left out: it {0}").format(plugin.problem),
    }
    text = tr("Plug-in {0}: {1} ({2})")
    return text.format(plugin.package, plugin.package.offers, states[plugin.state])
