"""The face of tasks of control: policies whose items are trajectories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage

from workbench.gui.kinds.control.page import ControlPage
from workbench.gui.kinds.control.preview import ControlPreview
from workbench.gui.kinds.control.small_world import SmallWorld
from workbench.gui.kinds.control.task import CONTROL
from workbench.gui.kinds.control.thumbnail import thumbnail
from workbench.gui.lab.face import Page, TaskFace, Widths

if TYPE_CHECKING:
    from workbench.gui.lab.state import LabState


class ControlFace(TaskFace):
    name = "control"
    shows = (CONTROL,)
    widths = Widths((218, 242, 186, 0), (5, 3, 1, 0), (0.34, 240, 460))

    def items(self) -> str:
        return QCoreApplication.translate("ControlFace", "trajectories")

    def page(self, state: LabState) -> Page:
        return ControlPage(state)

    def episode(self) -> ControlPreview:
        return ControlPreview()

    def column(self, name: str) -> SmallWorld:
        return SmallWorld(name)

    def thumbnail(self, task: Any, width: int, height: int) -> QImage | None:
        return thumbnail(task, width, height)
