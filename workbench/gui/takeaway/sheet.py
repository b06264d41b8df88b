"""What a plot gives away: a title, what it draws, what tells its parts apart, and its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

Cell = str | int | float
WIDTH = 800
"""Of the page for which sizes are given; on a larger one everything is larger."""


@dataclass(frozen=True)
class Table:
    """Rows of cells under a header; units stand in the header."""

    header: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Key:
    """An entry of the legend: a line, a mark, a filled band or a dot, and what it stands for."""

    title: str
    token: str
    dashed: bool = False
    symbol: str = ""
    line: bool = True
    alpha: float = 1.0
    band: bool = False


class Content(Protocol):
    """Draws itself in the colours that are worn, in pixels of a page of `WIDTH`."""

    def draw(self, painter: QPainter, box: QRectF) -> None: ...


@dataclass(frozen=True)
class Sheet:
    """Taken at one moment: what goes on in the window does not change it.

    ``name`` is what its files are called, without a suffix; ``notes`` stand below the title.
    """

    name: str
    title: str
    content: Content
    table: Table
    notes: tuple[str, ...] = ()
    legend: tuple[Key, ...] = field(default=())


Source = Callable[[], Sheet | None]
"""What a plot draws now; None where it draws nothing."""
