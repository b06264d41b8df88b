"""What can be done to the sentences of a task: write, paste, draw, lock, add and remove."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.gui.kinds.text.task import text_in_view
from workbench.gui.lab.state import LabState
from workbench.gui.state.task_in_view import locks_without, locks_without_class

if TYPE_CHECKING:
    from workbench.gui.state.task_in_view import Locked
    from workbench.tasks.texts.text_task import TextTask

Place = tuple[int, int]


class TextEditing(QObject):
    """Every change makes a new task, and the lab re-adapts by itself.

    What is written comes back as the problem that refuses it, for the line that it was written on;
    `refused` carries the problems of every other change, `accepted` says that one was made.
    """

    refused = Signal(object)
    accepted = Signal()

    def __init__(self, state: LabState, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state

    @property
    def task(self) -> TextTask | None:
        return text_in_view(self._state)

    # --- writing -----------------------------------------------------------------------------

    def write(self, place: Place, lines: Sequence[str]) -> BadInput | None:
        """The first line in place of a sentence; further ones behind the class's sentences."""

        def written(task: TextTask) -> TextTask:
            way, shot = place
            if task.support_texts[way][shot] != lines[0]:
                task = task.with_item(place, lines[0])
            return _with_all(task, way, lines[1:])

        return self._try(written)

    def add(self, way: int, lines: Sequence[str]) -> BadInput | None:
        return self._try(lambda task: _with_all(task, way, lines))

    def ask(self, way: int, text: str) -> BadInput | None:
        """One more query sentence, said to be of a class."""
        return self._try(lambda task: task.with_query_sentence(way, text))

    def put(self, place: Place, text: str) -> None:
        """A sentence that was dropped on another one."""
        self._do(lambda task: task.with_item(place, text))

    def put_all(self, way: int, lines: Sequence[str]) -> None:
        """Sentences that were pasted or dropped on a class."""
        self._do(lambda task: _with_all(task, way, lines))

    # --- sentences ---------------------------------------------------------------------------

    def roll(self, way: int, shot: int) -> None:
        """Another sentence of the class, which stands in neither set."""
        self._do(lambda task: task.with_item((way, shot), _drawn(task, way)))

    def roll_more(self, way: int) -> None:
        self._do(lambda task: task.with_added(way, _drawn(task, way)))

    def toggle_lock(self, way: int, shot: int) -> None:
        self._state.workspace.in_view.toggle_lock((way, shot))

    def remove(self, way: int, shot: int) -> None:
        locked = locks_without(self._locked, (way, shot))
        self._do(lambda task: task.without((way, shot)), locked)

    def remove_asked(self, way: int, at: int) -> None:
        self._do(lambda task: task.without_query((way, at)))

    # --- classes and files -------------------------------------------------------------------

    @Slot()
    def add_shots(self) -> None:
        """One more drawn sentence for every class."""

        def more(task: TextTask) -> TextTask:
            for way in range(len(task.classes)):
                task = task.with_added(way, _drawn(task, way))
            return task

        self._do(more)

    @Slot()
    def add_class(self) -> None:
        from workbench.core.seeds import generator

        family: Any = self._state.workspace.data.family
        if family is not None:
            among = family.classes[self._state.workspace.in_view.split]
            draws = generator("by hand", random.getrandbits(31))
            self._do(lambda task: task.with_class(among, draws))

    def remove_class(self, way: int) -> None:
        locked = locks_without_class(self._locked, way)
        self._do(lambda task: task.without_class(way), locked)

    def read(self, files: Sequence[Path], way: int | None) -> None:
        """One text file dropped on a class is for that class; else files are the support set."""

        def told(task: TextTask) -> TextTask:
            if way is not None and len(files) == 1 and files[0].suffix.lower() == ".txt":
                return task.with_class_file(way, files[0])
            return task.with_support_files(files)

        self._do(told)

    # --- how ---------------------------------------------------------------------------------

    @property
    def _locked(self) -> Locked:
        return self._state.workspace.in_view.locked

    def _do(self, make: Callable[[TextTask], TextTask], locked: Locked | None = None) -> None:
        problem = self._try(make, locked)
        if problem is not None:
            self.refused.emit(problem)

    def _try(
        self, make: Callable[[TextTask], TextTask], locked: Locked | None = None
    ) -> BadInput | None:
        task = self.task
        if task is None:
            return None
        try:
            changed = make(task)
        except BadInput as problem:
            return problem
        self.accepted.emit()
        if changed is not task:
            kept = frozenset((self._locked if locked is None else locked) & changed.slots)
            self._state.edit(changed, locked=None if kept == self._locked else kept)
        return None


def _with_all(task: TextTask, way: int, lines: Sequence[str]) -> TextTask:
    for line in lines:
        task = task.with_added(way, line)
    return task


def _drawn(task: TextTask, way: int) -> str:
    """A sentence of a class that stands in neither set; raises `BadInput` where none is left."""
    free = task.candidates(way)
    if not free:
        problem = marked("has no other sentence than those of the task ({0})").format(
            task.class_title(way)
        )
        raise BadInput(marked("The class"), problem, marked("Write one yourself"))
    return task.pool.text(random.choice(free))
