"""A live plot with its title, legend, sticky toggles and export; colours follow the theme."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
)

from workbench.gui import export, memory, theme
from workbench.gui.axis import QuietAxis
from workbench.gui.curves import MAX_POINTS, Array, round_up, smoothed, thinned
from workbench.gui.plot_menu import FigureMenu
from workbench.gui.widgets import label


@dataclass
class Line:
    """One curve: all its numbers, and the item that draws a thinned copy of them."""

    title: str
    token: str
    item: pg.PlotDataItem
    dashed: bool = False
    alpha: float = 1.0
    smooth: bool = False
    marker: bool = False
    x: Array | None = None
    y: Array | None = None

    @property
    def has_data(self) -> bool:
        return self.x is not None and len(self.x) > 0


class Figure(QFrame):
    """Lines and bands are added once by name; numbers are set as often as they change."""

    failed = Signal(object)

    def __init__(self, name: str, title: str, x_title: str, empty: str) -> None:
        super().__init__()
        self.setObjectName(f"plot.{name}")
        self.setAccessibleName(title)
        self.setProperty("card", True)
        self.name, self._x_title = name, x_title
        self._log: bool = memory.flag(f"plots/{name}/log", False)
        self._window = memory.number(f"plots/{name}/smoothing", 50)
        self.least = 1.0
        """x that is shown at least, so that a curve of one point has an axis of whole numbers."""
        self._reserved = 0.0
        self._moved = False
        self._lines: dict[str, Line] = {}
        self._bands: dict[str, tuple[pg.FillBetweenItem, str, float]] = {}
        self._title = label(title, "heading")
        self._legend = label("", "small")
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self.note = label("", "value")
        axes = {side: QuietAxis(side) for side in ("bottom", "left")}
        self.view = pg.PlotWidget(self, axisItems=axes)
        self._empty = label(empty, "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.view)
        self.menu = FigureMenu(self)
        self.menu.show_settings(self._log, self._window)
        self._connect_menu()
        self._set_up_view(title)
        self._lay_out(self._make_button())
        theme.current().follow(self.repaint_theme)
        self.repaint_theme()

    # --- content -----------------------------------------------------------------------------

    def add_line(self, name: str, title: str, token: str, **look: Any) -> None:
        item = pg.PlotDataItem(connect="finite", skipFiniteCheck=False)
        self._lines[name] = Line(title, token, item, **look)
        self.view.addItem(item)
        self._paint(self._lines[name])

    def add_band(self, name: str, token: str, alpha: float) -> None:
        """A filled region between two unseen curves, below every line."""
        low, high = pg.PlotDataItem(), pg.PlotDataItem()
        band = pg.FillBetweenItem(low, high)
        band.setZValue(-10)
        self.view.addItem(band)
        band.setBrush(pg.mkBrush(theme.current().color(token, alpha)))
        self._bands[name] = (band, token, alpha)

    def set_line(self, name: str, x: Array, y: Array) -> None:
        line = self._lines[name]
        appears = bool(len(x)) != line.has_data
        line.x, line.y = x, y
        if appears:
            self._write_legend()
        if line.smooth:
            y = smoothed(y, self._window)
        line.item.setData(*thinned(x, y, self._points()))

    def set_band(self, name: str, x: Array, low: Array, high: Array) -> None:
        for curve, y in zip(self._bands[name][0].curves, (low, high), strict=True):
            shown_x, shown_y = thinned(x, y, self._points())
            curve.setData(shown_x, np.where(shown_y > 0, shown_y, np.nan) if self._log else shown_y)

    def _points(self) -> int:
        """Two for each column of pixels: more cannot be seen."""
        return min(MAX_POINTS, max(200, 2 * int(self.view.width())))

    def set_line_title(self, name: str, title: str) -> None:
        if self._lines[name].title != title:
            self._lines[name].title = title
            self._write_legend()

    def set_axis_title(self, y_title: str) -> None:
        self.view.setLabel("left", y_title)

    def reserve(self, limit: float) -> None:
        """Show x up to a round number, so that the axis need not change with every point.

        A user who has zoomed or panned keeps that view.
        """
        box = self.view.getViewBox()
        end = round_up(limit) if limit > self.least else self.least
        if end != self._reserved and not self._moved:
            self._reserved = end
            box.setXRange(0.0, end, padding=0.01)

    def clear(self) -> None:
        nothing = np.empty(0)
        for name in self._lines:
            self.set_line(name, nothing, nothing)
        for name in self._bands:
            self.set_band(name, nothing, nothing, nothing)
        self._reserved = 0.0
        self.note.setText("")

    def numbers(self) -> dict[str, tuple[Array, Array]]:
        """Every titled line with all its points."""
        return {
            line.title: (line.x, line.y)
            for line in self._lines.values()
            if line.title and line.has_data and line.x is not None and line.y is not None
        }

    # --- look --------------------------------------------------------------------------------

    def _set_up_view(self, title: str) -> None:
        view = self.view
        view.setAccessibleName(title)
        view.setToolTip("")
        view.setMenuEnabled(False)
        view.hideButtons()
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.getViewBox().sigRangeChangedManually.connect(self._on_moved)
        view.setLabel("bottom", self._x_title)
        plot = view.getPlotItem()
        plot.setLogMode(y=self._log)
        plot.showGrid(x=False, y=True, alpha=1.0)
        plot.getAxis("bottom").setHeight(38)

    @Slot()
    def repaint_theme(self) -> None:
        look = theme.current()
        self.view.setBackground(look.color("surface"))
        plot = self.view.getPlotItem()
        for side in ("bottom", "left"):
            axis = plot.getAxis(side)
            axis.setPen(pg.mkPen(look.color("borderStrong")))
            axis.setTickPen(pg.mkPen(look.mixed("border", 0.7)))
            axis.setTextPen(look.color("muted"))
            axis.setTickFont(look.font(11))
            axis.label.setFont(look.font(11))
        for line in self._lines.values():
            self._paint(line)
        for band, token, alpha in self._bands.values():
            band.setBrush(pg.mkBrush(look.color(token, alpha)))
        self._write_legend()

    def _write_legend(self) -> None:
        """Part of the figure, so that an exported one explains itself."""
        tokens = theme.current().tokens
        parts = [
            f"<span style='color:{tokens[line.token]}'>{'╌╌' if line.dashed else '━━'}</span>"
            f"&nbsp;{html.escape(line.title)}"
            for line in self._lines.values()
            if line.title and line.has_data
        ]
        self._pages.setCurrentIndex(1 if any(n.has_data for n in self._lines.values()) else 0)
        self._legend.setText("&nbsp;&nbsp;&nbsp; ".join(parts))

    def _paint(self, line: Line) -> None:
        color = theme.current().mixed(line.token, line.alpha)
        style = Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine
        line.item.setPen(pg.mkPen(color, width=1, style=style))
        if line.marker:
            line.item.setSymbol("o")
            line.item.setSymbolSize(6)
            line.item.setSymbolBrush(pg.mkBrush(color))
            line.item.setSymbolPen(pg.mkPen(theme.current().color("surface")))

    def _lay_out(self, button: QToolButton) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.note)
        head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 10, 8)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addWidget(self._legend)
        layout.addLayout(self._pages, 1)

    # --- what its menu does ------------------------------------------------------------------

    def _make_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"{self.objectName()}.menu")
        button.setAccessibleName(self.tr("Options of this plot"))
        button.setToolTip(self.tr("Scale, smoothing, export"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setStyleSheet("QToolButton::menu-indicator { image: none; } ")
        theme.current().set_icon(button, "export", "muted")
        button.setMenu(self.menu)
        return button

    def _connect_menu(self) -> None:
        self.menu.logWanted.connect(self.set_log)
        self.menu.smoothingWanted.connect(self.set_smoothing)
        self.menu.fitWanted.connect(self.fit)
        self.menu.saveWanted.connect(self.save)

    def _on_moved(self) -> None:
        self._moved = True

    @Slot(QPoint)
    def _show_menu(self, position: QPoint) -> None:
        self.menu.popup(self.view.mapToGlobal(position))

    @Slot(bool)
    def set_log(self, on: bool) -> None:
        self._log = on
        memory.remember(f"plots/{self.name}/log", on)
        self.view.getPlotItem().setLogMode(y=on)
        self.fit()

    @Slot(int)
    def set_smoothing(self, window: int) -> None:
        self._window = window
        memory.remember(f"plots/{self.name}/smoothing", window)
        for name, line in self._lines.items():
            if line.smooth and line.x is not None and line.y is not None:
                self.set_line(name, line.x, line.y)

    @Slot()
    def fit(self) -> None:
        self._moved, self._reserved = False, 0.0
        self.view.getPlotItem().enableAutoRange()

    @Slot(object)
    def save(self, file: Path) -> None:
        """Write the plot in the format of the file's suffix."""
        try:
            if file.suffix == ".csv":
                export.save_csv(self.numbers(), file)
            elif file.suffix == ".svg":
                export.save_svg(self, file)
            else:
                export.save_png(self, file)
        except OSError as error:
            self.failed.emit(error)
