"""A trajectory as a film, made on a thread when it is asked for and then played over and over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QImage, QPainter
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from workbench.core.errors import BadInput
from workbench.gui.kinds.control.task import control_in_view, family_of, lived_at
from workbench.gui.lab.state import LabState
from workbench.gui.style.widgets import label
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.tasks.control.filming import Picture

PICTURE_MS = 120
HIGH = 150
"""Pixels of a picture, at most."""


class Film(QWidget):
    """The first query trajectory of the step looked at, as it was when it was asked for."""

    def __init__(self, state: LabState) -> None:
        super().__init__()
        self._state = state
        self._job: Job | None = None
        self.pictures: list[Picture] = []
        self._place, self._title = 0, ""
        self.ask = QPushButton(self.tr("Film"))
        self.ask.setObjectName("lab.control.film")
        self.ask.setAccessibleName(self.tr("Film of a trajectory"))
        self.ask.setToolTip(self.tr("Draw the first query trajectory of the step looked at"))
        self.ask.setProperty("compact", True)
        self.told = label("", "small", wrap=True)
        self.told.setObjectName("lab.control.filmed")
        self.view = FilmView()
        self.view.hide()
        self._timer = QTimer(self, interval=PICTURE_MS)
        self._timer.timeout.connect(self._advance)
        row = QHBoxLayout()
        row.addWidget(self.ask)
        row.addWidget(self.told, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(self.view)
        self.ask.clicked.connect(self.make)
        state.taskChanged.connect(self.forget)

    @Slot()
    def forget(self) -> None:
        """Another task: what was filmed is of the one before."""
        self._stop()
        self.pictures = []
        self.view.hide()
        self.told.clear()

    @Slot()
    def make(self) -> None:
        """Film the trajectory; what is being filmed is given up."""
        state, task = self._state, control_in_view(self._state)
        lived, episode = lived_at(state.current, support=False), state.episode
        if task is None or lived is None or episode is None:
            return
        self.forget()
        family, query, step = family_of(task), episode.query, state.cursor

        def work(report: Report) -> list[Picture]:
            from workbench.tasks.control.filming import filmed
            from workbench.tasks.control.rollouts import Rollouts

            assert isinstance(query, Rollouts)
            return list(_reported(filmed(family, query, lived, step, 0), report))

        self._title = self.tr("step {0}, trajectory 1").format(step)
        self.ask.setEnabled(False)
        self.told.setText(self.tr("Drawing it…"))
        self._job = Job(work, self._on_made, self._on_refused, parent=self)

    def _on_made(self, pictures: list[Picture]) -> None:
        self.ask.setEnabled(True)
        self.pictures, self._place = pictures, 0
        self.view.show()
        self._timer.start()
        self._show()

    def _on_refused(self, error: Exception) -> None:
        self.ask.setEnabled(True)
        self.told.setText(error.problem if isinstance(error, BadInput) else str(error))

    def _stop(self) -> None:
        self._timer.stop()
        self.ask.setEnabled(True)
        if self._job is not None:
            self._job.cancel()
            self._job = None

    @Slot()
    def _advance(self) -> None:
        if self.isVisible():
            self._place = (self._place + 1) % len(self.pictures)
            self._show()

    def _show(self) -> None:
        picture = self.pictures[self._place]
        self.view.show_picture(picture)
        self.told.setText(self.tr("{0}, t = {1}").format(self._title, picture.time))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._job is not None and self._job.active:
            self.forget()


class FilmView(QWidget):
    """One picture in the middle, as large as there is room for."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setObjectName("lab.control.picture")
        self.setAccessibleName(self.tr("The body at a moment of the trajectory"))

    def show_picture(self, picture: Picture) -> None:
        high, wide, _ = picture.pixels.shape
        bytes_ = picture.pixels.tobytes()
        self._image = QImage(bytes_, wide, high, 3 * wide, QImage.Format.Format_RGB888).copy()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, HIGH)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, HIGH)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        painter.drawImage(QRectF(left, top, size.width(), size.height()), self._image)
        painter.end()


def _reported(pictures: Iterator[Picture], report: Report) -> Iterator[Picture]:
    """Between two of them nobody may want the film any more."""
    for picture in pictures:
        report("", 0.0)
        yield picture
