"""Below the lab, folded away until asked for: what moved, and by which learned step sizes.

Beside them the luck of the support set.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from workbench.gui import theme
from workbench.gui.lab.state import LabState
from workbench.gui.lab.views.layers import LayerBars
from workbench.gui.lab.views.luck import LuckMeter
from workbench.gui.lab.views.rates import RatesView

SHARE = 0.2
"""Of the window's height, at most."""


class Drawer(QWidget):
    """One view open at a time; what a method does not have is not offered."""

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setObjectName("lab.drawer")
        self.layers = LayerBars(state)
        self.rates = RatesView(state)
        self.luck = LuckMeter(state)
        self.layers_toggle = self._toggle(
            "lab.layersToggle",
            self.tr("Layers"),
            self.tr("How far each layer moved in the step looked at"),
        )
        self.rates_toggle = self._toggle(
            "lab.ratesToggle",
            self.tr("Step sizes"),
            self.tr("The step sizes that this method learned, layer by layer"),
        )
        self._views: dict[QToolButton, LayerBars | RatesView] = {
            self.layers_toggle: self.layers,
            self.rates_toggle: self.rates,
        }
        self._scroll = self._make_scroll()
        bar = QHBoxLayout()
        bar.setSpacing(4)
        for toggle in self._views:
            bar.addWidget(toggle)
            toggle.toggled.connect(self._on_toggled)
        bar.addStretch(1)
        bar.addWidget(self.luck.ask)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.luck)
        layout.addLayout(bar)
        layout.addWidget(self._scroll)
        state.stepsChanged.connect(self.refresh)
        self.rates.changed.connect(self.refresh)
        self.refresh()

    def _make_scroll(self) -> QScrollArea:
        page = QWidget()
        page.setProperty("page", True)
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.layers)
        inner.addWidget(self.rates)
        scroll = QScrollArea(self)
        scroll.setObjectName("lab.drawer.scroll")
        scroll.setAccessibleName(self.tr("More about the adaptation"))
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        return scroll

    def _toggle(self, name: str, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        theme.current().set_icon(button, "chevron-right", "muted")
        return button

    @Slot()
    def refresh(self) -> None:
        for toggle, offered in (
            (self.layers_toggle, self._state.stepwise),
            (self.rates_toggle, self.rates.learned),
        ):
            toggle.setVisible(offered)
            self._views[toggle].setVisible(offered and toggle.isChecked())
        self._fit()

    def _fit(self) -> None:
        """As high as what is open, up to a share of the window; then it scrolls."""
        opened = [view for view in self._views.values() if not view.isHidden()]
        self._scroll.setVisible(bool(opened))
        for view in opened:
            height = view.needed(self.width())
            view.setMinimumHeight(height)
            self._scroll.setFixedHeight(min(height, int(SHARE * self.window().height())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:
        opened = self.sender()
        for toggle in self._views:
            if on and toggle is not opened:
                toggle.setChecked(False)
            icon = "chevron-down" if toggle.isChecked() else "chevron-right"
            theme.current().set_icon(toggle, icon, "muted")
        self.refresh()
