"""Below the lab, folded away until asked for: views of the adaptation, one open at a time.

Beside them the luck of the support set.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from workbench.gui.lab.state import LabState
from workbench.gui.lab.views.confusion import ConfusionView
from workbench.gui.lab.views.embedding import EmbeddingView
from workbench.gui.lab.views.landscape import LandscapeView
from workbench.gui.lab.views.layers import LayerBars
from workbench.gui.lab.views.luck import LuckMeter
from workbench.gui.lab.views.on_demand import OnDemand
from workbench.gui.lab.views.rates import RatesView
from workbench.gui.lab.views.time_machine import TimeMachineView
from workbench.gui.lab.views.view import PLOT, View
from workbench.gui.lab.views.xray import XrayView

LEAST = 210
"""Pixels that a picture gets in the lowest window."""


class Frame(QScrollArea):
    """As high as is wanted, or lower where the lab above has no room to give."""

    def want(self, height: int) -> None:
        if height != self.maximumHeight():
            self.setMinimumHeight(min(height, LEAST))
            self.setMaximumHeight(height)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.maximumHeight())


class Drawer(QWidget):
    """What a method or a kind of task does not have is not offered; what is closed does nothing."""

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
        self.views: tuple[View, ...] = (
            self.layers,
            self.rates,
            self.embedding,
            self.confusion,
            self.landscape,
            self.time_machine,
            self.xray,
        )
        self.luck = LuckMeter(state)
        self.toggles = {view.name: self._toggle(view) for view in self.views}
        self._scroll = self._make_scroll()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.luck)
        layout.addLayout(self._bar())
        layout.addWidget(self._scroll)
        state.stepsChanged.connect(self.refresh)
        for view in self.views:
            view.changed.connect(self.refresh)
        self.refresh()

    def _bar(self) -> QHBoxLayout:
        bar = QHBoxLayout()
        bar.setSpacing(0)
        for toggle in self.toggles.values():
            bar.addWidget(toggle)
        bar.addStretch(1)
        self.luck.ask.setProperty("compact", True)
        bar.addWidget(self.luck.ask)
        return bar

    def _make_scroll(self) -> Frame:
        page = QWidget()
        page.setProperty("page", True)
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        for view in self.views:
            inner.addWidget(view)
        scroll = Frame(self)
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
        self._fit()

    def _fit(self) -> None:
        """As high as what is open, up to its share of the window; then bars scroll."""
        opened = [view for view in self.views if not view.isHidden()]
        self._scroll.setVisible(bool(opened))
        for view in opened:
            height = view.needed(self.width())
            view.setMinimumHeight(min(height, LEAST) if view.share == PLOT else height)
            self._scroll.want(min(height, int(view.share * self.window().height())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:
        opened = self.sender()
        for toggle in self.toggles.values():
            if on and toggle is not opened:
                toggle.setChecked(False)
        self.refresh()
