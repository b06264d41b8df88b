"""The face of curves: one plot is support and query set at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from workbench.gui.kinds.curves.bend import Bend
from workbench.gui.kinds.curves.editing import CURVE
from workbench.gui.kinds.curves.plot import CurvePlot
from workbench.gui.kinds.curves.preview import CurvePreview
from workbench.gui.kinds.curves.small_fit import SmallFit
from workbench.gui.kinds.curves.thumbnail import thumbnail
from workbench.gui.lab.face import Page, TaskFace, Widths
from workbench.gui.style.widgets import column

if TYPE_CHECKING:
    from workbench.gui.lab.state import LabState

LOW = 480
"""Pixels of height from which on the plot needs the room of the sliders."""


def tr(text: str) -> str:
    return QCoreApplication.translate("CurvesFace", text)


class CurvesFace(TaskFace):
    name = "curves"
    shows = (CURVE,)
    widths = Widths((400, 300, 0, 0), (4, 3, 0, 0), (0.38, 220, 420))

    def items(self) -> str:
        return tr("points")

    def page(self, state: LabState) -> Page:
        return CurvesPage(state)

    def episode(self) -> CurvePreview:
        return CurvePreview()

    def column(self, name: str) -> SmallFit:
        return SmallFit(name)

    def thumbnail(self, task: Any, width: int, height: int) -> QImage:
        return thumbnail(task, width, height)


class CurvesPage(Page):
    """The plot with its points, and the sliders that bend the curve."""

    def __init__(self, state: LabState) -> None:
        self.curve, self.bend = CurvePlot(state), Bend(state)
        left = column(self.curve, self.bend, spacing=8, grows=(self.curve, self.bend))
        hint = tr(
            "Click to add a point, drag to move it, Delete to remove it; "
            "the sliders bend the true curve (dashed)."
        )
        super().__init__(tr("Support points and fitted function"), hint, left)
        self.curve.show_task()
        self.curve.show_fits()

    def share_room(self, below: QWidget, opened: int, closed: int) -> None:
        self.bend.set_flat(closed <= LOW)
