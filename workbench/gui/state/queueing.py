"""The queue of the window: what is lined up, and whether it is worked through.

HELD -> (go on) GOING -> (nothing waits, paused, or a training stopped by hand) HELD
It never begins by itself, but for what is lined up behind a training that goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.errors import BadInput
from workbench.gui.state.lining_up import BEHIND, QUEUE, LiningUp, Where
from workbench.gui.state.queue_list import Line, QueueList
from workbench.gui.state.shared import Shared

if TYPE_CHECKING:
    from workbench.experiments.queue.folder import ExperimentQueue, Removed
    from workbench.experiments.queue.work import Work
    from workbench.experiments.queue.worker import Worker


class Held(StrEnum):
    """Why the next entry is not begun."""

    NO = ""
    RESTING = "resting"
    """Nobody has asked for it yet."""
    ASKED = "asked"
    """Somebody has paused it."""
    STOPPED = "stopped"
    """Somebody has stopped a training."""


class Queueing(QObject):
    """`changed` comes with other entries, and when it is held or goes on."""

    changed = Signal()
    loaded = Signal()
    """The entries of the last time are known."""
    placed = Signal(object)
    """An entry that was to begin now has its folder; it may have ended there already."""

    def __init__(self, shared: Shared, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shared = shared
        self.list = QueueList(shared.troubles, self)
        self.held = Held.RESTING
        self._worker: Worker | None = None
        self._lining_up = LiningUp(shared, self)
        self._lining_up.admitted.connect(self._on_admitted)
        self._due = self._once = self._fresh = False
        self._unplaced: set[str] = set()
        """Ids of what was to begin now, and has no folder yet."""
        self.list.read.connect(self._on_read)
        shared.training.turned.connect(self.list.reload)
        shared.training.started.connect(self.changed)
        shared.training.ended.connect(self._on_ended)

    @property
    def lines(self) -> list[Line]:
        return self.list.lines

    @property
    def going(self) -> bool:
        """Whether the next entry begins by itself."""
        return self.held is Held.NO

    @property
    def goes(self) -> bool:
        """Whether there is anything to pause."""
        return self.going and (self.working or bool(self.list.waiting))

    @property
    def can_go_on(self) -> bool:
        return bool(self.list.waiting) and not self.list.elsewhere

    @property
    def working(self) -> bool:
        """Whether what trains here comes from the queue."""
        return self._shared.training.busy and self._shared.training.lined_up

    @Slot()
    def begin(self) -> None:
        """The program has loaded."""
        self._fresh = True
        self.list.begin()

    def close(self) -> None:
        self._hold(Held.RESTING)
        self.list.close()
        self._lining_up.close()

    # --- lining up ---------------------------------------------------------------------------

    def add(self) -> None:
        """The draft, behind the others; what Start would refuse is said instead."""
        from workbench.experiments.queue.work import NewRun

        draft = self._shared.draft
        draft.recheck()
        if draft.config is None:
            self._shared.troubles.say("draft", draft.problems[0])
        else:
            self.line_up(NewRun(draft.config))

    def line_up(self, work: Work, where: Where = BEHIND) -> None:
        """Look at it on a thread, then line it up; what Start would refuse is said instead."""
        self._lining_up.look_at(work, where)

    @Slot(object, object)
    def _on_admitted(self, work: Work, where: Where) -> None:
        if where.instead_of:
            self._change(lambda queue: queue.replace(where.instead_of, work))
            return
        self._change(lambda queue: self._add(queue, work, where))
        if where.now:
            self.begin_first()
        elif self._shared.training.busy and self.held is Held.RESTING:
            self.held = Held.NO

    def _add(self, queue: ExperimentQueue, work: Work, where: Where) -> None:
        entry = queue.add(work, path=where.path, first=where.now)
        if where.now and where.path is None:
            self._unplaced.add(entry.id)

    # --- changing ----------------------------------------------------------------------------

    def move(self, named: str, to: int) -> None:
        """To that place, from 0, among those that wait."""
        self._change(lambda queue: queue.move(named, to))

    def replace(self, named: str) -> None:
        """What waits there is from now on what the form describes, if Start would take it."""
        from workbench.experiments.queue.work import with_config

        config = self._shared.draft.config
        entry = next((line.entry for line in self.lines if line.entry.id == named), None)
        if config is not None and entry is not None and entry.work is not None:
            self.line_up(with_config(entry.work, config), Where(instead_of=named))

    def remove(self, named: str) -> Removed | None:
        """Nothing where that is refused."""
        gone: list[Removed] = []
        self._change(lambda queue: gone.append(queue.remove(named)))
        return gone[0] if gone else None

    def put_back(self, removed: Removed) -> None:
        self._change(lambda queue: queue.put_back(removed))

    def _change(self, change: Callable[[ExperimentQueue], object]) -> None:
        assert self.list.queue is not None
        try:
            change(self.list.queue)
            self._shared.troubles.end(QUEUE)
        except (BadInput, OSError) as problem:
            self._shared.troubles.say(QUEUE, problem)
        self.list.reload()

    # --- working through it ------------------------------------------------------------------

    def go_on(self) -> None:
        """Begin the first entry, or the next when what trains has ended."""
        self.held = Held.NO
        if self._worker is not None and self.working:
            self._worker.last = False
        else:
            self._due = True
            self.list.reload()
        self.changed.emit()

    def begin_first(self) -> None:
        """Begin the first entry as soon as nothing trains; the others only if the queue goes on."""
        self._once = self._due = True
        self.list.reload()

    @Slot()
    def toggle(self) -> None:
        """Pause, or go on."""
        if self.goes:
            self.pause()
        else:
            self.go_on()

    def pause(self) -> None:
        """Begin no further entry; what trains goes on to its end."""
        self._hold(Held.ASKED)
        self.changed.emit()

    def _hold(self, why: Held) -> None:
        self.held, self._once = why, False
        if self._worker is not None:
            self._worker.last = True

    @Slot()
    def _on_ended(self) -> None:
        training = self._shared.training
        if training.stopped:
            self._hold(Held.STOPPED)
        elif training.lined_up and training.fault is not None:
            self._hold(Held.ASKED)
        self._worker = None
        self._due = True
        self.list.reload()

    @Slot()
    def _on_read(self) -> None:
        if self._fresh:
            self._fresh = False
            self.loaded.emit()
        if self._due and not self._shared.training.busy:
            self._due = False
            if (self.going or self._once) and self.list.waiting:
                self._work()
            elif not self.list.waiting:
                self.held = Held.RESTING
        self.changed.emit()
        self._tell_placed()

    def _tell_placed(self) -> None:
        """By what is written: a short one has ended before anybody has looked."""
        for entry in [line.entry for line in self.lines if line.entry.id in self._unplaced]:
            if entry.path is not None or entry.ended:
                self._unplaced.discard(entry.id)
            if entry.path is not None:
                self.placed.emit(entry)

    def _work(self) -> None:
        from workbench.experiments.queue.worker import Worker

        assert self.list.queue is not None
        self._worker = Worker(self.list.queue)
        self._worker.last, self._once = not self.going, False
        self._shared.training.work_through(self._worker)
