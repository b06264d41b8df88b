"""The support set of an image task: a slot for every way and shot."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.kinds.pictures import support_sheet
from workbench.gui.kinds.pictures.cards import PICTURES
from workbench.gui.kinds.pictures.class_title import ClassTitle
from workbench.gui.kinds.pictures.editing import SupportEditing
from workbench.gui.kinds.pictures.menus import ClassMenu, SlotMenu
from workbench.gui.kinds.pictures.slot import SIZES, SupportSlot
from workbench.gui.lab import type_names
from workbench.gui.lab.state import LabState
from workbench.gui.style import paint, theme
from workbench.gui.takeaway.sheet import Sheet

GAP = 6
ROW_GAP, TITLE, ADDERS = 4, 20, 38
"""Pixels between classes, of a class's title above its pictures, and of what adds to the task."""
NAME = 72
"""Pixels for a class's name beside its only picture."""


class SupportGrid(QScrollArea):
    """Slots to be filled by click, drop, file or pen; what that does, `editing` knows."""

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._slots: dict[tuple[int, int], SupportSlot] = {}
        self._titles: list[ClassTitle] = []
        self._columns = 0
        self._side = SIZES.usual
        self._room = (0, 0)
        self.editing = SupportEditing(state, self)
        self.setObjectName("lab.support")
        self.setAccessibleName(self.tr("Support set"))
        self.setMinimumWidth(2 * SIZES.usual + GAP + 18)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        state.taskChanged.connect(self.show_task)
        state.workspace.in_view.locksChanged.connect(self.show_task)
        theme.current().follow(self.show_task)
        self.show_task()

    def slot(self, way: int, shot: int) -> SupportSlot:
        return self._slots[way, shot]

    # --- showing -----------------------------------------------------------------------------

    @Slot()
    def show_task(self) -> None:
        task: Any = self._state.task
        if not type_names.is_a(task, PICTURES):
            return
        view = self._state.workspace.in_view
        shape = {(way, shot) for way, row in enumerate(task.support) for shot in range(len(row))}
        if shape != set(self._slots):
            self._rebuild(task.support)
        drawn: Any = view.drawn or task
        original = {id(entry) for row in drawn.support for entry in row}
        for (way, shot), slot in self._slots.items():
            entry = task.support[way][shot]
            slot.show_state(id(entry) not in original, (way, shot) in view.locked)
            self._show_picture(slot, task, entry)
        for title in self._titles:
            self._show_title(title, task.class_title(title.way))

    def _show_picture(self, slot: SupportSlot, task: Any, entry: Any) -> None:
        colors = paint.colors()
        if slot.entry is not entry or slot.palette_key != colors:
            slot.entry, slot.palette_key = entry, colors
            title = str(getattr(entry, "label", "") or "")
            slot.show_picture(paint.picture(task.image(entry), task.style), title)

    def show_influence(self, values: list[float] | None) -> None:
        """A mark on every slot, in the order of the support set; None takes them away."""
        fits = values is not None and len(values) == len(self._slots)
        finite = [abs(value) for value in values or [] if math.isfinite(value)]
        for number, key in enumerate(sorted(self._slots)):
            value = values[number] if fits and values is not None else None
            self._slots[key].show_influence(value, max(finite, default=1.0))

    def sheet(self) -> Sheet | None:
        task: Any = self._state.task
        if not type_names.is_a(task, PICTURES):
            return None
        slots = [self._slots[place] for place in sorted(self._slots)]
        return support_sheet.sheet(self.accessibleName(), task, [slot.shown for slot in slots])

    def _show_title(self, title: ClassTitle, text: str) -> None:
        room = self.viewport().width() - (self._side + 28 if self._single else 32)
        title.show_title(text, max(room, 48), beside=self._single)

    # --- building ----------------------------------------------------------------------------

    @property
    def _single(self) -> bool:
        """One picture a class: then its name has room beside it."""
        return len(self._slots) == len(self._titles)

    def _rebuild(self, support: tuple[tuple[Any, ...], ...]) -> None:
        body = QWidget()
        body.setObjectName("lab.support.body")
        body.setProperty("page", True)
        self._slots, self._titles, self._grids, self._columns = {}, [], [], 0
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(4)
        single = all(len(row) == 1 for row in support)
        for way, row in enumerate(support):
            self._titles.append(self._make_title(way))
            grid = QGridLayout()
            grid.setSpacing(GAP)
            self._grids.append(grid)
            layout.addLayout(_class_row(self._titles[way], grid, beside=single))
            for shot in range(len(row)):
                self._slots[way, shot] = self._make_slot(way, shot, body)
        layout.addLayout(self._make_adders())
        layout.addStretch(1)
        outdated = self.takeWidget()
        if outdated is not None:
            # Later, since the click that led here may come from one of its slots; and with a
            # parent, since what is taken belongs to Python, which would not wait.
            outdated.setParent(self)
            outdated.hide()
            outdated.deleteLater()
        self.setWidget(body)
        self._arrange()

    def _make_title(self, way: int) -> ClassTitle:
        title = ClassTitle(way)
        title.nameAsked.connect(self.editing.ask_name)
        title.customContextMenuRequested.connect(self._on_class_menu)
        return title

    def _make_slot(self, way: int, shot: int, body: QWidget) -> SupportSlot:
        slot = SupportSlot(way, shot, body)
        self.editing.serve(slot)
        slot.menuRequested.connect(self._on_slot_menu)
        return slot

    def _make_adders(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        for name, text, tip, act in (
            ("lab.addClass", self.tr("+ Class"),
             self.tr("Add a class of this split to the task"), self.editing.add_class),
            ("lab.addShot", self.tr("+ Shot"),
             self.tr("Add a support picture to every class"), self.editing.add_shots),
        ):  # fmt: skip
            button = QToolButton()
            button.setObjectName(name)
            button.setText(text)
            button.setAccessibleName(tip)
            button.setToolTip(tip)
            button.clicked.connect(act)
            row.addWidget(button)
        row.addStretch(1)
        return row

    @Slot(int, int)
    def set_room(self, opened: int, closed: int) -> None:
        """The height there is with a view open in the drawer, and with none."""
        self._room = (opened, closed)
        if self._slots:
            self._arrange()
            self.show_task()

    def _arrange(self) -> None:
        side = self._fitting_side()
        columns = self._columns_of(side)
        if (columns, side) == (self._columns, self._side):
            return
        self._columns, self._side = columns, side
        for (way, shot), slot in self._slots.items():
            slot.set_side(side)
            grid = self._grids[way]
            grid.addWidget(slot, shot // columns, shot % columns, Qt.AlignmentFlag.AlignLeft)
            if not self._single:
                grid.setColumnStretch(columns, 1)

    def _fitting_side(self) -> int:
        widest = self.viewport().width() - 8 - (NAME if self._single else 0)
        return min(SIZES.side(*self._room, self._needed), max(widest, SIZES.least))

    def _columns_of(self, side: int) -> int:
        return max((self.viewport().width() - 8) // (side + GAP), 1)

    def _needed(self, side: int) -> int:
        """The height of all classes with pictures of that side."""
        shots = -(-len(self._slots) // max(len(self._titles), 1))
        rows = 1 if self._single else -(-shots // self._columns_of(side))
        each = rows * (side + GAP) - GAP + (0 if self._single else TITLE + 4) + ROW_GAP
        return len(self._titles) * each + ADDERS

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._slots:
            self._arrange()
            self.show_task()

    # --- asking ------------------------------------------------------------------------------

    def draw_focused(self) -> None:
        """Open the sheet for the slot with the focus, else for the first one."""
        focused = self.focusWidget()
        slot = focused if isinstance(focused, SupportSlot) else self._slots[0, 0]
        self.editing.draw(slot)

    @Slot(QPoint)
    def _on_slot_menu(self, at: QPoint) -> None:
        slot = self.sender()
        if isinstance(slot, SupportSlot):
            SlotMenu(self.editing, slot, self).popup(at)

    @Slot(QPoint)
    def _on_class_menu(self, at: QPoint) -> None:
        title = self.sender()
        if isinstance(title, ClassTitle):
            ClassMenu(self.editing, title.way, self).popup(title.mapToGlobal(at))


def _class_row(title: ClassTitle, grid: QGridLayout, beside: bool) -> QBoxLayout:
    """A class's name above its pictures; beside a single one, which saves height."""
    row: QBoxLayout = QHBoxLayout() if beside else QVBoxLayout()
    row.setSpacing(8 if beside else 4)
    if beside:
        row.addLayout(grid)
        row.addWidget(title, 1)
    else:
        row.addWidget(title)
        row.addLayout(grid)
    return row
