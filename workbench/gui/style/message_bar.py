"""Trouble, said in words where the user looks, without a dialog in the way."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from workbench.core.errors import BadInput, Missing, printable
from workbench.core.findings import Finding
from workbench.gui.style import theme
from workbench.gui.style.levels import level_of
from workbench.gui.style.mend_buttons import MendButtons, Offer
from workbench.gui.style.widgets import label


class MessageBar(QFrame):
    """Shows the newest message until it is closed, or its cause is gone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self.setAccessibleName(self.tr("Message"))
        self._icon = QLabel(self)
        self._text = label("", wrap=True)
        self._text.setObjectName("messageBar.text")
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.mends = MendButtons("messageBar", self)
        close = QToolButton(self)
        close.setObjectName("messageBar.close")
        close.setAccessibleName(self.tr("Close the message"))
        close.setToolTip(self.tr("Close"))
        theme.current().set_icon(close, "close", "muted")
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 8, 8)
        layout.setSpacing(10)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.mends)
        layout.addWidget(close)
        self._trouble: object = None
        theme.current().follow(self._show_icon)
        self._show_icon()
        self.hide()

    @Slot()
    def _show_icon(self) -> None:
        level = level_of(self._trouble)
        self._icon.setPixmap(theme.current().pixmap(level.icon, 18, level.token))

    @property
    def text(self) -> str:
        return self._text.text()

    def show_trouble(self, trouble: object, offers: tuple[Offer, ...] = ()) -> None:
        """In the style of its level, with buttons for what would end it."""
        self._trouble = trouble
        self._text.setText(sentence(trouble))
        self.mends.offer(offers)
        self.setProperty("banner", level_of(trouble).name)
        self.style().unpolish(self)
        self.style().polish(self)
        self._show_icon()
        self.show()

    @Slot(object)
    def end_trouble(self, trouble: object) -> None:
        if trouble is self._trouble:
            self._trouble = None
            self.hide()


def sentence(trouble: object) -> str:
    """A `BadInput` names the field; any other error keeps its kind."""
    if isinstance(trouble, Missing):
        return f"{trouble.remedy}."
    if isinstance(trouble, Finding):
        return f"{trouble}."
    if isinstance(trouble, BadInput) or not isinstance(trouble, BaseException):
        return str(trouble)
    return printable(f"{type(trouble).__name__}: {trouble}")
