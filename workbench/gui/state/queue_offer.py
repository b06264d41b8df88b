"""After a restart: experiments wait, and nothing begins before somebody says so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from workbench.gui.state.queueing import Queueing
from workbench.gui.state.waiting import Choice, FolderChoice, Question

if TYPE_CHECKING:
    from workbench.gui.state.queue_list import Line


def tr(text: str) -> str:
    return QCoreApplication.translate("QueueOffer", text)


class QueueOffer(QObject):
    """Asks once; over when the queue goes on in any way."""

    changed = Signal()

    def __init__(self, queue: Queueing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self.question: Question | None = None
        queue.loaded.connect(self._offer)
        queue.changed.connect(self._end_answered)

    def answer(self, choice: Choice | FolderChoice, folder: Path | None = None) -> None:
        self._ask(None)
        if isinstance(choice, Choice):
            choice.do()

    @Slot()
    def _offer(self) -> None:
        waiting = self._queue.list.waiting
        if waiting and not self._queue.list.elsewhere:
            tip = tr("Train them one after the other, what was interrupted from its checkpoint")
            later = tr("They stay in the queue, which the Queue tab shows")
            choices = (
                Choice("goOn", tr("Go on"), tip, self._queue.go_on),
                Choice("later", tr("Not now"), later, lambda: None),
            )
            self._ask(Question(_told(waiting), choices))

    @Slot()
    def _end_answered(self) -> None:
        if self.question is not None and (self._queue.going or not self._queue.list.waiting):
            self._ask(None)

    def _ask(self, question: Question | None) -> None:
        self.question = question
        self.changed.emit()


def _told(waiting: list[Line]) -> str:
    """How many wait, and the one that was interrupted, by its name."""
    from workbench.experiments.queue.entry import State

    count = len(waiting)
    if count == 1:
        text = tr("1 experiment waits in the queue.")
    else:
        text = tr("{0} experiments wait in the queue.").format(count)
    cut = [line.name for line in waiting if line.entry.state is State.INTERRUPTED]
    if cut:
        told = tr("{0} was interrupted, and goes on first.").format(cut[0])
        text = f"{text} {told}"
    return text
