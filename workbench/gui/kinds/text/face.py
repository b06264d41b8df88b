"""The face of tasks of sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from workbench.gui.kinds.text.class_list import ClassSentences
from workbench.gui.kinds.text.column import SentenceColumn
from workbench.gui.kinds.text.queries import QuerySet
from workbench.gui.kinds.text.sheet import EpisodeSentences
from workbench.gui.kinds.text.support import SupportSet
from workbench.gui.kinds.text.task import TEXT
from workbench.gui.lab.face import Page, TaskFace, Widths

if TYPE_CHECKING:
    from workbench.gui.lab.state import LabState


def tr(text: str) -> str:
    return QCoreApplication.translate("TextFace", text)


class TextFace(TaskFace):
    name = "text"
    shows = (TEXT,)
    widths = Widths((190, 200, 230, 0), (4, 3, 5, 0), (0.3, 200, 380))

    def items(self) -> str:
        return tr("sentences")

    def page(self, state: LabState) -> Page:
        return TextPage(state)

    def episode(self) -> EpisodeSentences:
        return EpisodeSentences()

    def classes(self) -> ClassSentences:
        return ClassSentences()

    def column(self, name: str) -> SentenceColumn:
        return SentenceColumn(name)

    def heading(self, task: Any) -> str:
        return tr("Episode")

    def told(self, task: Any, support: bool, index: int) -> str:
        rows = task.support_texts if support else task.query_texts
        return str([text for row in rows for text in row][index])


class TextPage(Page):
    """Lines for the support set; query sentences, of which one can be opened."""

    def __init__(self, state: LabState) -> None:
        self.support = SupportSet(state)
        self.lines, self.editing = self.support.lines, self.support.lines.editing
        self.query = QuerySet(state, self.editing)
        self.queries = self.query.list
        hint = tr("Click to write, paste or drop files; right-click for more.")
        super().__init__(tr("Support set"), hint, self.support, self.query)
        self.sheets = (self.lines.sheet, self.queries.sheet)
        self.editing.refused.connect(self.refused)
        self.editing.accepted.connect(self.accepted)
        self.queries.whyAsked.connect(self.whyAsked)

    def show_influence(self, values: list[float] | None, query: int | None) -> None:
        self.lines.show_influence(values)
        self.queries.show_asked(query)
