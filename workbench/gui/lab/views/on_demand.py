"""A view that computes when it is asked to, because what it shows takes its time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.core.user_code import Untrusted
from workbench.gui.lab.state import LabState
from workbench.gui.lab.views.asked import Asked
from workbench.gui.lab.views.offer import ComputeOffer
from workbench.gui.lab.views.view import View
from workbench.gui.style import theme
from workbench.gui.style.busy import Busy
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.drawing import Drawing, Drawn
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet, Table
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.experiments.session import Learner


class OnDemand(View):
    """An invitation with a button; then a caption and the picture, which grows piece by piece.

    Another task, learner or number of steps takes the picture away. Newer weights of the same
    training do not, or a picture could never be looked at while one runs: it is called outdated.
    """

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self._job: Job | None = None
        self._problem: Exception | None = None
        self.asked: Asked | None = None
        self.result: Any = None
        self._before: tuple[Asked | None, Any] = (None, None)
        """What was shown when the computing began."""
        self.offer = ComputeOffer(self.name, self.verb(), self.tip())
        self.offer.ask.clicked.connect(self.compute)
        self.busy = Busy(f"lab.{self.name}.growing")
        for busy in (self.busy, self.offer.busy):
            busy.cancel.clicked.connect(self.cancel)
        self.caption = label("", "small", wrap=True)
        self.caption.setObjectName(f"lab.{self.name}.caption")
        self.caption.setAccessibleName(self.title())
        self.again = self._again()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.offer)
        self._stack.addWidget(self._picture_page(self.picture()))
        state.taskChanged.connect(self.refresh)
        state.stepsChanged.connect(self.refresh)
        state.plannedChanged.connect(self.refresh)

    # --- what a view says of itself ----------------------------------------------------------

    def verb(self) -> str:
        """What the button says."""
        raise NotImplementedError

    def invitation(self) -> str:
        """What one would see, and why one would want to."""
        raise NotImplementedError

    def missing(self) -> str:
        """Why there is nothing to compute, and what to do about it; empty where there is."""
        return ""

    def _why_not(self) -> str:
        """As `missing`; no view has anything to say of a task that nobody can judge."""
        task = self._state.task
        if task is not None and not task.known:
            return self.tr("No curve is known of these points: there is no loss to look at.")
        return self.missing()

    def steps(self) -> int:
        """Inner steps to compute with."""
        return self._state.planned

    def picture(self) -> QWidget:
        """The widget that shows results."""
        raise NotImplementedError

    def drawing(self) -> Drawing:
        """What draws the results: the picture, or what lies on it."""
        raise NotImplementedError

    def told(self) -> tuple[str, Table]:
        """Of results that are taken away: a title, and their numbers."""
        raise NotImplementedError

    def sheet(self) -> Sheet | None:
        if self.result is None:
            return None
        title, table = self.told()
        return Sheet(self.name, title, Drawn(self.drawing()), table, self.notes())

    def notes(self) -> tuple[str, ...]:
        """Below the title of what is taken away."""
        return (self.caption.text(),)

    def pieces(self, asked: Asked) -> Iterator[Any]:
        """Results, each more complete than the one before; iterated over on a thread."""
        raise NotImplementedError

    def show_result(self) -> None:
        """Draw `result`, and say in the caption what it means."""
        raise NotImplementedError

    def progress(self) -> float | None:
        """How much of the picture is there, as a part of 1; None where that is not known."""
        return None

    def same_source(self, one: Learner, other: Learner) -> bool:
        """Whether weights are the same, or a newer state of the same training.

        Configurations are compared by value: a learner with a new head has a copy of its own.
        """
        live = one.label == other.label == "live"
        return one is other or (live and one.origin == other.origin and one.config == other.config)

    def _again(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"lab.{self.name}.again")
        button.setAccessibleName(self.tr("Compute again"))
        button.setToolTip(self.tr("Compute again"))
        button.clicked.connect(self.compute)
        theme.current().set_icon(button, "reset", "muted")
        return button

    def _picture_page(self, picture: QWidget) -> QWidget:
        page = QWidget()
        row = QHBoxLayout()
        row.addWidget(self.caption, 1)
        row.addWidget(self.busy, 0, Qt.AlignmentFlag.AlignTop)
        self.add_beside_caption(row)
        row.addWidget(self.again, 0, Qt.AlignmentFlag.AlignTop)
        away = TakeAwayButton(self.sheet, f"lab.{self.name}", self.drawing())
        row.addWidget(away, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(picture, 1)
        return page

    def add_beside_caption(self, row: QHBoxLayout) -> None:
        """Room for a view's own buttons."""

    @Slot()
    def compute(self) -> None:
        learner, task = self._state.learner, self._state.task
        if learner is None or task is None or self._why_not():
            return
        before = (self.asked, self.result) if not self.computing else self._before
        self._forget()
        self._before = before
        self.asked = Asked(learner, task, self.steps())
        pieces = self.pieces(self.asked)
        found: list[Any] = []

        def work(report: Report) -> Any:
            for piece in pieces:
                found.append(piece)
                report("", 0.0)
            return found[-1] if found else None

        def grown(message: str, fraction: float) -> None:
            self._show(found[-1])

        self._job = Job(work, self._on_done, self._on_failed, grown, self)
        self.refresh()
        self.offer.busy.cancel.setFocus()

    @Slot()
    def cancel(self) -> bool:
        """Stop computing and show what was there before; whether there was anything to stop."""
        if not self.computing:
            return False
        self._forget()
        self.asked, self.result = self._before
        self.refresh()
        return True

    @property
    def computing(self) -> bool:
        return self._job is not None

    def _on_done(self, result: Any) -> None:
        self._job = None
        self._show(result)

    def _on_failed(self, problem: Exception) -> None:
        self._job, self._problem = None, problem
        self.refresh()
        if isinstance(problem, Untrusted):
            self._state.workspace.troubles.untrusted.emit(problem, self._ask_again, lambda: None)

    def _ask_again(self) -> None:
        if self.isVisible():
            self.compute()

    def _show(self, result: Any) -> None:
        self.result = result
        self.refresh()

    def _forget(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job = self._problem = self.asked = self.result = None

    @property
    def outdated(self) -> bool:
        """Whether the training has gone on since."""
        return self.asked is not None and self.asked.learner is not self._state.learner

    @Slot()
    def refresh(self) -> None:
        if not self._holds():
            self._forget()
        self._stack.setCurrentIndex(0 if self.result is None else 1)
        if self.result is None:
            self._show_offer()
        else:
            self.again.setVisible(not self.computing)
            self.busy.setVisible(self.computing)
            if self.computing:
                self.busy.show_progress(self.progress())
            self.show_result()

    def _holds(self) -> bool:
        """Whether what was asked for is still looked at."""
        asked, learner = self.asked, self._state.learner
        return asked is not None and (
            asked.task is self._state.task
            and asked.steps == self.steps()
            and learner is not None
            and self.same_source(asked.learner, learner)
        )

    def _show_offer(self) -> None:
        missing = self._why_not()
        text = missing or self.invitation()
        if self._problem is not None:
            text = str(self._problem) or type(self._problem).__name__
        elif self.computing:
            text = self.tr("Computing…")
        ready = self._state.learner is not None and self._state.task is not None
        possible = not missing and isinstance(self._problem, (Untrusted, type(None)))
        self.offer.say(text, possible, ready)
        self.offer.show_busy(self.computing)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """A closed view computes nothing; a minimised window goes on."""
        super().hideEvent(event)
        if self.computing and not event.spontaneous():
            self._forget()
