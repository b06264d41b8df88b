"""Garbage is collected on the GUI thread only: a widget freed on another thread crashes Qt."""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 100
MIDDLE_SECONDS = 10.0
FULL_SECONDS = 600.0
"""A full collection can stop the window for a tenth of a second, so it is very rare."""


class GuiCollector(QObject):
    """Replaces Python's automatic collection while it runs."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._threshold = gc.get_threshold()[0]
        self._last_full = self._last_middle = time.monotonic()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(INTERVAL_MS)

    @Slot()
    def spare(self) -> None:
        """Never look again at what lives now: the imports alone take a third of a second."""
        gc.collect()
        gc.freeze()

    def stop(self) -> None:
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    @Slot()
    def _collect(self) -> None:
        """The young often, in small portions; everything rarely, for that stops the window."""
        now = time.monotonic()
        if now - self._last_full > FULL_SECONDS:
            gc.collect()
            self._last_full = self._last_middle = now
        elif now - self._last_middle > MIDDLE_SECONDS:
            gc.collect(1)
            self._last_middle = now
        elif gc.get_count()[0] > self._threshold:
            gc.collect(0)
