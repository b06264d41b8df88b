"""The validation tasks while training: where each of them was at every validation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Slot

from workbench.core.metric import named
from workbench.gui.explorer.cloud import CurvesFigure
from workbench.gui.style import words

if TYPE_CHECKING:
    from workbench.gui.explorer.state import ExplorerState
    from workbench.gui.state.validations import Validations


class Moving(CurvesFigure):
    def __init__(self, state: ExplorerState) -> None:
        title = self.tr("The validation tasks over the training")
        empty = self.tr("Drawn as validations come in")
        super().__init__("explorer.moving", title, self.tr("outer iteration"), empty)
        self._state = state
        state.pointedChanged.connect(self.show_pointed)

    def show_validations(self, held: Validations, metric: str) -> None:
        """Every task's value after its last step, at each validation."""
        x, values = np.array(held.iterations, float), held.table() * words.scale(metric)
        if not values.size:
            self.clear()
            return
        parts = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
        worst = -np.inf if named(metric).larger_is_better else np.inf
        whole = np.where(np.isnan(values), worst, values)
        with np.errstate(invalid="ignore"):
            middle = {name: np.quantile(whole, part, axis=0) for name, part in parts.items()}
            self.set_axis_title(words.axis_title(metric))
            self.show_curves(x, values, {**middle, "mean": values.mean(0)})
        self.show_pointed()

    @Slot()
    def show_pointed(self) -> None:
        task = self._state.pointed
        self.mark(task, self.tr("task {n}").format(n=task))
