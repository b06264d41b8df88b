"""An axis that is cheap to redraw many times a second."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg

from workbench.gui.style.theme import Theme


class QuietAxis(pg.AxisItem):  # type: ignore[misc]
    """Draws directly what it has computed, and major ticks only.

    The original replays a recorded picture at each paint; with text in it that takes 6 ms.
    """

    def __init__(self, orientation: str) -> None:
        self._specs: Any = None
        self.picture: Any = None
        super().__init__(orientation, maxTickLength=-4)
        self.enableAutoSIPrefix(False)
        self.setStyle(tickTextOffset=4, maxTickLevel=0)

    def follow(self, look: Theme) -> None:
        """Take on the colours and the type of a theme."""
        self.setPen(pg.mkPen(look.color("borderStrong")))
        self.setTickPen(pg.mkPen(look.mixed("border", 0.7)))
        self.setTextPen(look.color("muted"))
        self.setTickFont(look.font(11))
        self.label.setFont(look.font(11))

    def paint(self, painter: Any, option: Any, widget: Any) -> None:
        if self.picture is None:
            if self.style["tickFont"] is not None:
                painter.setFont(self.style["tickFont"])
            self._specs = self.generateDrawSpecs(painter)
            self.picture = self._specs
        if self._specs is not None:
            painter.save()
            self.drawPicture(painter, *self._specs)
            painter.restore()
