"""A race as one picture: for each contender the metric before and after adapting, best on top.

Dots and intervals in rows, not curves over time: sixteen curves cannot be told apart, and what is
compared is what stands on the test tasks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication

from workbench.core.curve import Measure
from workbench.core.metric import named
from workbench.gui.plots.lines import whiskers
from workbench.gui.state.series import Array
from workbench.gui.style import counts, words
from workbench.gui.takeaway.graph import Curve, Graph, Level
from workbench.gui.takeaway.sheet import Cell, Sheet, Table
from workbench.gui.takeaway.ticks import Tick

MANY = 1_000_000
"""Rows that all have their dots."""

Row = dict[str, Any]


def tr(text: str) -> str:
    return QCoreApplication.translate("RaceFigure", text)


class RaceFigure:
    """A row a contender; those that could not run stand below with the reason."""

    def __init__(self, race: dict[str, Any]) -> None:
        self._race, self._metric = race, str(race["metric"])
        self._log = not named(self._metric).larger_is_better
        rows = race["contenders"]
        self._ranked = sorted((r for r in rows if r["steps"]), key=self._rank)
        self._others = [row for row in rows if not row["steps"]]
        self.rows = len(rows)

    def sheet(self) -> Sheet:
        graph = self._graph()
        notes = tuple(text for text in (self.terms(), self._marks()) if text)
        return Sheet("race", self.title(), graph, self._table(), notes, graph.keys())

    # --- words -------------------------------------------------------------------------------

    def title(self) -> str:
        """The tasks they are compared on."""
        task = self._race["config"]["task"]
        sizes = f"{task['ways']}-way " if "ways" in task else ""
        name = task["name"].replace("_", " ").capitalize()
        return f"{name}, {sizes}{task['shots']}-shot"

    def terms(self) -> str:
        """What is equal, seeds and test tasks, in a line."""
        ((unit, budget),) = self._race["budget"].items()
        limit = {
            "iterations": "{shared}",
            "seconds": tr("{count:g} s of training"),
            "arithmetic": tr("the arithmetic of {shared}, shared"),
        }[unit].format(count=budget, shared=counts.iterations(int(budget)))
        seeds = ", ".join(str(seed) for seed in self._race["seeds"])
        return tr(
            "{limit} each · seed {seeds} · {tasks} test tasks, mean and 95 % confidence interval"
        ).format(limit=limit, seeds=seeds, tasks=words.thousands(self._race["tasks"]))

    def _marks(self) -> str:
        """What the signs beside a number mean."""
        parts = []
        if any(row.get("diverged") for row in self._ranked):
            parts.append(tr("† diverged, best weights"))
        if any(row["transductive"] for row in self._ranked):
            parts.append(tr("ᵗ transductive"))
        return "     ".join(parts)

    def _value(self, row: Row) -> str:
        last = row["steps"][-1]
        text = words.measure_text(self._metric, Measure.of(last))
        marks = (" †" if row.get("diverged") else "") + (" ᵗ" if row["transductive"] else "")
        return text + marks

    # --- drawing -----------------------------------------------------------------------------

    def _graph(self) -> Graph:
        low, high = self._range()
        chance = self._race["chance"]
        everyone = [*self._ranked, *self._others]
        return Graph(
            x_title=words.axis_title(self._metric),
            y_title="",
            x_range=(low, high),
            y_range=(0.4 - len(everyone), 0.6),
            curves=self._curves(),
            levels=[Level(tr("chance"), "faint", 100 * chance, upright=True)] if chance else [],
            x_ticks=_decades(low, high) if self._log else None,
            y_ticks=[(-place, str(row["title"])) for place, row in enumerate(everyone)],
            right=[(-place, self._value(row)) for place, row in enumerate(self._ranked)],
            remarks=self._remarks(),
        )

    def _remarks(self) -> list[Tick]:
        """Why a row has no dots."""
        found: list[Tick] = [
            (-place, tr("diverges while it adapts"))
            for place, row in enumerate(self._ranked)
            if not math.isfinite(self._at(_ends(row)[1].mean))
        ]
        for place, row in enumerate(self._others, len(self._ranked)):
            found.append((-place, row["problem"].partition(". ")[0] or tr("not run")))
        return found

    def _curves(self) -> list[Curve]:
        """From the ground up: ways, intervals, then the dots of every kind."""
        rows = [(-float(place), row) for place, row in enumerate(self._ranked)]
        rows = [(y, row) for y, row in rows if math.isfinite(self._at(_ends(row)[1].mean))]
        y, ends = np.array([place for place, _ in rows]), [_ends(row) for _, row in rows]
        stepwise = np.array([len(row["steps"]) > 1 for _, row in rows], dtype=bool)
        before = np.where(stepwise, self._places([one.mean for one, _ in ends]), np.nan)
        after = self._places([one.mean for _, one in ends])
        low, high = (self._places([one.ends[side] for _, one in ends]) for side in (0, 1))
        median = self._places([math.inf if one.median is None else one.median for _, one in ends])
        return [
            _strokes("", before, after, y, 1.2, 0.35),
            _strokes(tr("95 % confidence interval"), low, high, y, 3.0, 1.0),
            _dots(tr("each seed"), "muted", *self._seeds(rows), "|"),
            _dots(tr("median after adapting"), "third", median, y, "d"),
            _dots(tr("before adapting"), "before", before, y, "o"),
            _dots(tr("after adapting"), "after", after, y, "o"),
        ]

    def _seeds(self, rows: Sequence[tuple[float, Row]]) -> tuple[Array, Array]:
        """Above their row, where there are several."""
        points = [
            (self._at(seed["steps"][-1]["mean"]), y + 0.28)
            for y, row in rows
            if len(row["seeds"]) > 1
            for seed in row["seeds"]
        ]
        both = np.array(points, dtype=float).reshape(-1, 2)
        return both[:, 0], both[:, 1]

    def _table(self) -> Table:
        """A row a contender, in the metric's own units; one that did not run has its reason."""
        header = ("algorithm", "before", "after", "low", "high", "median", "seeds", "problem")
        rows: list[tuple[Cell, ...]] = []
        for row in self._ranked:
            first, last = _ends(row)
            median = "" if last.median is None else last.median
            seeds = " ".join(str(seed["steps"][-1]["mean"]) for seed in row["seeds"])
            rows.append((row["title"], first.mean, last.mean, *last.ends, median, seeds, ""))
        rows += [(row["title"], *("",) * 6, row["problem"]) for row in self._others]
        return Table(header, rows)

    def _range(self) -> tuple[float, float]:
        ends = [self._at(x) for row in self._ranked for x in _shown(row)]
        finite = [x for x in ends if math.isfinite(x)] or [0.0]
        if not self._log:
            return max(0.0, min(finite) - 5), 100.0
        return min(finite) - 0.15, max(finite) + 0.15

    def _at(self, value: float) -> float:
        """Where a value stands on the x axis: per cent, or the logarithm of an error."""
        number = float(value)
        if not self._log:
            return 100 * number
        return math.log10(max(number, 1e-12)) if math.isfinite(number) else math.inf

    def _places(self, values: Sequence[float]) -> Array:
        return np.array([self._at(value) for value in values], dtype=float)

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


def _strokes(title: str, start: Array, end: Array, y: Array, width: float, alpha: float) -> Curve:
    """A level stroke in every row where both ends are known."""
    up, across = whiskers(y, start, end)
    whole = np.isfinite(start) & np.isfinite(end)
    across = np.where(np.repeat(whole, 3), across, np.nan)
    return Curve(title, "after", across, up, width=width, alpha=alpha)


def _dots(title: str, token: str, x: Array, y: Array, symbol: str) -> Curve:
    y = np.where(np.isfinite(x), y, np.nan)
    return Curve(title, token, x, y, symbol=symbol, line=False, crowd=MANY)
