"""What the draft would take on this machine."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Slot

from workbench.gui.state import settings
from workbench.gui.state.foretold import KEY, Foretold
from workbench.gui.state.shared import Shared

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.forecast.foretell import Measure
    from workbench.experiments.forecast.total import Forecast


class Forecasting(Foretold):
    """Asks by itself, whenever the draft is another or its data is there."""

    def __init__(self, shared: Shared, parent: QObject) -> None:
        super().__init__(shared.training, parent)
        self._shared = shared
        self._asked: ExperimentConfig | None = None
        shared.draft.changed.connect(self._refresh)
        shared.data.changed.connect(self._refresh)

    @property
    def wanted(self) -> bool:
        """The user's setting."""
        return settings.flag(KEY, True)

    @property
    def forecast(self) -> Forecast | None:
        return cast("Forecast | None", self.told)

    def want(self, on: bool) -> None:
        settings.remember(KEY, on)
        self._asked = None
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        config = self._config()
        if config is None:
            self._asked = None
            self.ask(None)
        elif config != self._asked:
            self._asked = config
            self.ask(partial(_of_draft, config))

    def _config(self) -> ExperimentConfig | None:
        """The draft, if it can be trained and its data is at hand."""
        config, family = self._shared.draft.config, self._shared.data.family
        if not self.wanted or config is None or family is None or not family.is_of(config.task):
            return None
        return config


def _of_draft(config: ExperimentConfig, measure: Measure) -> Forecast:
    """In this window, whose data is prepared and whose engine is warm."""
    from workbench.experiments.forecast.outlook import of_training

    return of_training(config, measure, prepared=True, warm=True)
