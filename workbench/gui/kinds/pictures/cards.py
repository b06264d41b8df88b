"""What the learner says about every query item at the step looked at, grouped by true class."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from workbench.gui.kinds.pictures import picture_sheets
from workbench.gui.kinds.pictures.answer import card_size
from workbench.gui.kinds.pictures.card import SIZES, QueryCard
from workbench.gui.lab import type_names
from workbench.gui.lab.state import LabState
from workbench.gui.style import paint, theme
from workbench.gui.style.widgets import plain
from workbench.gui.takeaway.sheet import Sheet

PICTURES = "workbench.tasks.image_task.ImageTask"
"""The type of task that is shown here."""
MAX_COLUMNS = 15
GAP, GROUP_GAP, LETTER = 2, 6, 18
"""Pixels between cards, between classes, and for a class's letter."""


class QueryCards(QScrollArea):
    """All query items; the cards are kept while their number stays the same.

    `whyAsked` comes with the number of the card that was clicked.
    """

    whyAsked = Signal(int)

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._cards: list[QueryCard] = []
        self._headings: list[QLabel] = []
        self._ways = 0
        self._columns = 0
        self._side = SIZES.usual
        self._room = (0, 0)
        self._stale = True
        self._query: object = None
        """What the cards show: it stays the same object while only the support set changes."""
        self.setObjectName("lab.queries")
        self.setAccessibleName(self.tr("Query predictions"))
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        state.taskChanged.connect(self.show_task)
        theme.current().follow(self._on_theme)
        state.stepsChanged.connect(state.turns.take(self.show_step))
        state.cursorChanged.connect(self.show_step)
        self.show_task()

    @property
    def cards(self) -> list[QueryCard]:
        return self._cards

    @Slot()
    def show_task(self) -> None:
        spec, episode = self._state.spec, self._state.episode
        if spec is None or episode is None or not type_names.is_a(self._state.task, PICTURES):
            return
        truths = episode.query.y.tolist()
        if (len(truths), spec.outputs) != (len(self._cards), self._ways):
            self._rebuild(len(truths), spec.outputs)
        task: Any = self._state.task
        if self._query is not task.query or self._stale:
            style, self._query = task.style, task.query
            for card, truth, pixels in zip(self._cards, truths, episode.query.x, strict=True):
                card.show_item(paint.picture(style.pixels(pixels), style), truth)
            self._stale = False
        for way, heading in enumerate(self._headings):
            heading.setToolTip(f"{heading.accessibleName()}: {plain(task.class_title(way))}")
        self.show_step()

    @Slot()
    def _on_theme(self) -> None:
        self._stale = True
        self.show_task()

    @Slot()
    def show_step(self) -> None:
        step, spec = self._state.current, self._state.spec
        if spec is None or not type_names.is_a(self._state.task, PICTURES):
            return
        if step is None or len(step.query_outputs) != len(self._cards):
            for card in self._cards:
                card.forget()
            return
        first = self._state.steps[0].query_outputs.tolist()
        for card, now, before in zip(self._cards, step.query_outputs.tolist(), first, strict=True):
            predicted, probability = best(now)
            card.show_prediction(predicted, probability, best(before)[0])

    def sheet(self) -> Sheet | None:
        step = self._state.current
        task: Any = self._state.task
        if step is None or len(step.query_outputs) != len(self._cards):
            return None
        answers = [card.answer for card in self._cards]
        taken = picture_sheets.answers(self.accessibleName(), task, answers, step.query_outputs)
        return replace(taken, notes=(*taken.notes, self.tr("Step {0}").format(step.step)))

    def show_asked(self, query: int | None) -> None:
        for card in self._cards:
            card.set_asked(card.index == query)

    @Slot()
    def _on_clicked(self) -> None:
        card = self.sender()
        if isinstance(card, QueryCard) and card.answer.predicted is not None:
            self.whyAsked.emit(card.index)

    def _rebuild(self, count: int, ways: int) -> None:
        body = QWidget()
        body.setObjectName("lab.queries.body")
        body.setProperty("page", True)
        self._cards = [QueryCard(index, body) for index in range(count)]
        for card in self._cards:
            card.clicked.connect(self._on_clicked)
        self._ways, self._columns, self._stale = ways, 0, True
        self._layout = QVBoxLayout(body)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GROUP_GAP)
        self._headings = []
        self._grids = [self._add_group(way) for way in range(ways)]
        self._layout.addStretch(1)
        self.setWidget(body)
        self._arrange()

    def _add_group(self, way: int) -> QGridLayout:
        """The class's letter beside its cards, as in the support set."""
        row = QHBoxLayout()
        row.setSpacing(GAP)
        heading = QLabel(paint.letter(way))
        heading.setProperty("role", "letter")
        heading.setAccessibleName(self.tr("Class {0}").format(paint.letter(way)))
        heading.setFixedWidth(LETTER)
        self._headings.append(heading)
        row.addWidget(heading, 0, Qt.AlignmentFlag.AlignVCenter)
        grid = QGridLayout()
        grid.setSpacing(GAP)
        row.addLayout(grid, 1)
        self._layout.addLayout(row)
        return grid

    @Slot(int, int)
    def set_room(self, opened: int, closed: int) -> None:
        """The height there is with a view open in the drawer, and with none."""
        self._room = (opened, closed)
        self._arrange()

    def _arrange(self) -> None:
        """As many columns as fit, of cards as large as fit."""
        if not self._cards:
            return
        side = SIZES.side(*self._room, self._needed)
        columns = self._columns_of(side)
        if (columns, side) == (self._columns, self._side):
            return
        self._columns, self._side = columns, side
        each = len(self._cards) // self._ways
        for index, card in enumerate(self._cards):
            card.set_picture_side(side)
            way, place = divmod(index, each)
            left = Qt.AlignmentFlag.AlignLeft
            self._grids[way].addWidget(card, place // columns, place % columns, left)
        for grid in self._grids:
            for column in range(MAX_COLUMNS + 1):
                grid.setColumnStretch(column, 1 if column == columns else 0)

    def _columns_of(self, side: int) -> int:
        room = self.viewport().width() - LETTER
        fitting = room // (card_size(side).width() + GAP)
        return min(max(fitting, 1), MAX_COLUMNS)

    def _needed(self, side: int) -> int:
        """The height of all classes with pictures of that side."""
        rows = -(-(len(self._cards) // self._ways) // self._columns_of(side))
        each = rows * (card_size(side).height() + GAP) - GAP + GROUP_GAP
        return self._ways * each - GROUP_GAP

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


def best(probabilities: list[float]) -> tuple[int | None, float]:
    """The likeliest class; none after divergence."""
    if not all(math.isfinite(p) for p in probabilities):
        return None, math.nan
    best = max(range(len(probabilities)), key=probabilities.__getitem__)
    return best, probabilities[best]
