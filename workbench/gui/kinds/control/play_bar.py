"""Buttons that play trajectories back: play, one step, where in time, how fast."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QToolButton, QWidget

from workbench.gui.kinds.control.playback import SPEEDS, Playback
from workbench.gui.style import theme
from workbench.gui.style.widgets import label


class PlayBar(QWidget):
    def __init__(self, playback: Playback) -> None:
        super().__init__()
        self._playback = playback
        self.play, self.step = QToolButton(), QToolButton()
        self.slider, self.speed = QSlider(Qt.Orientation.Horizontal), QComboBox()
        self.told = label("", "small")
        """How far it is; it stands beside what is played."""
        self._name_parts()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for part in (self.play, self.step, self.slider, self.speed):
            row.addWidget(part, 1 if part is self.slider else 0)
        self.play.clicked.connect(playback.toggle)
        self.step.clicked.connect(playback.step)
        self.slider.valueChanged.connect(playback.go_to)
        self.speed.activated.connect(self._on_speed)
        playback.changed.connect(self.refresh)
        self.refresh()

    def _name_parts(self) -> None:
        named: tuple[tuple[QWidget, str, str, str], ...] = (
            (self.play, "play", self.tr("Play the trajectories"),
             self.tr("Play the trajectories of the step looked at, or pause")),
            (self.step, "step", self.tr("One step on"), self.tr("One step of the trajectories on")),
            (self.slider, "time", self.tr("Time in the trajectories"),
             self.tr("How many steps of the trajectories are seen")),
            (self.speed, "speed", self.tr("Speed"), self.tr("How fast trajectories are played")),
        )  # fmt: skip
        for widget, name, title, tip in named:
            widget.setObjectName(f"lab.control.{name}")
            widget.setAccessibleName(title)
            widget.setToolTip(tip)
        theme.current().set_icon(self.step, "step-inner")
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g}×", speed)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))

    @Slot()
    def refresh(self) -> None:
        playback = self._playback
        theme.current().set_icon(self.play, "pause" if playback.playing else "play")
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, playback.length)
            self.slider.setValue(playback.time)
        told = self.tr("t = {0} of {1}").format(playback.time, playback.length)
        self.told.setText(told if playback.length else "")

    @Slot(int)
    def _on_speed(self, place: int) -> None:
        self._playback.set_speed(SPEEDS[place])
