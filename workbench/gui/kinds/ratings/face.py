"""The face of tasks of ratings: cards with stars, and the ranking that follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from workbench.gui.kinds.ratings.column import RankColumn
from workbench.gui.kinds.ratings.preview import UserPreview
from workbench.gui.kinds.ratings.ranking import Ranking
from workbench.gui.kinds.ratings.support import RatedSupport
from workbench.gui.kinds.ratings.task import RATED
from workbench.gui.lab.face import Page, TaskFace, Widths

if TYPE_CHECKING:
    from workbench.gui.lab.state import LabState


def tr(text: str) -> str:
    return QCoreApplication.translate("RatingsFace", text)


class RatingsFace(TaskFace):
    name = "ratings"
    shows = (RATED,)
    widths = Widths((220, 200, 230, 0), (4, 3, 4, 0), (0.3, 220, 380))

    def items(self) -> str:
        return tr("rated items")

    def page(self, state: LabState) -> Page:
        return RatingsPage(state)

    def episode(self) -> UserPreview:
        return UserPreview()

    def column(self, name: str) -> RankColumn:
        return RankColumn(name)

    def told(self, task: Any, support: bool, index: int) -> str:
        rating = (task.support if support else task.query)[index]
        return str(task.name(rating.item))


class RatingsPage(Page):
    def __init__(self, state: LabState) -> None:
        self.support = RatedSupport(state)
        self.cards, self.editing = self.support.cards, self.support.editing
        self.ranking = Ranking(state, self.editing)
        hint = tr("Click the stars to rate; find more below, or drag one over from the ranking.")
        super().__init__(tr("Rated items"), hint, self.support, self.ranking)
        self.right_title = tr("Ranking of the others")
        self.sheets = (self.cards.sheet, self.ranking.list.sheet)
        self.editing.refused.connect(self.refused)
        self.editing.accepted.connect(self.accepted)
        self.ranking.list.whyAsked.connect(self.whyAsked)

    def show_influence(self, values: list[float] | None, query: int | None) -> None:
        self.cards.show_influence(values)
        self.ranking.list.show_asked(query)
