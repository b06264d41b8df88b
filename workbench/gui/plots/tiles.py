"""The numbers that matter most, above the plots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from workbench.gui.state.history import History
from workbench.gui.style import counts, words
from workbench.gui.style.widgets import OneLine

if TYPE_CHECKING:
    from workbench.core.curve import Curve
    from workbench.core.events import Evaluated


ROOM = 100
"""Pixels of a tile at least; where they have less in one row, they stand in two."""
GAP, SIDE = 18, 16


class Tiles(QFrame):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("train.tiles")
        self.setAccessibleName(self.tr("Current figures"))
        self.setProperty("card", True)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(SIDE, 8, SIDE, 8)
        self._layout.setHorizontalSpacing(GAP)
        self._layout.setVerticalSpacing(6)
        self._tiles = {
            "before": _Tile(self.tr("Before adapting"), self),
            "after": _Tile(self.tr("After adapting"), self),
            "gain": _Tile(self.tr("Gain"), self),
            "best": _Tile(self.tr("Best ★"), self),
            "speed": _Tile(self.tr("Speed"), self),
            "acted": _Tile(self.tr("Environment steps"), self),
            "test": _Tile(self.tr("Test"), self),
        }
        for name, tile in self._tiles.items():
            tile.setObjectName(f"train.{name}")
        self._places: list[tuple[str, int, int]] = []
        self.clear()

    def clear(self) -> None:
        for name in self._tiles:
            self._show(name, "–", "")
        self._tiles["after"].rename(self.tr("After adapting"))
        self._show_what_there_is(True, True, tested=False, acts=False)

    def update_from(self, history: History) -> None:
        if history.newest is not None:
            self._show_adaptation(history.newest)
        if history.best is not None:
            self._show_best(history.best)
        if history.rate:
            self._show("speed", f"{history.rate:.3g} it/s", self._done(history))
        if history.acted:
            self._show_acted(history)
        if history.test is not None:
            self._show_test(history.test)
        stepwise = history.newest is None or len(history.newest.mean) > 1
        tested, acts = history.test is not None, history.acted > 0
        self._show_what_there_is(stepwise, history.total > 0, tested, acts)

    def _show_what_there_is(self, stepwise: bool, trains: bool, tested: bool, acts: bool) -> None:
        """A closed form has no before; a floor has no best; a finished run has no speed.

        Only policies act.
        """
        for name, there in (
            ("before", stepwise),
            ("after", True),
            ("gain", stepwise),
            ("best", trains),
            ("speed", trains and not tested),
            ("acted", acts),
            ("test", tested),
        ):
            self._tiles[name].setVisible(there)
        self._arrange()

    def _arrange(self) -> None:
        """In one row, or where that is too narrow in two that are as good as equally long."""
        shown = [name for name, tile in self._tiles.items() if not tile.isHidden()]
        needed = sum(max(self._tiles[name].sizeHint().width(), ROOM) + GAP for name in shown)
        in_one_row = needed <= self.width() - 2 * SIDE + GAP
        columns = len(shown) if in_one_row else -(-len(shown) // 2)
        places = [(name, *divmod(place, columns)) for place, name in enumerate(shown)]
        if places == self._places:
            return
        self._places = places
        for name, row, column in places:
            self._layout.addWidget(self._tiles[name], row, column)
        for column in range(len(self._tiles)):
            self._layout.setColumnStretch(column, 1 if column < columns else 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(3 * ROOM, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _show_adaptation(self, newest: Curve) -> None:
        name, steps = newest.metric, len(newest.mean) - 1
        first, last = newest.measure(0), newest.measure(-1)
        spreads = [words.spread_text(name, measure) for measure in (first, last)]
        title = self.tr("After adapting") if steps else self.tr("Given the support set")
        self._tiles["after"].rename(title)
        tasks = counts.tasks(newest.tasks)
        before = f"{spreads[0]} · {tasks}"
        after = f"{spreads[-1]} · {counts.steps(steps) if steps else tasks}"
        if not newest.is_finite:
            after = self.tr("within {steps}").format(steps=counts.steps(steps))
        self._show("before", words.metric_text(name, newest.before), before)
        self._show("after", words.metric_text(name, newest.after), self._beside(newest, after))
        self._tiles["after"].setToolTip(words.tasks_text(newest.to_json()))
        gain = words.gain_text(name, newest.before, newest.after)
        self._show("gain", gain, words.metric_title(name))

    def _show_best(self, best: Evaluated) -> None:
        curve, where = best.curve, self.tr("{ci} · at {n}")
        ci = words.spread_text(curve.metric, curve.measure(-1))
        note = where.format(ci=ci, n=words.thousands(best.iteration))
        self._show("best", words.metric_text(curve.metric, curve.after), note)
        self._tiles["best"].setToolTip(words.tasks_text(curve.to_json()))

    def _show_acted(self, history: History) -> None:
        speed = self.tr("{0} a second").format(words.thousands(round(history.acted_rate)))
        self._show("acted", words.thousands(history.acted), speed)

    def _show_test(self, test: Curve) -> None:
        protocol = words.protocol(test.transductive, test.seen_classes)
        title = self.tr("Test · {protocol}").format(protocol=protocol)
        self._tiles["test"].rename(title)
        ci = words.spread_text(test.metric, test.measure(-1))
        note = f"{ci} · {counts.tasks(test.tasks)}"
        self._show("test", words.metric_text(test.metric, test.after), self._beside(test, note))
        self._tiles["test"].setToolTip(words.tasks_text(test.to_json()))

    def _beside(self, curve: Curve, note: str) -> str:
        """The interval with the median; without one, the note."""
        last = curve.measure(-1)
        median = words.median_text(curve.metric, last)
        return f"{words.spread_text(curve.metric, last)} · {median}" if median else note

    def _done(self, history: History) -> str:
        done, total = words.thousands(history.iteration), words.thousands(history.total)
        return self.tr("{done} of {total}").format(done=done, total=total)

    def _show(self, name: str, value: str, note: str) -> None:
        self._tiles[name].show_value(value, note)


class _Tile(QWidget):
    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = OneLine("", "small")
        self._value = OneLine("–", "figure")
        self._note = OneLine("", "small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        for part in (self._title, self._value, self._note):
            layout.addWidget(part)
        self.rename(title)

    def rename(self, title: str) -> None:
        self.setAccessibleName(title)
        self._title.setText(title)

    def show_value(self, value: str, note: str) -> None:
        self.setAccessibleDescription(f"{value} {note}")
        self._value.setText(value)
        self._note.setText(note)
