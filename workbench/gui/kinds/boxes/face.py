"""The face of tasks of few-shot detection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from workbench.gui.kinds.boxes.page import BoxesPage
from workbench.gui.kinds.boxes.preview import BoxesPreview
from workbench.gui.kinds.boxes.small import SmallScenes
from workbench.gui.kinds.boxes.task import SCENES
from workbench.gui.kinds.boxes.thumbnail import thumbnail
from workbench.gui.lab.face import Page, TaskFace, Widths
from workbench.gui.style.images import to_image

if TYPE_CHECKING:
    from workbench.experiments.predicting.answers import Answers
    from workbench.gui.lab.state import LabState


def tr(text: str) -> str:
    return QCoreApplication.translate("BoxesFace", text)


class BoxesFace(TaskFace):
    name = "boxes"
    shows = (SCENES,)
    widths = Widths((200, 200, 230, 0), (3, 2, 4, 0), (0.3, 200, 380))

    def items(self) -> str:
        return tr("scenes")

    def page(self, state: LabState) -> Page:
        return BoxesPage(state)

    def episode(self) -> BoxesPreview:
        return BoxesPreview()

    def column(self, name: str) -> SmallScenes:
        return SmallScenes(name)

    def answers(self, task: Any) -> Answers:
        from workbench.experiments.predicting.answers import Answers

        return Answers.boxes()

    def image(self, task: Any, x: Any) -> QImage:
        return to_image(x)

    def thumbnail(self, task: Any, width: int, height: int) -> QImage:
        return thumbnail(task, width, height)

    def told(self, task: Any, support: bool, index: int) -> str:
        scene = (task.support if support else task.query)[index]
        return tr("{0}, {1} boxes").format(scene.name, len(scene.boxes))
