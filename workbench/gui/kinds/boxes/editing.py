"""What a hand does to the boxes of support scenes: choose, draw, move, resize and delete."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.errors import BadInput
from workbench.gui.kinds.boxes.grips import moved, resized
from workbench.gui.kinds.boxes.task import Box, scenes_in_view
from workbench.gui.lab.state import LabState
from workbench.gui.state.task_in_view import locks_without

Chosen = tuple[int, int]
"""A scene and one of its boxes."""
STEP = 1 / 64
NEW = (0.5, 0.5, 0.25, 0.25)
"""Where a box stands that the keyboard asks for."""


class BoxEditing(QObject):
    """Every change can be undone; those of one drag are undone together.

    `choiceChanged` when another box is meant by the keyboard; `refused` comes with a change that
    cannot be, such as deleting the last box there is.
    """

    choiceChanged = Signal()
    refused = Signal(object)
    accepted = Signal()

    def __init__(self, state: LabState) -> None:
        super().__init__()
        self._state = state
        self.scene = 0
        """The scene that the keyboard means."""
        self._box: int | None = None
        state.taskChanged.connect(self._on_task)

    # --- which box ---------------------------------------------------------------------------

    @property
    def chosen(self) -> Chosen | None:
        return None if self._box is None else (self.scene, self._box)

    def choose(self, scene: int, box: int | None) -> None:
        if (scene, box) != (self.scene, self._box):
            self.scene, self._box = scene, box
            self.choiceChanged.emit()

    def choose_next(self) -> None:
        """The next box of this scene or of one behind it; past the last one comes the first."""
        task = scenes_in_view(self._state)
        every = (
            []
            if task is None
            else [
                (at, box)
                for at, scene in enumerate(task.support)
                for box in range(len(scene.boxes))
            ]
        )
        if every:
            here = (self.scene, -1 if self._box is None else self._box)
            self.choose(*next((one for one in every if one > here), every[0]))

    def boxes(self, scene: int) -> tuple[Box, ...]:
        task = scenes_in_view(self._state)
        return () if task is None or scene >= len(task.support) else task.support[scene].boxes

    @property
    def place(self) -> Box | None:
        """Where the chosen box lies."""
        return None if self._box is None else self.boxes(self.scene)[self._box]

    # --- changing ----------------------------------------------------------------------------

    def put(self, box: Box, kind: str) -> None:
        """The chosen box lies elsewhere; changes of a kind in quick succession are one."""
        if self._box is not None:
            held = self.boxes(self.scene)
            self._write([*held[: self._box], box, *held[self._box + 1 :]], kind)

    def add(self, scene: int, box: Box, kind: str = "") -> None:
        """One more box, which is then the chosen one."""
        self.scene, self._box = scene, None
        count = len(self.boxes(scene))
        if self._write([*self.boxes(scene), box], kind):
            self.choose(scene, count)

    @Slot()
    def add_anywhere(self) -> None:
        """In the middle of the scene that the keyboard means."""
        self.add(self.scene, NEW)

    @Slot()
    def remove(self) -> None:
        """The chosen box goes; the last one that there is stays, and a sentence says so."""
        if self._box is None:
            return
        held, gone = self.boxes(self.scene), self._box
        self._box = None
        if self._write([*held[:gone], *held[gone + 1 :]]):
            self.choiceChanged.emit()
        else:
            self._box = gone

    def nudge(self, dx: int, dy: int, resize: bool) -> None:
        """By pixels of a scene; resizing moves the right and the lower edge."""
        if self.place is None:
            return
        by = (dx * STEP, dy * STEP)
        box = resized(self.place, (1, 1), *by) if resize else moved(self.place, *by)
        self.put(box, f"nudged {self.chosen}")

    # --- scenes ------------------------------------------------------------------------------

    @Slot()
    def remove_scene(self) -> None:
        """The scene that the keyboard means goes, with its lock."""
        task, gone = scenes_in_view(self._state), (0, self.scene)
        if task is not None:
            locked = self._state.workspace.in_view.locked
            try:
                self._state.edit(task.without(gone), locked=locks_without(locked, gone))
            except BadInput as problem:
                self.refused.emit(problem)

    @Slot()
    def toggle_lock(self) -> None:
        """Whether new draws leave the scene with its boxes as it is."""
        if scenes_in_view(self._state) is not None:
            self._state.workspace.in_view.toggle_lock((0, self.scene))

    def _write(self, boxes: Sequence[Box], kind: str = "") -> bool:
        task = scenes_in_view(self._state)
        if task is None or self.scene >= len(task.support):
            return False
        try:
            edited = task.with_item((0, self.scene), boxes)
        except BadInput as problem:
            self.refused.emit(problem)
            return False
        self.accepted.emit()
        self._state.edit(edited, kind)
        return True

    @Slot()
    def _on_task(self) -> None:
        """A box that is there no more is not chosen any more."""
        task = scenes_in_view(self._state)
        count = 0 if task is None else len(task.support)
        self.scene = min(self.scene, max(count - 1, 0))
        if self._box is not None and self._box >= len(self.boxes(self.scene)):
            self._box = None
