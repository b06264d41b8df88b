"""Support and query items as the head sees them, moving with the inner steps."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.lab.state import LabState
from workbench.gui.lab.views import tables
from workbench.gui.lab.views.asked import Asked
from workbench.gui.lab.views.plane import PlaneView
from workbench.gui.lab.views.view import View
from workbench.gui.style import theme
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.drawing import Drawn
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from torch import Tensor

    from workbench.experiments.insight.embedding import Embedding

LONGEST = 200
"""Steps at most: the features of all of them are held at once."""


class EmbeddingView(View):
    """Computed once for a task and a learner; then it follows the step looked at."""

    name = "embedding"

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self._job: Job | None = None
        self.asked: Asked | None = None
        self.result: Embedding | None = None
        self.caption = label("", "small", wrap=True)
        self.caption.setObjectName("lab.embedding.caption")
        self.caption.setAccessibleName(self.tr("What the plane shows"))
        self.plane = PlaneView(state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self.caption, 1)
        head.addWidget(TakeAwayButton(self.sheet, "lab.embedding", self.plane))
        layout.addLayout(head)
        layout.addWidget(self.plane, 1)
        for signal in (state.taskChanged, state.stepsChanged, state.plannedChanged):
            signal.connect(self.refresh)
        state.cursorChanged.connect(self._show)
        theme.current().follow(self._show)

    def title(self) -> str:
        return self.tr("Embedding")

    def tip(self) -> str:
        return self.tr("Support and query items as the last layer sees them, at every step")

    def sheet(self) -> Sheet | None:
        found, items = self.result, self.plane.items
        if found is None or not self.plane.drawn:
            return None
        table = tables.embedding(found, items, self.plane.step)
        return Sheet("embedding", self.tip(), Drawn(self.plane), table, (self.caption.text(),))

    @Slot()
    def refresh(self) -> None:
        """Compute anew once the lab has settled on something else than what is shown.

        What is being computed for the same task may end first: a training brings newer weights
        faster than that.
        """
        state = self._state
        if not self.isVisible():
            return
        if self.asked is not None and self.asked.task is not state.task:
            self._forget()
        learner, task = state.learner, state.task
        if self._job is None and not state.busy and state.steps and learner and task:
            wanted = Asked(learner, task, min(state.planned, LONGEST))
            if self.asked is None or not self.asked.same(wanted):
                self._start(wanted)
        self._show()

    def _start(self, wanted: Asked) -> None:
        self.asked = wanted
        turn = self._state.turn

        def work(report: Report) -> Embedding:
            return _embedded(wanted, turn, report)

        self._job = Job(work, self._on_done, self._on_failed, parent=self)

    def _on_done(self, result: Embedding) -> None:
        self._job, self.result = None, result
        self.refresh()

    def _on_failed(self, error: Exception) -> None:
        self._job = self.result = None
        self._show()
        self.caption.setText(str(error) or type(error).__name__)

    def _forget(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job = self.asked = self.result = None

    @Slot()
    def _show(self) -> None:
        found = self.result
        if found is None:
            self.plane.clear()
            waiting = self._state.task is not None
            self.caption.setText(self.tr("Looking through the model…") if waiting else "")
            return
        if not sum(found.explained):
            self.plane.clear()
            self.caption.setText(
                self.tr("The features do not differ, or the adaptation diverged: no plane to show.")
            )
            return
        last = len(found.support) - 1
        step = min(self._state.cursor, last)
        self.plane.show_step(found, step)
        text = self.tr(
            "Features at step {0}; the plane holds {1} % of their variance, with the same axes at "
            "every step."
        )
        share = f"{100 * sum(found.explained):.0f}"
        self.caption.setText(text.format(step, share))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._job is not None and not event.spontaneous():
            self._forget()


def _embedded(asked: Asked, turn: Lock, report: Report) -> Embedding:
    """The lab may adapt between two steps."""
    import torch

    from workbench.experiments.insight.embedding import features_on_the_way, in_one_plane

    torch.set_num_threads(1)
    episode = asked.task.episode()
    way = features_on_the_way(asked.learner, episode, asked.steps)
    seen: list[Tensor] = []
    while True:
        with turn:
            features = next(way, None)
        if features is None:
            return in_one_plane(seen, len(episode.support.y))
        seen.append(features)
        report("", 0.0)
