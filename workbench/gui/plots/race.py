"""A race as one picture: for each contender the metric before and after adapting, best on top.

Dots and intervals in rows, not curves over time: sixteen curves cannot be told apart, and what is
compared is what stands on the test tasks.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.core.curve import Measure
from workbench.core.metric import named
from workbench.gui.style import theme, words
from workbench.gui.style.widgets import label

WIDTH, HEAD, ROW = 940, 150, 32

Row = dict[str, Any]


class RaceFigure(QWidget):
    """Title, terms, one row a contender."""

    def __init__(self, race: dict[str, Any]) -> None:
        super().__init__()
        self.setObjectName("figure.race")
        self.setAccessibleName(self.tr("Race of algorithms"))
        self._race, self._metric = race, str(race["metric"])
        self._log = not named(self._metric).larger_is_better
        rows = race["contenders"]
        self._ranked = sorted((r for r in rows if r["steps"]), key=self._rank)
        self._others = [row for row in rows if not row["steps"]]
        self.view = pg.PlotWidget(self)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 10)
        layout.addWidget(label(self._title(), "title"))
        layout.addWidget(label(self._terms(), "muted", wrap=True))
        layout.addWidget(label(self._legend(), "small"))
        layout.addWidget(self.view, 1)
        self._set_up()
        for place, row in enumerate(self._ranked):
            self._draw(-place, row)
        for place, row in enumerate(self._others, len(self._ranked)):
            first_sentence = row["problem"].partition(". ")[0]
            self._say(-place, first_sentence or self.tr("not run"))
        self.resize(WIDTH, HEAD + ROW * len(rows))

    # --- words -------------------------------------------------------------------------------

    def _title(self) -> str:
        task = self._race["config"]["task"]
        sizes = f"{task['ways']}-way " if "ways" in task else ""
        name = task["name"].replace("_", " ").capitalize()
        return f"{name}, {sizes}{task['shots']}-shot"

    def _terms(self) -> str:
        ((unit, budget),) = self._race["budget"].items()
        limit = {
            "iterations": self.tr("{count} iterations"),
            "seconds": self.tr("{count} s of training"),
            "arithmetic": self.tr("the arithmetic of {count} shared iterations"),
        }[unit].format(count=f"{budget:g}" if unit == "seconds" else words.thousands(budget))
        seeds = ", ".join(str(seed) for seed in self._race["seeds"])
        return self.tr(
            "{limit} each · seed {seeds} · {tasks} test tasks, mean and 95 % confidence interval"
        ).format(limit=limit, seeds=seeds, tasks=words.thousands(self._race["tasks"]))

    def _legend(self) -> str:
        parts = [self.tr("○ before adapting"), self.tr("● after")]
        if any(row["steps"][-1].get("median") is not None for row in self._ranked):
            parts.append(self.tr("◆ its median"))
        if any(row.get("diverged") for row in self._ranked):
            parts.append(self.tr("† diverged, best weights"))
        if len(self._race["seeds"]) > 1:
            parts.append(self.tr("| each seed"))
        if self._race["chance"] is not None:
            parts.append(self.tr("╌ chance"))
        if any(row["transductive"] for row in self._ranked):
            parts.append(self.tr("ᵗ transductive"))
        return "     ".join(parts)

    def _value(self, row: Row) -> str:
        last = row["steps"][-1]
        text = words.measure_text(self._metric, Measure.of(last))
        marks = (" †" if row.get("diverged") else "") + (" ᵗ" if row["transductive"] else "")
        return text + marks

    # --- drawing -----------------------------------------------------------------------------

    def _set_up(self) -> None:
        look, view, count = theme.current(), self.view, len(self._ranked) + len(self._others)
        view.setBackground(look.color("surface"))
        view.setMenuEnabled(False)
        view.hideButtons()
        view.setLabel("bottom", words.axis_title(self._metric))
        view.showAxis("right")
        titles = [row["title"] for row in (*self._ranked, *self._others)]
        values = [self._value(row) for row in self._ranked]
        for side, texts in (("left", titles), ("right", values)):
            axis = view.getAxis(side)
            axis.setTicks([[(-place, text) for place, text in enumerate(texts)]])
            axis.setPen(pg.mkPen(None))
        for side in ("left", "right", "bottom"):
            axis = view.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setTextPen(look.color("text" if side != "bottom" else "muted"))
            axis.setTickFont(look.font(12))
            axis.label.setFont(look.font(12))
        low, high = self._range()
        view.setRange(xRange=(low, high), yRange=(0.6 - count, 0.6), padding=0.01)
        if self._log:
            view.getAxis("bottom").setTicks([_decades(low, high)])
        if self._race["chance"] is not None:
            pen = pg.mkPen(look.color("faint"), style=Qt.PenStyle.DashLine)
            view.addLine(x=100 * self._race["chance"], pen=pen)

    def _range(self) -> tuple[float, float]:
        ends = [self._at(x) for row in self._ranked for x in _shown(row)]
        finite = [x for x in ends if math.isfinite(x)] or [0.0]
        if not self._log:
            return max(0.0, min(finite) - 5), 100.0
        return min(finite) - 0.15, max(finite) + 0.15

    def _draw(self, y: float, row: Row) -> None:
        look = theme.current()
        first, last = _ends(row)
        before, after = self._at(first.mean), self._at(last.mean)
        low, high = (self._at(end) for end in last.ends)
        if not math.isfinite(after):
            self._say(y, self.tr("diverges while it adapts"))
            return
        if len(row["steps"]) > 1 and math.isfinite(before):
            self._line(before, after, y, look.mixed("after", 0.35), 1)
            self._dot(before, y, "o", look.color("surface"), look.color("before"))
        self._line(low, high, y, look.color("after"), 3)
        if len(row["seeds"]) > 1:
            for seed in row["seeds"]:
                place = self._at(seed["steps"][-1]["mean"])
                self._dot(place, y + 0.28, "|", look.color("muted"), look.color("muted"))
        if last.median is not None and math.isfinite(self._at(last.median)):
            self._dot(self._at(last.median), y, "d", look.color("third"), look.color("surface"))
        self._dot(after, y, "o", look.color("after"), look.color("surface"))

    def _line(self, start: float, end: float, y: float, color: Any, width: int) -> None:
        self.view.addItem(pg.PlotDataItem([start, end], [y, y], pen=pg.mkPen(color, width=width)))

    def _dot(self, x: float, y: float, symbol: str, fill: Any, rim: Any) -> None:
        pen, brush = pg.mkPen(rim, width=1.5), pg.mkBrush(fill)
        size = 8 if symbol == "|" else 10
        self.view.addItem(
            pg.ScatterPlotItem([x], [y], symbol=symbol, size=size, pen=pen, brush=brush)
        )

    def _say(self, y: float, sentence: str) -> None:
        text = pg.TextItem(sentence, color=theme.current().color("muted"), anchor=(0, 0.5))
        text.setFont(theme.current().font(11))
        text.setPos(self._range()[0], y)
        self.view.addItem(text)

    def _at(self, value: float) -> float:
        """Where a value stands on the x axis: per cent, or the logarithm of an error."""
        number = float(value)
        if not self._log:
            return 100 * number
        return math.log10(max(number, 1e-12)) if math.isfinite(number) else math.inf

    def _rank(self, row: Row) -> float:
        value = self._at(row["steps"][-1]["mean"])
        return math.inf if not math.isfinite(value) else value if self._log else -value


def _ends(row: Row) -> tuple[Measure, Measure]:
    """The first and the last step."""
    return Measure.of(row["steps"][0]), Measure.of(row["steps"][-1])


def _shown(row: Row) -> list[float]:
    """Where a row has dots."""
    first, last = _ends(row)
    return [first.mean, last.mean, *([] if last.median is None else [last.median])]


def _decades(low: float, high: float) -> list[tuple[float, str]]:
    """Ticks at 1, 2, 5 times powers of ten between two logarithms."""
    powers = np.arange(math.floor(low), math.ceil(high) + 1)
    values = [factor * 10.0**power for power in powers for factor in (1, 2, 5)]
    return [(math.log10(v), f"{v:g}") for v in values if low <= math.log10(v) <= high]
