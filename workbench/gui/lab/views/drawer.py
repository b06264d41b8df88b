"""At the foot of the lab: the bar that opens views of the adaptation, one at a time.

The bar stays where it is, whatever is open above it; beside the views stands the luck of the
support set.
"""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from workbench.gui.lab.state import LabState
from workbench.gui.lab.views.confusion import ConfusionView
from workbench.gui.lab.views.diagnosis import DiagnosisView
from workbench.gui.lab.views.embedding import EmbeddingView
from workbench.gui.lab.views.landscape import LandscapeView
from workbench.gui.lab.views.layers import LayerBars
from workbench.gui.lab.views.luck import LuckMeter
from workbench.gui.lab.views.on_demand import OnDemand
from workbench.gui.lab.views.rates import RatesView
from workbench.gui.lab.views.time_machine import TimeMachineView
from workbench.gui.lab.views.view import View
from workbench.gui.lab.views.xray import XrayView


class Drawer(QWidget):
    """What a method or a kind of task does not have is not offered; what is closed does nothing.

    `sheet`, which holds the open view, and `luck` have their places elsewhere.
    """

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lab.drawer")
        self.layers = LayerBars(state)
        self.rates = RatesView(state)
        self.embedding = EmbeddingView(state)
        self.confusion = ConfusionView(state)
        self.landscape = LandscapeView(state)
        self.time_machine = TimeMachineView(state)
        self.xray = XrayView(state)
        self.diagnosis = DiagnosisView(state)
        self.views: tuple[View, ...] = (
            self.layers,
            self.rates,
            self.embedding,
            self.confusion,
            self.landscape,
            self.time_machine,
            self.xray,
            self.diagnosis,
        )
        self.luck = LuckMeter(state)
        self.toggles = {view.name: self._toggle(view) for view in self.views}
        self.sheet = self._make_sheet()
        self._away = False
        self._lay_out()
        state.stepsChanged.connect(state.turns.take(self.refresh))
        for view in self.views:
            view.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        bar = QHBoxLayout(self)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(0)
        for toggle in self.toggles.values():
            bar.addWidget(toggle)
        bar.addStretch(1)
        self.luck.ask.setProperty("compact", True)
        bar.addWidget(self.luck.ask)

    def set_away(self, away: bool) -> None:
        """Take bar and view away, or bring them back as they were."""
        self._away = away
        self.setVisible(not away)
        self.refresh()

    def _make_sheet(self) -> QScrollArea:
        page = QWidget()
        page.setProperty("page", True)
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        for view in self.views:
            inner.addWidget(view)
        scroll = QScrollArea()
        scroll.setObjectName("lab.drawer.scroll")
        scroll.setAccessibleName(self.tr("More about the adaptation"))
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        return scroll

    def _toggle(self, view: View) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"lab.{view.name}Toggle")
        button.setText(view.title())
        button.setAccessibleName(view.title())
        button.setToolTip(view.tip())
        button.setCheckable(True)
        button.setProperty("compact", True)
        button.toggled.connect(self._on_toggled)
        return button

    def cancel(self) -> bool:
        """Stop what computes here; whether anything did."""
        computing = [view for view in self.views if isinstance(view, OnDemand) and view.computing]
        stopped = [view.cancel() for view in computing]
        return self.luck.cancel() or bool(stopped)

    @Slot()
    def refresh(self) -> None:
        for view in self.views:
            toggle, offered = self.toggles[view.name], view.offered()
            toggle.setVisible(offered)
            view.setVisible(offered and toggle.isChecked())
            if not view.isHidden():
                view.setMinimumHeight(view.needed(self.width()))
        opened = any(not view.isHidden() for view in self.views)
        self.sheet.setVisible(opened and not self._away)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:
        opened = self.sender()
        for toggle in self.toggles.values():
            if on and toggle is not opened:
                toggle.setChecked(False)
        self.refresh()
