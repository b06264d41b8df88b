"""The support set of an image task: a slot for every way and shot."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workbench.core.errors import BadInput
from workbench.gui import theme
from workbench.gui.lab import look
from workbench.gui.lab.state import LabState
from workbench.gui.lab.support.drawing import DrawingPopup
from workbench.gui.lab.support.picker import Picker
from workbench.gui.lab.support.slot import SIZE, SupportSlot

GAP = 6


class SupportGrid(QScrollArea):
    """Slots that are replaced by click, drop, file or pen; `refused` says why one was not."""

    refused = Signal(object)
    accepted = Signal()

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._slots: dict[tuple[int, int], SupportSlot] = {}
        self._titles: list[QLabel] = []
        self._drawn: Any = None
        self._columns = 0
        self.picker = Picker(self)
        self.drawing = DrawingPopup(self)
        self.setObjectName("lab.support")
        self.setAccessibleName(self.tr("Support set"))
        self.setMinimumWidth(2 * SIZE + 16)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.picker.picked.connect(self.replace)
        self.drawing.drawn.connect(self._on_drawn)
        self.drawing.wiped.connect(self._on_wiped)
        state.taskChanged.connect(self.show_task)
        theme.current().follow(self.show_task)
        self.show_task()

    def slot(self, way: int, shot: int) -> SupportSlot:
        return self._slots[way, shot]

    @Slot()
    def show_task(self) -> None:
        task, spec = self._state.task, self._state.spec
        if task is None or spec is None or not spec.is_image:
            return
        if not self._state.edited:
            self._drawn = task
            self.drawing.forget()
        support = task.support  # type: ignore[attr-defined]
        shape = {(way, shot) for way, row in enumerate(support) for shot in range(len(row))}
        if shape != set(self._slots):
            self._rebuild(support)
        for (way, shot), slot in self._slots.items():
            self._show_slot(slot, task, support[way][shot])
        for way, label in enumerate(self._titles):
            self._show_title(label, way, task.class_title(way))  # type: ignore[attr-defined]

    def _show_slot(self, slot: SupportSlot, task: Any, entry: Any) -> None:
        if slot.entry is not entry or slot.palette_key != look.colors():
            colors = look.colors()
            slot.entry, slot.palette_key = entry, colors
            image = look.picture(task.image(entry), task.style)
            edited = entry is not self._drawn.support[slot.way][slot.shot]
            slot.show_picture(image, _title(entry), edited)

    def show_influence(self, values: list[float] | None) -> None:
        """A mark on every slot, in the order of the support set; None takes them away."""
        fits = values is not None and len(values) == len(self._slots)
        finite = [abs(value) for value in values or [] if math.isfinite(value)]
        for number, key in enumerate(sorted(self._slots)):
            value = values[number] if fits and values is not None else None
            self._slots[key].show_influence(value, max(finite, default=1.0))

    def _show_title(self, label: QLabel, way: int, title: str) -> None:
        beside = len(self._slots) == len(self._titles)
        room = max(self.viewport().width() - (SIZE + 28 if beside else 32), 48)
        lines = title.split(" · ") if beside else [title]
        elide, middle = label.fontMetrics().elidedText, Qt.TextElideMode.ElideMiddle
        shown = "<br>".join(elide(line, middle, room) for line in lines)
        gap = "<br>" if beside else "&nbsp;&nbsp;"
        label.setText(f"<b>{look.letter(way)}</b>{gap}{shown}")
        label.setToolTip(title)

    def _rebuild(self, support: tuple[tuple[Any, ...], ...]) -> None:
        body = QWidget()
        body.setObjectName("lab.support.body")
        body.setProperty("page", True)
        self._slots, self._titles, self._grids, self._columns = {}, [], [], 0
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(4)
        for way, row in enumerate(support):
            label = QLabel()
            label.setProperty("role", "muted")
            self._titles.append(label)
            grid = QGridLayout()
            grid.setSpacing(GAP)
            self._grids.append(grid)
            layout.addLayout(_class_row(label, grid, beside=len(row) == 1))
            for shot in range(len(row)):
                self._slots[way, shot] = self._make_slot(way, shot, body)
        layout.addStretch(1)
        self.setWidget(body)
        self._arrange()

    def _make_slot(self, way: int, shot: int, body: QWidget) -> SupportSlot:
        slot = SupportSlot(way, shot, body)
        slot.clicked.connect(self._on_clicked)
        slot.drawRequested.connect(self._on_draw_requested)
        slot.itemDropped.connect(self._on_item)
        slot.fileDropped.connect(self._on_file)
        return slot

    def _arrange(self) -> None:
        columns = max((self.viewport().width() - 8) // (SIZE + GAP), 1)
        if columns == self._columns:
            return
        self._columns = columns
        for (way, shot), slot in self._slots.items():
            grid = self._grids[way]
            grid.addWidget(slot, shot // columns, shot % columns, Qt.AlignmentFlag.AlignLeft)
            if len(self._slots) > len(self._titles):
                grid.setColumnStretch(columns, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._slots:
            self._arrange()
            self.show_task()

    # --- replacing ---------------------------------------------------------------------------

    @Slot(int, int, object)
    def replace(self, way: int, shot: int, entry: Any) -> None:
        """Put ``entry`` into a slot; the lab re-adapts by itself."""
        task = self._state.task
        if task is None:
            return
        try:
            changed = task.with_support(way, shot, entry)  # type: ignore[attr-defined]
        except BadInput as problem:
            self.refused.emit(problem)
            return
        self.accepted.emit()
        self._state.edit(changed)

    @Slot()
    def _on_clicked(self) -> None:
        slot = self.sender()
        family, task = self._state.workspace.family, self._state.task
        if isinstance(slot, SupportSlot) and family is not None and task is not None:
            split = self._state.workspace.split
            at = slot.mapToGlobal(QPoint(0, slot.height() + 4))
            self.picker.open_for(family, task, split, slot.way, slot.shot, at)

    @Slot()
    def _on_draw_requested(self) -> None:
        slot = self.sender()
        if isinstance(slot, SupportSlot):
            self.draw(slot.way, slot.shot)

    def draw_focused(self) -> None:
        """Open the sheet for the slot with the focus, else for the first one."""
        focused = self.focusWidget()
        slot = focused if isinstance(focused, SupportSlot) else self._slots[0, 0]
        self.draw(slot.way, slot.shot)

    def draw(self, way: int, shot: int) -> None:
        """Open the sheet for a slot."""
        slot = self._slots[way, shot]
        self.drawing.open_for(way, shot, slot.mapToGlobal(QPoint(slot.width() + 8, 0)))

    @Slot(int, int)
    def _on_item(self, class_index: int, index: int) -> None:
        """An item of the slot's own class is turned as that class is in this task."""
        from workbench.tasks.image_pool import Item

        slot, task = self.sender(), self._state.task
        if isinstance(slot, SupportSlot) and task is not None:
            own = task.classes[slot.way]  # type: ignore[attr-defined]
            turn = own.rotation if own.class_index == class_index else 0
            self.replace(slot.way, slot.shot, Item(class_index, index, turn))

    @Slot(object)
    def _on_file(self, path: Path) -> None:
        slot = self.sender()
        try:
            picture = self._state.workspace.family.read_picture(path)  # type: ignore[union-attr]
        except BadInput as problem:
            self.refused.emit(problem)
            return
        if isinstance(slot, SupportSlot):
            self.replace(slot.way, slot.shot, picture)

    @Slot(int, int, object)
    def _on_drawn(self, way: int, shot: int, ink: Any) -> None:
        family = self._state.workspace.family
        self.replace(way, shot, family.picture_from_ink(ink))  # type: ignore[union-attr]

    @Slot(int, int)
    def _on_wiped(self, way: int, shot: int) -> None:
        """An empty sheet gives the slot its drawn picture back."""
        self.replace(way, shot, self._drawn.support[way][shot])


def _class_row(label: QLabel, grid: QGridLayout, beside: bool) -> QBoxLayout:
    """A class's name above its pictures; beside a single one, which saves height."""
    row: QBoxLayout = QHBoxLayout() if beside else QVBoxLayout()
    row.setSpacing(8 if beside else 4)
    if beside:
        row.addLayout(grid)
        row.addWidget(label, 1)
    else:
        row.addWidget(label)
        row.addLayout(grid)
    return row


def _title(entry: Any) -> str:
    return str(getattr(entry, "label", "") or "")
