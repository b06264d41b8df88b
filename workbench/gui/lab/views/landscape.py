"""The loss around the path of the adaptation, on the task in view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.gui.lab.state import LabState
from workbench.gui.lab.views import tables
from workbench.gui.lab.views.asked import Asked
from workbench.gui.lab.views.landscape_map import LandscapeMap
from workbench.gui.lab.views.on_demand import OnDemand
from workbench.gui.style import theme, words
from workbench.gui.takeaway.drawing import Drawing
from workbench.gui.takeaway.sheet import Table

if TYPE_CHECKING:
    from workbench.experiments.insight.curvature import Sharpness
    from workbench.experiments.insight.landscape import Landscape

LONGEST = 100
"""Steps of a path at most: each is a copy of all weights."""
SHARP = 10
"""Steps after which the curvature is looked for at most: each takes many products with it."""

Found = TypeVar("Found")


class LandscapeView(OnDemand):
    """Grows row after row; support and query loss are computed at once and one is shown."""

    name = "landscape"

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        self.map = LandscapeMap()
        self.query, self.support = QToolButton(), QToolButton()
        super().__init__(state, parent)
        self.map.query = True
        self.query.setChecked(True)
        state.cursorChanged.connect(self._on_cursor)
        theme.current().follow(self._on_theme)

    def title(self) -> str:
        return self.tr("Landscape")

    def tip(self) -> str:
        return self.tr("The loss in the plane in which the inner steps move the weights")

    def verb(self) -> str:
        return self.tr("Compute the loss surface")

    def invitation(self) -> str:
        return self.tr(
            "A map of the loss around the inner steps, on this very task: is the path downhill "
            "on the support set downhill on the query set too?"
        )

    def missing(self) -> str:
        if not self._state.stepwise:
            return self.tr(
                "This method adapts in closed form: there is no path through the weights to draw. "
                "Choose a learner with inner steps, such as MAML."
            )
        if self._state.planned == 0:
            return self.tr("No inner steps, no path. Ask for one step or more below the curves.")
        return ""

    def steps(self) -> int:
        return min(self._state.planned, LONGEST)

    def picture(self) -> QWidget:
        return self.map

    def drawing(self) -> Drawing:
        return self.map

    def told(self) -> tuple[str, Table]:
        which = self.query.text() if self.map.query else self.support.text()
        title = self.tr("{0} in the plane of the inner steps").format(which)
        return title, tables.landscape(self.result)

    def add_beside_caption(self, row: QHBoxLayout) -> None:
        for button, part, text in (
            (self.query, "query", self.tr("Query loss")),
            (self.support, "support", self.tr("Support loss")),
        ):
            button.setObjectName(f"lab.landscape.{part}")
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(self.tr("Colour the map by the {0}").format(text.lower()))
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setProperty("compact", True)
            button.toggled.connect(self._on_which)
            row.addWidget(button)

    def pieces(self, asked: Asked) -> Iterator[Landscape]:
        return _rows(asked, self._state.turn)

    def progress(self) -> float:
        """Rows that are not there yet hold no number."""
        losses = self.result.query_loss[:, 0]
        return float((~losses.isnan()).double().mean())

    def show_result(self) -> None:
        self.map.show_landscape(self.result, self._state.cursor)
        self.caption.setText(self._in_words(self.result))

    def _in_words(self, found: Landscape) -> str:
        assert self.asked is not None
        text = self.tr("The path leaves this plane by {0} % of its extent; white ring: step {1}.")
        step = min(self._state.cursor, len(found.path) - 1)
        parts = [text.format(f"{100 * found.off_plane:.2g}", step)]
        if step < len(found.sharpness):
            parts.append(self._sharpness_text(found.sharpness[step]))
        if self.steps() < self._state.planned:
            parts.append(self.tr("The first {0} steps.").format(LONGEST))
        if self.outdated:
            was = self.tr("Outdated: the weights are those of iteration {0}.")
            parts.insert(0, was.format(self.asked.learner.iteration))
        return " ".join(parts)

    def _sharpness_text(self, sharp: Sharpness) -> str:
        """Why a task diverges, or does not."""
        if sharp.rate is None or sharp.curvature is None:
            text = self.tr("Step sizes times support curvature: at most {0}, the limit is 2")
            said = text.format(words.short(sharp.growth))
        else:
            text = self.tr("Largest support curvature {0}, 2/α is {1}")
            limit = words.short(2 / sharp.rate)
            said = text.format(words.short(sharp.curvature), limit)
        verdict = (
            self.tr("steps along it overshoot and grow.")
            if sharp.overshoots
            else self.tr("steps along it shrink.")
        )
        return f"{said}: {verdict}"

    @Slot()
    def _on_cursor(self) -> None:
        if self.result is not None:
            self.show_result()

    @Slot()
    def _on_which(self) -> None:
        self.map.query = self.query.isChecked()
        self._on_theme()

    @Slot()
    def _on_theme(self) -> None:
        if self.result is not None:
            self.map.show_landscape(self.result, self._state.cursor)


def _rows(asked: Asked, turn: Lock) -> Iterator[Landscape]:
    """The lab may adapt between two rows. One thread: small operators wait longer than they run."""
    import torch

    from workbench.algorithms.inner_loop import InnerLoopMethod
    from workbench.experiments.insight.curvature import sharpness
    from workbench.experiments.insight.landscape import landscape

    torch.set_num_threads(1)
    learner, episode = asked.learner, asked.task.episode()
    drawn = None
    for drawn in _by_turns(landscape(learner, episode, asked.steps), turn):
        yield drawn
    if drawn is None:
        raise BadInput(
            "landscape",
            marked("no step moves the weights, or they diverge"),
            marked("Change the inner rate"),
        )
    if isinstance(learner.algorithm, InnerLoopMethod):
        for sharp in _by_turns(sharpness(learner, episode, min(asked.steps, SHARP)), turn):
            drawn = replace(drawn, sharpness=(*drawn.sharpness, sharp))
            yield drawn


def _by_turns(found: Iterator[Found], turn: Lock) -> Iterator[Found]:
    while True:
        with turn:
            one = next(found, None)
        if one is None:
            return
        yield one
