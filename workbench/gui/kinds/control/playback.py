"""Trajectories played back: how far they are, and how fast they go."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

SPEEDS = (0.5, 1.0, 2.0, 4.0)
STEP_MS = 200
"""Of one step at the speed 1."""


class Playback(QObject):
    """`time` counts the steps that are seen; at `length` all of them are. `changed` with either."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.length = 0
        self.time = 0
        self._speed = 1.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._advance)

    @property
    def playing(self) -> bool:
        return self._timer.isActive()

    @property
    def whole(self) -> bool:
        """Whether the trajectories are seen to their ends, as when nothing is played."""
        return self.time >= self.length

    def set_length(self, length: int) -> None:
        """Of the longest trajectory; what was seen whole is seen whole again."""
        if length == self.length:
            return
        self.time = length if self.whole else min(self.time, length)
        self.length = length
        self.changed.emit()

    @Slot(int)
    def go_to(self, time: int) -> None:
        self.time = min(max(time, 0), self.length)
        self.changed.emit()

    def set_speed(self, speed: float) -> None:
        self._speed = speed
        self._timer.setInterval(round(STEP_MS / speed))

    @Slot()
    def toggle(self) -> None:
        """Play from here, from the start where it is at the end; or pause."""
        if self.playing:
            self._timer.stop()
        elif self.length:
            self.time = 0 if self.whole else self.time
            self._timer.start(round(STEP_MS / self._speed))
        self.changed.emit()

    @Slot()
    def step(self) -> None:
        """One step on, and no farther."""
        self._timer.stop()
        self.go_to(0 if self.whole else self.time + 1)

    @Slot()
    def _advance(self) -> None:
        if self.time + 1 >= self.length:
            self._timer.stop()
        self.go_to(self.time + 1)
