"""The lab of scenes: boxes under the hand left, what is found in the query scenes right."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from workbench.gui.kinds.boxes.editing import BoxEditing
from workbench.gui.kinds.boxes.query_side import QuerySide
from workbench.gui.kinds.boxes.support import SupportScenes
from workbench.gui.lab.face import Page
from workbench.gui.lab.state import LabState
from workbench.gui.style.widgets import column, label


def tr(text: str) -> str:
    return QCoreApplication.translate("BoxesPage", text)


class BoxesPage(Page):
    def __init__(self, state: LabState) -> None:
        self.editing = BoxEditing(state)
        self.support, self.query = SupportScenes(state, self.editing), QuerySide(state)
        said = label(
            tr("Few-shot localisation of one class in a scene, not a general detector."),
            "small",
            wrap=True,
        )
        said.setObjectName("lab.boxes.said")
        left = column(self.support, said, spacing=6, grows=(self.support,))
        hint = tr("Drag to draw a box, to move or resize one; Delete removes it.")
        super().__init__(tr("Support scenes"), hint, left, self.query)
        self.editing.setParent(self)
        self.right_title = tr("Query scenes")
        self.sheets = (self.support.sheet, self.query.sheet)
        self.editing.refused.connect(self.refused)
        self.editing.accepted.connect(self.accepted)
        self.query.scenes.asked.connect(self.whyAsked)

    def show_influence(self, values: list[float] | None, query: int | None) -> None:
        self.support.show_influence(values)
        self.query.scenes.show_asked(query)
