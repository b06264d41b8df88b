"""Tab goes where the eye goes: line by line, and column by column where there are columns.

Found from where widgets are at the time of the key press. The order that Qt keeps is that of
creation: what is made anew, as slots and cards are with every other shape of task, comes last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

MARGIN = 16
"""Pixels brought into sight around what has the focus; of a field Qt takes only its cursor."""


def move(root: QWidget, current: QWidget | None, forward: bool) -> bool:
    """Give the focus to the neighbour, and bring it into sight; False where there is none."""
    target = neighbour(root, current, forward)
    if target is None:
        return False
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    target.setFocus(reason)
    area = target.parentWidget()
    while area is not None:
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(target, MARGIN, MARGIN)
        area = area.parentWidget()
    return True


def neighbour(root: QWidget, current: QWidget | None, forward: bool) -> QWidget | None:
    """Where Tab (or Shift+Tab) goes from ``current``; round at the ends."""
    stops = list(in_order(root))
    if not stops:
        return None
    if current not in stops:
        return stops[0 if forward else -1]
    return stops[(stops.index(current) + (1 if forward else -1)) % len(stops)]


def in_order(root: QWidget) -> Iterator[QWidget]:
    """Every widget below ``root`` that Tab can reach, as one reads them."""
    children = (child for child in root.children() if isinstance(child, QWidget))
    for widget in _read([child for child in children if _is_seen(child)]):
        within = list(in_order(widget))
        if _is_stop(widget) and not (within and isinstance(widget, QScrollArea)):
            yield widget
        yield from within


def _is_seen(child: QWidget) -> bool:
    return child.isVisible() and not child.isWindow()


def _is_stop(widget: QWidget) -> bool:
    reachable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(reachable) and widget.isEnabled() and widget.focusProxy() is None


def _read(widgets: Sequence[QWidget]) -> list[QWidget]:
    """Lines from above to below, each from left to right.

    A widget stands in the line whose first one it has its middle beside: then a high column on the
    left does not come apart, and what is stacked on the right of it follows it.
    """
    lines: list[list[QWidget]] = []
    for widget in sorted(widgets, key=lambda widget: (widget.y(), widget.x())):
        if lines and _beside(lines[-1][0].geometry(), widget.geometry()):
            lines[-1].append(widget)
        else:
            lines.append([widget])
    return [w for line in lines for w in sorted(line, key=lambda w: (w.x(), w.y()))]


def _beside(first: QRect, other: QRect) -> bool:
    return first.top() <= other.center().y() <= first.bottom()
