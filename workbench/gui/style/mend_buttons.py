"""Buttons that end a trouble by one setting each."""

from __future__ import annotations

from functools import partial
from typing import Literal, NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QPushButton, QWidget

from workbench.core.findings import Mend

GAP = 6
DIRECT = Qt.FindChildOption.FindDirectChildrenOnly


class Offer(NamedTuple):
    """A mend, what its button says, and for what the user is asked where only he can tell."""

    mend: Mend
    text: str
    ask: Literal["", "file", "folder", "value"] = ""


class MendButtons(QWidget):
    """`wanted` carries the offer that was clicked; ``name`` is the start of the buttons' names."""

    wanted = Signal(object)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self._offers: tuple[Offer, ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self._row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.hide()

    def offer(self, offers: tuple[Offer, ...]) -> None:
        self.setVisible(bool(offers))
        if offers == self._offers:
            return
        self._offers = offers
        while (item := self._row.takeAt(0)) is not None:
            if (button := item.widget()) is not None:
                button.hide()
                button.deleteLater()
        for offer in offers:
            self._row.addWidget(self._button(offer), 0, Qt.AlignmentFlag.AlignLeft)
        self._row.addStretch(1)
        self._turn()

    @property
    def _widths(self) -> list[int]:
        buttons = self.findChildren(QPushButton, options=DIRECT)
        return [button.sizeHint().width() for button in buttons if not button.isHidden()]

    def sizeHint(self) -> QSize:
        """The width of all of them beside each other."""
        needed = sum(self._widths) + GAP * (len(self._widths) - 1)
        return QSize(max(needed, 0), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self._widths, default=0), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        """Beside each other where there is room, else below each other."""
        way, fits = QBoxLayout.Direction, self.sizeHint().width() <= self.width()
        self._row.setDirection(way.LeftToRight if fits else way.TopToBottom)

    def _button(self, offer: Offer) -> QPushButton:
        button = QPushButton(offer.text, self)
        button.setObjectName(f"{self._name}.use.{offer.ask or offer.mend.value}")
        button.setAccessibleName(offer.text)
        button.setToolTip(self.tr("Changes this setting; Ctrl+Z takes it back"))
        button.clicked.connect(partial(self._on_clicked, offer))
        return button

    def _on_clicked(self, offer: Offer, checked: bool = False) -> None:
        self.wanted.emit(offer)
