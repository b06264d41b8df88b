"""What is wrong with a layout: text that is cut, widgets that overlap or leave their parent."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QDockWidget,
    QLabel,
    QMainWindow,
    QSplitterHandle,
    QTabBar,
    QToolButton,
    QWidget,
)

from workbench.gui.kinds.pictures.slot import SupportSlot
from workbench.gui.plots.chart import Chart
from workbench.gui.style.widgets import OneLine

SLACK = 1
WHOLE = (QComboBox, QAbstractSpinBox, QAbstractItemView, QTabBar, SupportSlot, QMainWindow, Chart)
"""Whose children lie on each other by design, as a plot and its button do, or are Qt's own."""


def seen(root: QWidget) -> Iterator[QWidget]:
    """Visible widgets with any size, Qt's inner ones left out."""
    for widget in root.findChildren(QWidget):
        parent = widget.parentWidget()
        inner = isinstance(parent, WHOLE[:4]) or widget.objectName().startswith("qt_")
        if widget.isVisible() and not inner and not _is_behind(widget, root):
            yield widget


def _is_behind(widget: QWidget, root: QWidget) -> bool:
    """In a dock that stands behind another one's tab, which Qt moves far away; or elsewhere."""
    dock: QWidget | None = widget
    while dock is not None and not isinstance(dock, QDockWidget):
        dock = dock.parentWidget()
    away = dock is not None and dock.x() + dock.width() < 0
    return away or widget.window() is not root.window()


def place(widget: QWidget) -> str:
    names, at = [], widget
    while at is not None and len(names) < 4:
        names.append(at.objectName() or type(at).__name__)
        at = at.parentWidget()  # type: ignore[assignment]
    text = widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else ""
    return f"{' < '.join(names)} {text!r} {widget.geometry().getRect()}"


def cut_texts(root: QWidget) -> list[str]:
    """Texts that do not fit, unless an ellipsis and a tooltip say so."""
    found = []
    for widget in seen(root):
        if isinstance(widget, QLabel) and widget.text() and not isinstance(widget, OneLine):
            found += [place(widget)] * _label_is_cut(widget)
        elif isinstance(widget, QAbstractButton) and _shows_text(widget):
            found += [place(widget)] * (widget.sizeHint().width() > widget.width() + SLACK)
        elif isinstance(widget, QComboBox):
            found += [place(widget)] * _choice_is_cut(widget)
        elif isinstance(widget, QAbstractSpinBox):
            room = widget.lineEdit().contentsRect().width()
            text = widget.fontMetrics().horizontalAdvance(widget.text())
            found += [place(widget)] * (text > room + SLACK)
    return found


def _label_is_cut(label: QLabel) -> bool:
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height() + 2 * SLACK
    return label.minimumSizeHint().width() > label.width() + SLACK


def _shows_text(button: QAbstractButton) -> bool:
    only = Qt.ToolButtonStyle.ToolButtonIconOnly
    icon_only = isinstance(button, QToolButton) and button.toolButtonStyle() == only
    return bool(button.text()) and not icon_only


def _choice_is_cut(box: QComboBox) -> bool:
    arrow = 30
    wanted = box.fontMetrics().horizontalAdvance(box.currentText())
    return wanted > box.width() - arrow and box.currentText() not in box.toolTip()


def overlaps(root: QWidget) -> list[str]:
    """Visible siblings that lie on each other."""
    found = []
    for parent in [root, *seen(root)]:
        if isinstance(parent, WHOLE):
            continue
        children = [w for w in parent.children() if isinstance(w, QWidget)]
        shown = [w for w in children if w.isVisible() and not _is_overlay(w)]
        for number, one in enumerate(shown):
            for other in shown[number + 1 :]:
                common = one.geometry().intersected(other.geometry())
                if common.width() > SLACK and common.height() > SLACK:
                    found.append(f"{place(one)} and {place(other)}")
    return found


def _is_overlay(widget: QWidget) -> bool:
    return widget.isWindow() or isinstance(widget, QSplitterHandle)


def outside(root: QWidget) -> list[str]:
    """What is not wholly within the window; who scrolls, or is scrolled, is left out."""
    found = []
    for widget in seen(root):
        scrolled, parent = False, widget.parentWidget()
        while parent is not None and parent is not root:
            scrolled |= isinstance(parent, QAbstractScrollArea)
            parent = parent.parentWidget()
        if scrolled:
            continue
        above = widget.parentWidget()
        assert above is not None
        box = QRect(widget.mapTo(above, QPoint()), widget.size())
        if not above.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(box):
            found.append(place(widget))
    return found


def faults(root: QWidget) -> list[str]:
    return [
        f"{kind}: {text}"
        for kind, texts in (
            ("cut", cut_texts(root)),
            ("overlap", overlaps(root)),
            ("outside", outside(root)),
        )
        for text in texts
    ]
