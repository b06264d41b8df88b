"""A picture of a study: what it draws in any room, and where its trials stand there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from workbench.gui.state.series import Array
from workbench.gui.takeaway.axes import Frame
from workbench.gui.takeaway.graph import Graph
from workbench.gui.takeaway.sheet import Key, Sheet, Table

GAP = 18


@dataclass(frozen=True)
class Places:
    """Points in pixels, and the number of the trial that each stands for."""

    x: Array
    y: Array
    trials: Array

    @classmethod
    def joined(cls, parts: list[Places]) -> Places:
        columns = (
            np.concatenate([getattr(part, name) for part in parts] or [np.empty(0)])
            for name in ("x", "y", "trials")
        )
        return cls(*columns)

    def nearest(self, x: float, y: float, within: float) -> int | None:
        """The trial of the nearest point, if that is near enough."""
        far = np.hypot(self.x - x, self.y - y)
        far = np.where(np.isfinite(far), far, np.inf)
        if not len(far) or far.min() > within:
            return None
        return int(self.trials[far.argmin()])


class Content(Protocol):
    """Draws itself in a box, and says which places there stand for trials."""

    def draw(self, painter: QPainter, box: QRectF) -> None: ...

    def places(self, box: QRectF) -> Places: ...


@dataclass(frozen=True)
class Dots:
    """A graph; ``x`` and ``y`` as its axes take them, of those points that stand for trials."""

    graph: Graph
    x: Array
    y: Array
    trials: Array

    def draw(self, painter: QPainter, box: QRectF) -> None:
        self.graph.draw(painter, box)

    def places(self, box: QRectF) -> Places:
        frame = Frame.within(box, self.graph)
        return Places(frame.x(self.x), frame.y(self.y), self.trials)


@dataclass(frozen=True)
class Side:
    """Several side by side, in rows of ``columns``."""

    parts: tuple[Dots, ...]
    columns: int

    def draw(self, painter: QPainter, box: QRectF) -> None:
        for part, cell in zip(self.parts, self._cells(box), strict=True):
            part.draw(painter, cell)

    def places(self, box: QRectF) -> Places:
        cells = self._cells(box)
        return Places.joined([part.places(c) for part, c in zip(self.parts, cells, strict=True)])

    def _cells(self, box: QRectF) -> list[QRectF]:
        rows = -(-len(self.parts) // self.columns)
        wide, high = (box.width() + GAP) / self.columns, (box.height() + GAP) / rows
        return [
            QRectF(
                box.left() + at % self.columns * wide,
                box.top() + at // self.columns * high,
                wide - GAP,
                high - GAP,
            )
            for at in range(len(self.parts))
        ]


@dataclass(frozen=True)
class Picture:
    """``notes`` stand above it, or below the title in a file."""

    name: str
    title: str
    content: Content
    table: Table
    notes: tuple[str, ...] = ()
    legend: tuple[Key, ...] = ()

    def sheet(self) -> Sheet:
        return Sheet(
            f"search-{self.name}", self.title, self.content, self.table, self.notes, self.legend
        )
