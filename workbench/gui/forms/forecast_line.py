"""One line below the settings: what training them takes on this machine."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.state.forecasting import Forecasting
from workbench.gui.style import forecasts
from workbench.gui.style.widgets import OneLine, plain


class ForecastLine(OneLine):
    """Stays where it is while nothing is known, so that the form does not jump."""

    def __init__(self, forecasting: Forecasting, parent: QWidget) -> None:
        super().__init__("", "small", parent)
        self.setObjectName("settings.forecast")
        self.setAccessibleName(self.tr("Forecast"))
        self._forecasting = forecasting
        forecasting.changed.connect(self._refresh)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        found = self._forecasting
        told = found.forecast
        self.setVisible(found.wanted)
        if told is not None:
            self.setText(forecasts.line(told))
            self.setToolTip(plain(forecasts.parts(told)))
            return
        words = {
            "measuring": self.tr("Measuring what this takes…"),
            "later": self.tr("What this takes is measured when nothing trains"),
        }
        self.setText(words.get(found.state, ""))
        self.setToolTip("")
