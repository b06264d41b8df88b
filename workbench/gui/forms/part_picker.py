"""A list to choose a part from: titles with their summaries, in groups; who cannot, says why."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QStandardItemModel
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QStylePainter,
    QWidget,
)

from workbench.gui.forms.editors import ChoiceEditor
from workbench.gui.style import theme
from workbench.gui.style.two_line_delegate import (
    INSET,
    LOWER,
    LOWER_TOKEN,
    UPPER_TOKEN,
    Index,
    paint_lines,
)

HEAD, ROW = 28, 36
WIDEST = 620
IS_HEAD = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class PartOffer:
    """One part; ``reason`` says why it cannot be chosen now, and is empty where it can."""

    name: str
    title: str
    summary: str
    group: str = ""
    reason: str = ""


class PartPicker(ChoiceEditor):
    """A choice whose list explains itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers: tuple[PartOffer, ...] = ()
        self.setItemDelegate(PartDelegate(self))
        self.setMaxVisibleItems(40)

    def offer_parts(self, offers: tuple[PartOffer, ...]) -> None:
        """Members of a group follow each other. The list is written anew only where it changed."""
        if offers == self._offers:
            return
        self._offers = offers
        chosen = self.currentData()
        self.clear()
        group = ""
        for offer in offers:
            if offer.group != group:
                group = offer.group
                self._add_head(group)
            self._add(offer)
        self.show_value(chosen)

    def row_of(self, name: str) -> int:
        return self.findData(name)

    def can_choose(self, name: str) -> bool:
        return bool(self.model().index(self.row_of(name), 0).flags() & Qt.ItemFlag.ItemIsEnabled)

    def showPopup(self) -> None:
        """As wide as its summaries, and within the window's side of the screen."""
        self.view().setMinimumWidth(self._wanted_width())
        super().showPopup()
        frame = self.view().window()
        right = self.mapToGlobal(QPoint(self.width(), 0)).x()
        frame.move(max(right - frame.width(), self.screen().geometry().left()), frame.y())

    def paintEvent(self, event: QPaintEvent) -> None:
        """A title longer than the box loses its middle, not its end."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        control, field = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(control, option, field, self).width() - 4
        middle = Qt.TextElideMode.ElideMiddle
        option.currentText = self.fontMetrics().elidedText(self.currentText(), middle, room)
        painter.drawComplexControl(control, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _add_head(self, title: str) -> None:
        self.addItem(title)
        row = self.count() - 1
        self.setItemData(row, True, IS_HEAD)
        self._disable(row)

    def _add(self, offer: PartOffer) -> None:
        self.addItem(offer.title, offer.name)
        row, told = self.count() - 1, offer.reason or offer.summary
        self.setItemData(row, told, LOWER)
        self.setItemData(row, told, Qt.ItemDataRole.ToolTipRole)
        self.setItemData(row, f"{offer.title}: {told}", Qt.ItemDataRole.AccessibleTextRole)
        if offer.reason:
            self.setItemData(row, "faint", UPPER_TOKEN)
            self.setItemData(row, "warning", LOWER_TOKEN)
            self._disable(row)

    def _disable(self, row: int) -> None:
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        model.item(row).setEnabled(False)

    def _wanted_width(self) -> int:
        metrics = self.fontMetrics()
        told = (offer.reason or offer.summary for offer in self._offers)
        widest = max(map(metrics.horizontalAdvance, told), default=0)
        return min(max(widest, self.width()), WIDEST)


class PartDelegate(QStyledItemDelegate):
    """Two lines a part: what it is called, and what it does or why it cannot."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, HEAD if index.data(IS_HEAD) else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, box = theme.current(), QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(IS_HEAD):
            font = look.font(11)
            font.setWeight(QFont.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(look.color("muted"))
            line = box.adjusted(INSET, 0, -INSET, -4)
            painter.drawText(line, Qt.AlignmentFlag.AlignBottom, str(index.data()).upper())
        else:
            if option.state & QStyle.StateFlag.State_Selected:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.color("accentSoft"))
                painter.drawRoundedRect(box.adjusted(2, 1, -2, -1), 5, 5)
            paint_lines(painter, box.adjusted(INSET, 1, -INSET, -1), index)
        painter.restore()
