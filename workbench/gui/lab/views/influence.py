"""Why a query item is predicted as it is: which support items helped it, and which hurt it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from workbench.gui.lab.state import LabState
from workbench.gui.lab.views import influence_sheet
from workbench.gui.style import paint, theme
from workbench.gui.style.busy import Busy
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.core.task import Task
    from workbench.experiments.session import Learner


class Influence(QObject):
    """Follows the task, the learner and the step looked at, until it is closed.

    `values` has a number for every support item: the rise of the query item's loss without it.
    """

    changed = Signal()

    def __init__(self, state: LabState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.query: int | None = None
        self.values: list[float] | None = None
        self.problem: Exception | None = None
        self._asked_of = 0
        """Query items that there were."""
        self._shown: tuple[Learner, Task, int, int] | None = None
        self._job: Job | None = None
        state.taskChanged.connect(self._on_task)
        state.stepsChanged.connect(self.refresh)
        state.cursorChanged.connect(self.refresh)

    @Slot(int)
    def ask(self, query: int) -> None:
        """Of a query item; asked again of the same one, close."""
        self.query = None if query == self.query else query
        self._asked_of = len(self._state.episode.query.y) if self._state.episode else 0
        self._forget()
        self.changed.emit()
        self.refresh()

    @Slot()
    def close(self) -> None:
        if self.query is not None:
            self.ask(self.query)

    @property
    def step(self) -> int:
        return self._state.cursor

    @Slot()
    def _on_task(self) -> None:
        """A support set changed by hand is the same question; other query items are not."""
        count = len(self._state.episode.query.y) if self._state.episode is not None else 0
        if not self._state.edited or count != self._asked_of:
            self.close()

    @Slot()
    def refresh(self) -> None:
        """Compute anew, on a thread, where something else is looked at than what is known."""
        state, query = self._state, self.query
        learner, task, step = state.learner, state.task, state.cursor
        if query is None or state.busy or not state.steps or learner is None or task is None:
            return
        if self._shown is not None and _same(self._shown, (learner, task, query, step)):
            return
        self._forget()
        self._shown = (learner, task, query, step)
        turn = state.turn

        def work(report: Report) -> list[float]:
            with turn:
                report("", 0.0)
                return _values(learner, task, query, step)

        self._job = Job(work, self._on_done, self._on_failed, parent=self)

    def _forget(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job = self._shown = self.values = self.problem = None

    def _on_done(self, values: list[float]) -> None:
        self.values = values
        self.changed.emit()

    def _on_failed(self, problem: Exception) -> None:
        self.problem = problem
        self.changed.emit()


def _same(one: tuple[Learner, Task, int, int], other: tuple[Learner, Task, int, int]) -> bool:
    return one[0] is other[0] and one[1] is other[1] and one[2:] == other[2:]


def _values(learner: Learner, task: Task, query: int, step: int) -> list[float]:
    """At step 0 the weights know nothing of the support set."""
    from workbench.experiments.insight.influence import influence

    found = influence(learner, task.episode(), query, max(step, 1))
    values: list[float] = found.tolist()
    return values if step else [0.0] * len(values)


class InfluenceLine(QWidget):
    """Says what the marks on the support set mean; the cross (or Esc) takes them away."""

    def __init__(self, state: LabState, source: Influence, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._source = state, source
        self.setObjectName("lab.influence")
        self.setAccessibleName(self.tr("Influence of the support set"))
        self.text = label("", "muted", wrap=True)
        self.text.setObjectName("lab.influence.line")
        self.text.setAccessibleName(self.tr("What the marks on the support set mean"))
        self.text.setToolTip(
            self.tr(
                "The derivative of the query item's loss in the weight of a support item, through "
                "the whole inner loop: to first order what leaving the item out would change"
            )
        )
        self.cross = QToolButton(self)
        self.cross.setObjectName("lab.influence.close")
        self.cross.setAccessibleName(self.tr("Take the marks away"))
        self.cross.setToolTip(self.tr("Take the marks away (Esc)"))
        theme.current().set_icon(self.cross, "close", "muted")
        self.cross.clicked.connect(source.close)
        self.away = TakeAwayButton(self.sheet, "lab.influence")
        self.busy = Busy("lab.influence", self)
        self.busy.cancel.clicked.connect(source.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.busy, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.away, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.cross, 0, Qt.AlignmentFlag.AlignTop)
        source.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        source = self._source
        self.setVisible(source.query is not None)
        computing = source.values is None and source.problem is None
        self.busy.setVisible(computing)
        self.cross.setVisible(not computing)
        self.away.setVisible(source.values is not None)
        if source.query is None:
            return
        if computing:
            self.busy.show_progress(None)
        if source.problem is not None:
            self.text.setText(str(source.problem))
        elif source.values is None:
            self.text.setText(self.tr("Asking which support items moved this query item…"))
        elif source.step == 0:
            self.text.setText(self.tr("Step 0: nothing is learned from the support set yet."))
        else:
            text = self.tr(
                "{0} at step {1}:  ▲ helped, ▼ hurt it; number: rise of its loss without that item"
            )
            self.text.setText(text.format(self._item(source.query), source.step))

    def sheet(self) -> Sheet | None:
        """The number of every support item, as the marks on them say it."""
        values, query, episode = self._source.values, self._source.query, self._state.episode
        if values is None or query is None or episode is None:
            return None
        spec = self._state.spec
        ways = episode.support.y.tolist() if spec is not None and spec.labels else None
        title = self.tr("{0} at step {1}: what every support item did to it")
        title = title.format(self._item(query), self._source.step)
        return influence_sheet.sheet(title, values, ways)

    def _item(self, query: int) -> str:
        episode, spec = self._state.episode, self._state.spec
        truths = episode.query.y.tolist() if episode is not None else []
        if query >= len(truths):
            return ""
        if spec is not None and not spec.labels:
            return self.tr("Query item {0}").format(query + 1)
        number = truths[: query + 1].count(truths[query])
        return self.tr("Query item {0} of class {1}").format(number, paint.letter(truths[query]))
