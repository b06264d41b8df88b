"""The numbers that matter most, above the plots."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui import words
from workbench.gui.history import History
from workbench.gui.widgets import label


class Tiles(QFrame):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("train.tiles")
        self.setAccessibleName(self.tr("Current figures"))
        self.setProperty("card", True)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(16, 8, 16, 8)
        self._layout.setSpacing(24)
        self._tiles = {
            "before": _Tile(self.tr("Before adapting")),
            "after": _Tile(self.tr("After adapting")),
            "gain": _Tile(self.tr("Gain")),
            "best": _Tile(self.tr("Best ★")),
            "speed": _Tile(self.tr("Speed")),
        }
        for name, tile in self._tiles.items():
            tile.setObjectName(f"train.{name}")
            self._layout.addWidget(tile, 1)
        self.clear()

    def clear(self) -> None:
        for tile in self._tiles.values():
            tile.show_value("–", "")

    def update_from(self, history: History) -> None:
        newest, best = history.newest, history.best
        if newest is not None:
            name = newest.metric
            tasks = self.tr("± {ci} · {n} tasks").format(
                ci=words.number_text(name, newest.ci95[0]), n=newest.tasks
            )
            steps = self.tr("± {ci} · {n} steps").format(
                ci=words.number_text(name, newest.ci95[-1]), n=len(newest.mean) - 1
            )
            gain = words.gain_text(name, newest.before, newest.after)
            self._show("before", words.metric_text(name, newest.before), tasks)
            self._show("after", words.metric_text(name, newest.after), steps)
            self._show("gain", gain, words.metric_title(name))
        if best is not None:
            curve = best.curve
            where = self.tr("± {ci} · at {n}").format(
                ci=words.number_text(curve.metric, curve.ci95[-1]),
                n=words.thousands(best.iteration),
            )
            self._show("best", words.metric_text(curve.metric, curve.after), where)
        if history.rate:
            self._show("speed", f"{history.rate:.3g} it/s", self._done(history))

    def _done(self, history: History) -> str:
        done, total = words.thousands(history.iteration), words.thousands(history.total)
        return self.tr("{done} of {total}").format(done=done, total=total)

    def _show(self, name: str, value: str, note: str) -> None:
        self._tiles[name].show_value(value, note)


class _Tile(QWidget):
    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self._value = label("–", "figure")
        self._note = label("", "small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addWidget(label(title, "small"))
        layout.addWidget(self._value)
        layout.addWidget(self._note)

    def show_value(self, value: str, note: str) -> None:
        self._value.setText(value)
        self._note.setText(note)
