"""The losses of the outer steps: on the support sets before adapting, on the query sets after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from workbench.gui.plots.figure import Figure
from workbench.gui.state import methods

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.gui.state.history import History


def tr(text: str) -> str:
    return QCoreApplication.translate("LossFigure", text)


class LossFigure(Figure):
    """What the losses are on differs from method to method; some have one alone."""

    def __init__(self, empty: str) -> None:
        super().__init__("loss", tr("Meta-training loss"), tr("outer iteration"), empty)
        self._empty = empty
        self._names = methods.LossNames("", "", "")
        self.add_line("support.raw", "", "before", alpha=0.25)
        self.add_line("query.raw", "", "after", alpha=0.25)
        self.add_line("support", tr("support, before"), "before", smooth=True)
        self.add_line("query", tr("query, after"), "after", smooth=True)

    def name_losses(self, config: ExperimentConfig) -> None:
        self._names = methods.losses(config)
        self.set_axis_title(self._names.axis)
        self.set_line_title("support", self._names.support)
        self.set_line_title("query", self._names.query)
        nothing = tr("Nothing is trained: this method is measured as it is.")
        self.waiting.say(self._empty if methods.trains(config) else nothing)

    def show_history(self, history: History) -> None:
        """Draw a history with at least one outer step."""
        x = history.steps.column(0)
        drawn = [(2, "query"), (1, "support")] if self._names.support else [(2, "query")]
        for column, name in drawn:
            self.set_line(f"{name}.raw", x, history.steps.column(column))
            self.set_line(name, x, history.steps.column(column))
        self.reserve(float(x[-1]))
