"""Tab goes where the eye goes: through what is laid out, in the order in which it is laid out.

Qt's own chain is the order in which widgets were made, and forms are made anew all the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QGraphicsView,
    QGridLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QWidget,
)

WHOLE = (QAbstractItemView, QAbstractSpinBox, QComboBox, QGraphicsView)
"""Widgets whose parts are their own affair."""


def step(regions: Sequence[QWidget], forward: bool) -> bool:
    """Give the focus to the next widget, or to the one before; whether there is any."""
    stops = [stop for region in regions for stop in stops_in(region)]
    if not stops:
        return False
    target = _next(stops, QApplication.focusWidget(), forward)
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    target.setFocus(reason)
    _bring_into_view(target)
    return True


def stops_in(widget: QWidget) -> Iterator[QWidget]:
    """What Tab stops at, in the order of the layout."""
    if not widget.isVisible() or not widget.isEnabled():
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    if not isinstance(widget, WHOLE):
        for part in _parts(widget):
            yield from stops_in(part)


def _next(stops: list[QWidget], now: QWidget | None, forward: bool) -> QWidget:
    if now in stops:
        index = stops.index(now)
        return stops[(index + (1 if forward else -1)) % len(stops)]
    within = [i for i, stop in enumerate(stops) if now is not None and now.isAncestorOf(stop)]
    first = within[0] if within else 0
    return stops[first if forward else first - 1]


def _parts(widget: QWidget) -> list[QWidget]:
    if isinstance(widget, QTabWidget):
        return _there([widget.tabBar(), widget.currentWidget()])
    if isinstance(widget, QSplitter):
        return _there(widget.widget(index) for index in range(widget.count()))
    if isinstance(widget, QScrollArea):
        return _there([widget.widget()])
    if isinstance(widget, QDockWidget):
        return _there([widget.titleBarWidget(), widget.widget()])
    layout = widget.layout()
    if layout is not None:
        return list(_laid_out(layout))
    children = [c for c in widget.children() if isinstance(c, QWidget) and not c.isWindow()]
    return sorted(children, key=lambda child: (child.y(), child.x()))


def _there(parts: Iterable[QWidget | None]) -> list[QWidget]:
    return [part for part in parts if part is not None]


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for index in _order(layout):
        item = layout.itemAt(index)
        assert item is not None
        inner = item.widget()
        if inner is not None:
            yield inner
        elif (deeper := item.layout()) is not None:
            yield from _laid_out(deeper)


def _order(layout: QLayout) -> list[int]:
    """A grid is read row by row."""
    indices = list(range(layout.count()))
    if isinstance(layout, QGridLayout):
        grid = layout
        places = {index: grid.getItemPosition(index) for index in indices}
        indices.sort(key=lambda index: (places[index][0], places[index][1]))  # type: ignore[index]
    return indices


def _bring_into_view(widget: QWidget) -> None:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()
