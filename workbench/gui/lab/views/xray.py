"""The outer gradient of this task taken apart: is the second order worth it?"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QScrollArea, QWidget

from workbench.gui.lab.state import LabState
from workbench.gui.lab.views import tables
from workbench.gui.lab.views.asked import Asked
from workbench.gui.lab.views.on_demand import OnDemand
from workbench.gui.lab.views.xray_bars import XrayBars
from workbench.gui.takeaway.drawing import Drawing
from workbench.gui.takeaway.sheet import Table

if TYPE_CHECKING:
    from workbench.core.task import TaskFamily
    from workbench.experiments.insight.xray import LayerXray

LONGEST = 20
"""Inner steps at most: the second order keeps every one of them in memory."""
NEAR, FAR = 30.0, 60.0
"""Degrees up to which a direction is much the same, and from which it is another."""


class XrayView(OnDemand):
    """A sentence for the whole gradient, a bar for every tensor."""

    name = "xray"

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        self.bars = XrayBars()
        super().__init__(state, parent)

    def title(self) -> str:
        return self.tr("X-ray")

    def tip(self) -> str:
        return self.tr("How much of the outer gradient is curvature, layer by layer")

    def verb(self) -> str:
        return self.tr("X-ray the outer gradient")

    def invitation(self) -> str:
        return self.tr(
            "The gradient that meta-training would take from this task is what first-order MAML "
            "sees plus what passes through the inner steps: the curvature. How large is it?"
        )

    def missing(self) -> str:
        if not self._state.stepwise:
            return self.tr(
                "This method has no inner steps, so nothing passes through them. Choose a learner "
                "of MAML or a method like it."
            )
        if self._state.planned == 0:
            return self.tr("Without inner steps there is no curvature. Ask for one step or more.")
        return ""

    def steps(self) -> int:
        return min(self._state.planned, LONGEST)

    def picture(self) -> QWidget:
        scroll = QScrollArea()
        scroll.setObjectName("lab.xray.scroll")
        scroll.setAccessibleName(self.tr("Curvature of each layer"))
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.bars)
        return scroll

    def drawing(self) -> Drawing:
        return self.bars

    def told(self) -> tuple[str, Table]:
        return self.tip(), tables.xray(self.bars.layers)

    def pieces(self, asked: Asked) -> Iterator[tuple[LayerXray, ...]]:
        family = self._state.workspace.data.family
        assert family is not None
        return _layers(asked, family)

    def show_result(self) -> None:
        self.bars.show_layers(self.result)
        self.caption.setText(self._headline())

    def _headline(self) -> str:
        assert self.asked is not None
        share, angle = overall(self.result)
        if math.isnan(angle):
            return self.tr("The outer gradient of this task is zero, or not finite.")
        text = self.tr(
            "Curvature is {0} % of the outer gradient at {1} inner steps; the first-order "
            "direction points {2}° away: {3}"
        )
        verdict = self.tr("here the second order makes a difference.")
        if angle <= NEAR:
            verdict = self.tr("here first order would do nearly as well.")
        elif angle >= FAR:
            verdict = self.tr("here first order would go another way.")
        said = text.format(f"{100 * share:.0f}", self.asked.steps, f"{angle:.0f}", verdict)
        if self.outdated:
            was = self.tr("Outdated: the weights are those of iteration {0}.")
            said = f"{was.format(self.asked.learner.iteration)} {said}"
        return said


def overall(layers: tuple[LayerXray, ...]) -> tuple[float, float]:
    """Curvature's share of all tensors together, and the angle in degrees between the full
    gradient and its first-order part; NaN where one of them is zero."""
    first = math.hypot(*(layer.first_order for layer in layers))
    curvature = math.hypot(*(layer.curvature for layer in layers))
    full = math.hypot(*(layer.full for layer in layers))
    product = first * full
    if not (math.isfinite(product) and product > 0):
        return 0.0, math.nan
    known = (layer for layer in layers if math.isfinite(layer.cosine))
    inner = sum(layer.cosine * layer.first_order * layer.full for layer in known)
    angle = math.degrees(math.acos(min(max(inner / product, -1.0), 1.0)))
    return curvature / (first + curvature), angle


def _layers(asked: Asked, family: TaskFamily) -> Iterator[tuple[LayerXray, ...]]:
    """With a module and threads of its own: the second order may take long, and the lab and a
    training go on meanwhile."""
    from workbench.core.episode import stack
    from workbench.experiments.insight.xray import xray

    with asked.learner.apart(family.fitting(asked.task)) as learner:
        yield xray(learner, stack([asked.task.episode()]), asked.steps)
