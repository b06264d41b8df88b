"""Lines of a list as blocks of a page: all as high, and as wide as what stands in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from workbench.gui.style import theme
from workbench.gui.takeaway.flow import Block

SMALL, BESIDE, WIDEST = 12, 90, 460
"""Pixels of letters in a list, of what stands beside a text, and of a text at most."""
Draw = Callable[[QPainter, QRectF], None]


def least(texts: Iterable[str]) -> float:
    """Pixels of a column in which the lines of a file are whole, if they are not very long."""
    metrics = theme.current().metrics(SMALL)
    return BESIDE + min(max(map(metrics.horizontalAdvance, texts)), WIDEST)


def fixed(high: float, draw: Draw) -> Block:
    """As high at every width."""
    return Block(lambda width: high, draw)
