"""Boxes as a hand changes them: which part of one is held, and where it then lies."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt

from workbench.gui.kinds.boxes.task import Box

REACH = 6.0
"""Pixels: as close as this the mouse means an edge or a corner."""
LEAST = 3 / 64
"""Of a side, as a share of the scene's."""

Grip = tuple[int, int]
"""Which edges are held: -1 left or top, 1 right or bottom, 0 neither; (0, 0) is all of the box."""

CURSORS = {
    (0, 0): Qt.CursorShape.SizeAllCursor,
    (-1, 0): Qt.CursorShape.SizeHorCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, -1): Qt.CursorShape.SizeVerCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (-1, -1): Qt.CursorShape.SizeFDiagCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 1): Qt.CursorShape.SizeBDiagCursor,
}


def rect_of(box: Box, tile: QRectF) -> QRectF:
    """A box in the pixels of a tile."""
    cx, cy, w, h = box
    left, top = tile.x() + (cx - w / 2) * tile.width(), tile.y() + (cy - h / 2) * tile.height()
    return QRectF(left, top, w * tile.width(), h * tile.height())


def grip_at(rect: QRectF, at: QPointF) -> Grip | None:
    """What the mouse means at a point; None where it means something else than this box."""
    if not rect.adjusted(-REACH, -REACH, REACH, REACH).contains(at):
        return None
    across = _edge(at.x(), rect.left(), rect.right())
    down = _edge(at.y(), rect.top(), rect.bottom())
    return across, down


def _edge(at: float, low: float, high: float) -> int:
    """Of a small box only the outside of its edges is meant, so that its middle can be held."""
    inner = min(REACH, (high - low) / 4)
    if at <= low + inner:
        return -1
    return 1 if at >= high - inner else 0


def between(one: tuple[float, float], other: tuple[float, float]) -> Box:
    """The box with two corners, as large as a box must be, and inside."""
    (x0, y0), (x1, y1) = one, other
    across, down = _span(min(x0, x1), max(x0, x1)), _span(min(y0, y1), max(y0, y1))
    return _box(across, down)


def moved(box: Box, dx: float, dy: float) -> Box:
    """By shares of the scene's sides; it stops at the edge."""
    cx, cy, w, h = box
    return _inside(cx + dx, w), _inside(cy + dy, h), w, h


def resized(box: Box, grip: Grip, dx: float, dy: float) -> Box:
    """With the edges that are held moved; the opposite ones stay where they are."""
    cx, cy, w, h = box
    across = _stretched(cx - w / 2, cx + w / 2, grip[0], dx)
    down = _stretched(cy - h / 2, cy + h / 2, grip[1], dy)
    return _box(across, down)


def _stretched(low: float, high: float, held: int, by: float) -> tuple[float, float]:
    if held < 0:
        low = min(max(low + by, 0.0), high - LEAST)
    if held > 0:
        high = max(min(high + by, 1.0), low + LEAST)
    return low, high


def _span(low: float, high: float) -> tuple[float, float]:
    high = max(high, low + LEAST)
    return (1 - LEAST, 1.0) if high > 1 else (low, high)


def _box(across: tuple[float, float], down: tuple[float, float]) -> Box:
    (left, right), (top, bottom) = across, down
    return (left + right) / 2, (top + bottom) / 2, right - left, bottom - top


def _inside(centre: float, size: float) -> float:
    return min(max(centre, size / 2), 1 - size / 2)
