"""What can be done to a support set of images: replace, draw, lock, add and remove."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtWidgets import QInputDialog, QWidget

from workbench.core.errors import BadInput
from workbench.gui.kinds.pictures.drawing import DrawingPopup
from workbench.gui.kinds.pictures.picker import Picker
from workbench.gui.kinds.pictures.slot import SupportSlot
from workbench.gui.lab.state import LabState
from workbench.gui.state.task_in_view import locks_without, locks_without_class
from workbench.gui.style import paint

if TYPE_CHECKING:
    from workbench.gui.state.task_in_view import Locked


class SupportEditing(QObject):
    """Every change makes a new task, and the lab re-adapts by itself.

    `refused` says why a change was not made, `accepted` that one was.
    """

    refused = Signal(object)
    accepted = Signal()

    def __init__(self, state: LabState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state, self._above = state, parent
        self._under: dict[Any, Any] = {}
        """By drawn picture what stood in its place before the first stroke."""
        self.picker = Picker(parent)
        self.drawing = DrawingPopup(parent)
        self.picker.picked.connect(self.replace)

    def serve(self, slot: SupportSlot) -> None:
        """Do what a slot asks for."""
        slot.clicked.connect(self._on_clicked)
        slot.drawRequested.connect(self._on_draw)
        slot.lockRequested.connect(self._on_lock)
        slot.removeRequested.connect(self._on_remove)
        slot.itemDropped.connect(self._on_item)
        slot.fileDropped.connect(self._on_file)

    # --- one picture -------------------------------------------------------------------------

    @Slot(int, int, object)
    def replace(self, way: int, shot: int, entry: Any) -> None:
        self._change(lambda task: task.with_item((way, shot), entry))

    def choose(self, slot: SupportSlot) -> None:
        """Open the pictures that may stand in a slot."""
        family, view = self._state.workspace.data.family, self._state.workspace.in_view
        if family is not None and view.task is not None:
            at = slot.mapToGlobal(QPoint(0, slot.height() + 4))
            self.picker.open_for(family, view.task, view.split, slot.way, slot.shot, at)

    def draw(self, slot: SupportSlot) -> None:
        """Open the sheet for a slot; what was drawn there before is drawn on."""
        if self._task is None:
            return
        strokes = getattr(slot.entry, "strokes", ())
        at = slot.mapToGlobal(QPoint(slot.width() + 8, 0))
        heading = self.tr("Draw class {0}, picture {1}").format(
            paint.letter(slot.way), slot.shot + 1
        )
        place = (slot.way, slot.shot)
        drawn, wiped = partial(self._on_drawn, *place), partial(self._on_wiped, *place)
        self.drawing.open_for(heading, strokes, at, drawn, wiped)

    def toggle_lock(self, way: int, shot: int) -> None:
        self._state.workspace.in_view.toggle_lock((way, shot))

    def remove_shot(self, way: int, shot: int) -> None:
        locked = locks_without(self._locked, (way, shot))
        self._change(lambda task: task.without((way, shot)), locked)

    # --- classes and shots -------------------------------------------------------------------

    def add_shot(self, way: int) -> None:
        from workbench.tasks import image_shape

        self._change(lambda task: image_shape.with_shot(task, way, _draws(task)))

    @Slot()
    def add_shots(self) -> None:
        """One more for every class."""
        from workbench.tasks import image_shape

        def more(task: Any) -> Any:
            for way in range(len(task.classes)):
                task = image_shape.with_shot(task, way, _draws(task))
            return task

        self._change(more)

    @Slot()
    def add_class(self) -> None:
        from workbench.tasks import image_shape

        family: Any = self._state.workspace.data.family
        if family is None:
            return
        among = family.classes[self._state.workspace.in_view.split]
        self._change(lambda task: image_shape.with_class(task, among, _draws(task)))

    def remove_class(self, way: int) -> None:
        from workbench.tasks.classes import without_class

        locked = locks_without_class(self._locked, way)
        self._change(lambda task: without_class(task, way), locked)

    @Slot(int)
    def ask_name(self, way: int) -> None:
        """What a class is called; nothing gives it the name in the data back."""
        if self._task is None:
            return
        title = self.tr("Name class {0}").format(paint.letter(way))
        text = self.tr("Its name in this task, and in the learner that is saved:")
        now = self._task.class_title(way)
        name, given = QInputDialog.getText(self._above, title, text, text=now)
        if given and name.strip() != now:
            self._change(lambda task: task.with_name(way, name))

    # --- how ---------------------------------------------------------------------------------

    @property
    def _task(self) -> Any:
        """Nothing can be changed in the recorded adaptation that shows while torch is loaded."""
        return self._state.workspace.in_view.task

    @property
    def _locked(self) -> Locked:
        return self._state.workspace.in_view.locked

    def _change(self, make: Callable[[Any], Any], locked: Locked | None = None) -> None:
        if self._task is None:
            return
        try:
            changed = make(self._task)
        except BadInput as problem:
            self.refused.emit(problem)
            return
        self.accepted.emit()
        self._state.edit(changed, locked=locked)

    @Slot()
    def _on_clicked(self) -> None:
        slot = self.sender()
        if isinstance(slot, SupportSlot):
            self.choose(slot)

    @Slot()
    def _on_draw(self) -> None:
        slot = self.sender()
        if isinstance(slot, SupportSlot):
            self.draw(slot)

    @Slot()
    def _on_lock(self) -> None:
        slot = self.sender()
        if isinstance(slot, SupportSlot):
            self.toggle_lock(slot.way, slot.shot)

    @Slot()
    def _on_remove(self) -> None:
        slot = self.sender()
        if isinstance(slot, SupportSlot):
            self.remove_shot(slot.way, slot.shot)

    @Slot(int, int)
    def _on_item(self, class_index: int, index: int) -> None:
        """An item of the slot's own class is turned as that class is in this task."""
        from workbench.tasks.image_pool import Item

        slot, task = self.sender(), self._task
        if isinstance(slot, SupportSlot) and task is not None:
            own = task.classes[slot.way]
            turn = own.rotation if own.class_index == class_index else 0
            self.replace(slot.way, slot.shot, Item(class_index, index, turn))

    @Slot(object)
    def _on_file(self, path: Path) -> None:
        slot, family = self.sender(), self._state.workspace.data.family
        if family is None:
            return
        try:
            picture = family.read_picture(path)  # type: ignore[attr-defined]
        except BadInput as problem:
            self.refused.emit(problem)
            return
        if isinstance(slot, SupportSlot):
            self.replace(slot.way, slot.shot, picture)

    def _on_drawn(self, way: int, shot: int, ink: Any, strokes: Any) -> None:
        family: Any = self._state.workspace.data.family
        before, picture = self._task.support[way][shot], family.picture_from_ink(ink, strokes)
        self._under[picture] = self._under.get(before, before)
        self.replace(way, shot, picture)

    def _on_wiped(self, way: int, shot: int) -> None:
        """An empty sheet gives the slot back what stood there before; an opened scene has none."""
        drawn = self._task.support[way][shot]
        if drawn in self._under:
            self.replace(way, shot, self._under[drawn])


def _draws(task: Any) -> Any:
    """The same change of the same task draws the same picture again."""
    from workbench.core.seeds import generator

    sizes = [len(row) for row in task.support]
    return generator("by hand", repr(task.classes), *sizes)
