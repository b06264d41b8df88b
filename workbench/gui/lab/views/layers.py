"""How far each tensor moved in the step looked at, relative to its own size."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.gui.lab.state import LabState
from workbench.gui.lab.views import tables
from workbench.gui.lab.views.view import View
from workbench.gui.style import paint
from workbench.gui.takeaway.drawing import Drawing, Drawn
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet

ROW, BAR, HEAD = 18, 6, 26
VALUE_WIDTH = 46
LEAST_BAR = 40
GAP = 20
MIDDLE = Qt.AlignmentFlag.AlignVCenter


class LayerBars(Drawing, View):
    """One bar a tensor, those that move first, the longest one full."""

    name = "layers"

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self.norms: dict[str, float] = {}
        self._short: dict[str, str] = {}
        self.setAccessibleName(self.tr("Update norm of each layer"))
        self.setToolTip(self.tr("Norm of this step's change, relative to the layer's own norm"))
        state.stepsChanged.connect(state.turns.take(self.refresh))
        state.cursorChanged.connect(self.refresh)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        button = TakeAwayButton(self.sheet, "lab.layers", self)
        row.addWidget(button, 1, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self.refresh()

    def title(self) -> str:
        return self.tr("Layers")

    def tip(self) -> str:
        return self.tr("How far each layer moved in the step looked at")

    def offered(self) -> bool:
        return self._state.stepwise

    @Slot()
    def refresh(self) -> None:
        step = self._state.current
        self.norms = dict(step.update_norms) if step is not None else {}
        self._short = shortened(self._state.steps[-1].update_norms) if self._state.steps else {}
        self.setAccessibleDescription(
            ", ".join(f"{name} {value:.2g}" for name, value in self.norms.items())
        )
        self.update()

    def sheet(self) -> Sheet | None:
        if not self.norms:
            return None
        table, note = tables.norms(self.norms), self.toolTip()
        return Sheet("layers", self.accessibleName(), Drawn(self), table, (note,))

    @property
    def headline(self) -> str:
        """How much of the model the step moves."""
        step = self._state.current
        if step is None or not self.norms:
            return self.tr("Nothing moves before the first step.")
        moved = sum(1 for value in self.norms.values() if value != 0)
        text = self.tr("Step {0} moves {1} of {2} tensors.")
        return text.format(step.step, moved, len(self.norms))

    def needed(self, width: int) -> int:
        """The height for all rows, those of the last step where this one has none yet."""
        return HEAD + self._shape(width)[1] * ROW + 6

    def needs(self, width: int) -> int:
        return self.needed(width)

    def _shape(self, width: int) -> tuple[int, int]:
        """Columns and rows."""
        column = self._name_width() + LEAST_BAR + VALUE_WIDTH + GAP
        columns = max((width + GAP) // column, 1)
        return columns, -(-len(self._short) // columns)

    def _name_width(self) -> int:
        metrics = QFontMetrics(paint.small_font(self.font()))
        return max(map(metrics.horizontalAdvance, self._short.values()), default=0) + 12

    def draw(self, painter: QPainter) -> None:
        painter.setFont(paint.small_font(self.font()))
        painter.setPen(paint.colors().muted)
        painter.drawText(QRectF(0, 0, self.room.width(), HEAD), MIDDLE, self.headline)
        finite = [value for value in self.norms.values() if math.isfinite(value)]
        longest = max(finite, default=0.0) or 1.0
        columns, rows = self._shape(int(self.room.width()))
        high = ROW * self.spread
        width = (self.room.width() + GAP) / columns
        ordered = sorted(self.norms.items(), key=lambda item: item[1] == 0)
        for number, (name, value) in enumerate(ordered):
            column, row = divmod(number, rows)
            part = min(value / longest, 1.0) if math.isfinite(value) else 1.0
            box = QRectF(column * width, HEAD + row * high + 2, width - GAP, high)
            self._paint_bar(painter, box, name, value, part)

    def _paint_bar(
        self, painter: QPainter, box: QRectF, name: str, value: float, part: float
    ) -> None:
        colors = paint.colors()
        painter.setPen(colors.muted)
        painter.drawText(box, MIDDLE, self._short[name])
        names = self._name_width()
        beside = (box.height() - BAR * self.spread**0.5) / 2
        track = box.adjusted(names, beside, -VALUE_WIDTH, -beside)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colors.border)
        painter.drawRoundedRect(track, 3, 3)
        painter.setBrush(colors.accent if math.isfinite(value) else colors.bad)
        track.setWidth(track.width() * part)
        painter.drawRoundedRect(track, 3, 3)
        painter.setPen(colors.text if value else colors.muted)
        painter.drawText(box, MIDDLE | Qt.AlignmentFlag.AlignRight, f"{value:.2g}")


def shortened(names: Iterable[str]) -> dict[str, str]:
    """Names without the part that most of them begin with, where they stay apart without it."""
    names = list(names)
    common = Counter(name.partition(".")[0] + "." for name in names if "." in name).most_common(1)
    if not common or common[0][1] <= len(names) / 2:
        return {name: name for name in names}
    short = {name: name.removeprefix(common[0][0]) for name in names}
    return short if len(set(short.values())) == len(names) else {name: name for name in names}
