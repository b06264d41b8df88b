"""The face of tasks made of pictures in classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from workbench.gui.kinds.pictures.cards import PICTURES, QueryCards
from workbench.gui.kinds.pictures.class_grid import ClassGrid
from workbench.gui.kinds.pictures.grid import SupportGrid
from workbench.gui.kinds.pictures.own import scene
from workbench.gui.kinds.pictures.own.panel import OwnPanel
from workbench.gui.kinds.pictures.own.side import QuerySide
from workbench.gui.kinds.pictures.query_grid import QueryGrid
from workbench.gui.kinds.pictures.sheet import EpisodeSheet
from workbench.gui.kinds.pictures.thumbnail import thumbnail
from workbench.gui.lab.face import Page, TaskFace, Widths
from workbench.gui.style import paint

if TYPE_CHECKING:
    from workbench.experiments.predicting.answers import Answers
    from workbench.gui.lab.state import LabState

ROOMY = 480
"""Pixels of height from which on there is room for hints."""


def tr(text: str) -> str:
    return QCoreApplication.translate("PicturesFace", text)


class PicturesFace(TaskFace):
    name = "pictures"
    shows = (PICTURES,)
    widths = Widths((166, 226, 244, 0), (2, 6, 5, 0), (0.14, 136, 190))

    def items(self) -> str:
        return tr("images")

    def page(self, state: LabState) -> Page:
        return PicturesPage(state)

    def episode(self) -> EpisodeSheet:
        return EpisodeSheet()

    def classes(self) -> ClassGrid:
        return ClassGrid()

    def column(self, name: str) -> QueryGrid:
        return QueryGrid(name)

    def answers(self, task: Any) -> Answers:
        from workbench.experiments.predicting.answers import Answers

        return Answers.classes(task.class_titles)

    def heading(self, task: Any) -> str:
        return tr("Episode")

    def image(self, task: Any, x: Any) -> QImage:
        return paint.picture(task.style.pixels(x), task.style)

    def thumbnail(self, task: Any, width: int, height: int) -> QImage:
        return thumbnail(task, width, height)


class PicturesPage(Page):
    """Slots for the support set, cards for the query set."""

    def __init__(self, state: LabState) -> None:
        self._state = state
        self.support, self.queries = SupportGrid(state), QueryCards(state)
        self.own = OwnPanel(state)
        hint = tr("Click, drop or draw; right-click for more.")
        super().__init__(tr("Support set"), hint, self.support, QuerySide(self.queries, self.own))
        self.sheets = (self.support.sheet, self.queries.sheet)
        self.support.editing.refused.connect(self.refused)
        self.support.editing.accepted.connect(self.accepted)
        self.queries.whyAsked.connect(self.whyAsked)
        self.own.adding.said.connect(self.said)
        for source in (self.own.adding, self.own.asking):
            source.failed.connect(self.refused)

    def share_room(self, below: QWidget, opened: int, closed: int) -> None:
        """Pictures are as large as fits below the titles above them, also when others come in."""
        self.own.show_hint(closed > ROOMY)
        for pictures, taken in ((self.support, 0), (self.queries, self.own.head)):
            above = pictures.mapTo(below, QPoint()).y() + taken
            pictures.set_room(opened - above, closed - above)

    def show_influence(self, values: list[float] | None, query: int | None) -> None:
        self.support.show_influence(values)
        self.queries.show_asked(query)

    def beside(self) -> list[Any]:
        task: Any = self._state.task
        return scene.kept(self.own.pictures, task.style)

    def bring_beside(self, values: Sequence[Any]) -> str:
        task: Any = self._state.task
        return scene.bring(self.own.pictures, values, task.style)

    def draw(self) -> None:
        self.support.draw_focused()
