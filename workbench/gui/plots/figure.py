"""A live plot with its title, legend and sticky toggles; colours follow the theme."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
)

from workbench.gui.plots import figure_sheet
from workbench.gui.plots.axis import QuietAxis
from workbench.gui.plots.fitting import Fitting
from workbench.gui.plots.lines import NOTHING, Band, Line
from workbench.gui.plots.menu import FigureMenu
from workbench.gui.plots.waiting import Waiting
from workbench.gui.state import settings
from workbench.gui.state.series import Array, Numbers
from workbench.gui.state.thinning import MAX_POINTS
from workbench.gui.state.ticks import round_up, whole_step
from workbench.gui.style import theme
from workbench.gui.style.widgets import OneLine, label
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet


class Figure(QFrame):
    """Lines and bands are added once by name; numbers are set as often as they change.

    `waiting` stands in its place while there are none.
    """

    def __init__(self, name: str, title: str, x_title: str, empty: str) -> None:
        super().__init__()
        self.setObjectName(f"plot.{name}")
        self.setAccessibleName(title)
        self.setProperty("card", True)
        self.name = name
        self._log: bool = settings.flag(f"plots/{name}/log", False)
        self._reach = settings.number(f"plots/{name}/reach", 25)
        self.least = 1.0
        """x that is shown at least, so that a curve of one point has an axis of whole numbers."""
        self.whole = True
        """x counts something: a file has no numbers between whole ones."""
        self._reserved = 0.0
        self._places: tuple[str, ...] = ()
        self._lines: dict[str, Line] = {}
        self._bands: dict[str, Band] = {}
        self._title = OneLine(title, "heading")
        self._legend = label("", "small", wrap=True)
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self.note = label("", "value")
        axes = {side: QuietAxis(side) for side in ("bottom", "left")}
        self.view = pg.PlotWidget(self, axisItems=axes, enableMenu=False)
        self.fitting = Fitting(self.view, self._lines, self._bands, self)
        self.fitting.log = self._log
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._draw_lines)
        self.waiting = Waiting(self.objectName(), empty)
        self._pages = QStackedLayout()
        self._pages.addWidget(self.waiting)
        self._pages.addWidget(self.view)
        self.menu = FigureMenu(self)
        self.menu.show_settings(self._log, self._reach)
        self._connect_menu()
        self._set_up_view(title)
        self.set_x_axis(x_title)
        self.take_away = TakeAwayButton(self.sheet, self.objectName(), self.view, clicks=False)
        self.menu.addSeparator()
        self.menu.addMenu(self.take_away.take_away)
        self._lay_out(self._make_button())
        theme.current().follow(self.repaint_theme)
        self.repaint_theme()

    # --- content -----------------------------------------------------------------------------

    def add_line(self, name: str, title: str, token: str, **look: Any) -> None:
        self.add(Line(title, token, **look), name)

    def add(self, line: Line, name: str) -> None:
        """A line of a kind of its own."""
        self._lines[name] = line
        self.view.addItem(line.item)
        line.paint()

    def add_band(self, name: str, title: str, token: str, alpha: float, told: bool = False) -> None:
        self._bands[name] = band = Band(title, token, alpha, self._log, told)
        self.view.addItem(band.item)

    def set_line(
        self, name: str, x: Numbers, y: Numbers, low: Array | None = None, high: Array | None = None
    ) -> None:
        """All its numbers, and the ends of the interval of each where they are known.

        Columns of a `Series` are drawn at the cost of what is seen, however long they are.
        """
        line = self._lines[name]
        appears = bool(len(x)) != line.has_data
        line.x, line.y, line.low, line.high = x, y, low, high
        if appears:
            self._write_legend()
        self._draw_line(line)
        self.fitting.soon()

    def _draw_line(self, line: Line) -> None:
        """Of a view that was moved the part that is seen; more as soon as there is time."""
        box = self.view.getViewBox()
        line.draw(self._points(), self._reach, box.viewRange()[0] if self.fitting.moved else None)
        if line.unfinished:
            self._soon.start()

    @Slot()
    def _draw_lines(self) -> None:
        for line in self._lines.values():
            self._draw_line(line)
        self.fitting.soon()

    def set_band(self, name: str, x: Array, low: Array, high: Array) -> None:
        self._bands[name].set(x, low, high)
        self._bands[name].draw(self._points())
        self.fitting.soon()

    def _points(self) -> int:
        """Two for each column of pixels: more cannot be seen."""
        return min(MAX_POINTS, max(200, 2 * int(self.view.width())))

    def set_line_title(self, name: str, title: str) -> None:
        if self._lines[name].title != title:
            self._lines[name].title = title
            self._write_legend()

    def tell_line(self, name: str, told: str) -> None:
        """How a line without a title is called in tables."""
        self._lines[name].told = told

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self.setAccessibleName(title)
        self.view.setAccessibleName(title)

    def set_axis_title(self, y_title: str) -> None:
        self.view.setLabel("left", y_title)

    def count_steps(self, last: int) -> None:
        """x counts inner steps up to ``last``: ticks are whole numbers."""
        every = whole_step(last, 5)
        self.view.getPlotItem().getAxis("bottom").setTickSpacing(every, every)

    def set_x_axis(self, title: str, names: tuple[str, ...] = ()) -> None:
        """Numbers under a title, or names of the places 0, 1, 2, ..."""
        self.view.setLabel("bottom", title)
        if names == self._places:
            return
        self._places = names
        ticks = [list(enumerate(names))] if names else None
        self.view.getPlotItem().getAxis("bottom").setTicks(ticks)
        if names:
            self.view.getViewBox().setXRange(-0.6, len(names) - 0.4, padding=0)
        else:
            self.view.getViewBox().enableAutoRange(x=True)

    def reserve(self, limit: float) -> None:
        """Show x up to a round number, so that the axis need not change with every point.

        A user who has zoomed or panned keeps that view.
        """
        box = self.view.getViewBox()
        end = round_up(limit) if limit > self.least else self.least
        if end != self._reserved and not self.fitting.moved:
            self._reserved = end
            box.setXRange(0.0, end, padding=0.01)

    def clear(self) -> None:
        for name in [name for name, line in self._lines.items() if line.has_data]:
            self.set_line(name, NOTHING, NOTHING)
        for name in [name for name, band in self._bands.items() if len(band.x)]:
            self.set_band(name, NOTHING, NOTHING, NOTHING)
        self._reserved, self.fitting.all = 0.0, False
        self.note.setText("")

    def sheet(self) -> Sheet | None:
        """As it is drawn now, to be taken away."""
        if not any(line.has_data for line in self._lines.values()):
            return None
        graph = figure_sheet.graph(
            self.view, self._lines.values(), self._bands.values(), self._reach, self._places
        )
        graph = replace(graph, whole=self.whole)
        marks = figure_sheet.edge_curves(self.fitting.edge, self._log)
        graph = replace(graph, curves=(*graph.curves, *marks))
        notes = tuple(text for text in (self.note.text(), self._outside_text()) if text)
        title = self._title.text()
        return Sheet(self.name, title, graph, graph.table(), notes, graph.keys())

    def _outside_text(self) -> str:
        count = self.fitting.outside
        return self.tr("▲ {n} beyond the edge").format(n=count) if count else ""

    # --- look --------------------------------------------------------------------------------

    def _set_up_view(self, title: str) -> None:
        view = self.view
        view.setAccessibleName(title)
        view.setToolTip("")
        view.hideButtons()
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
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
            plot.getAxis(side).follow(look)
        for line in self._lines.values():
            line.paint()
        for band in self._bands.values():
            band.paint()
        self.fitting.edge.paint()
        self._write_legend()

    @Slot()
    def _write_legend(self) -> None:
        """Part of the figure, so that an exported one explains itself."""
        tokens = theme.current().tokens
        lines = [line for line in self._lines.values() if line.title and line.has_data]
        drawn = any(line.has_data for line in self._lines.values())
        self._pages.setCurrentIndex(1 if drawn else 0)
        entries = [line.legend(tokens) for line in lines]
        if self._reach and any(line.smooth for line in lines):
            text = self.tr("(smoothed, ±{n} steps)").format(n=self._reach)
            entries.append(text.replace(" ", "&nbsp;"))
        if self.fitting.outside:
            outside = self.tr("▲ {n} beyond the edge; a double click shows all")
            text = outside.format(n=self.fitting.outside).replace(" ", "&nbsp;")
            entries.append(f"<span style='color:{tokens['warning']}'>{text}</span>")
        self._legend.setText("&nbsp;&nbsp;&nbsp; ".join(entries))

    def add_button(self, button: QToolButton) -> None:
        """Beside the menu of the figure."""
        self._head.insertWidget(self._head.count() - 1, button)

    def _lay_out(self, button: QToolButton) -> None:
        head = self._head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self.note)
        head.addWidget(button)
        head.addWidget(self.take_away)
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
        button.setToolTip(self.tr("Scale, smoothing, fit"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setStyleSheet("QToolButton::menu-indicator { image: none; } ")
        theme.current().set_icon(button, "sliders", "muted")
        button.setMenu(self.menu)
        return button

    def _connect_menu(self) -> None:
        self.menu.logWanted.connect(self.set_log)
        self.menu.smoothingWanted.connect(self.set_smoothing)
        self.menu.fitWanted.connect(self.fit)
        self.menu.allWanted.connect(self.fitting.view_all)
        self.fitting.outsideChanged.connect(self._write_legend)
        self.fitting.released.connect(self._draw_lines)
        self.view.getViewBox().sigXRangeChanged.connect(self._on_part)

    @Slot(QPoint)
    def _show_menu(self, position: QPoint) -> None:
        self.menu.popup(self.view.mapToGlobal(position))

    @Slot(bool)
    def set_log(self, on: bool) -> None:
        self._log = self.fitting.log = on
        settings.remember(f"plots/{self.name}/log", on)
        self.view.getPlotItem().setLogMode(y=on)
        for band in self._bands.values():
            band.set_log(on, self._points())
        self.fit()

    def _on_part(self) -> None:
        """Another part of x is seen: by a user who has zoomed or panned, it is drawn anew."""
        if self.fitting.moved:
            self._soon.start()

    @Slot(int)
    def set_smoothing(self, reach: int) -> None:
        self._reach = reach
        settings.remember(f"plots/{self.name}/reach", reach)
        self._draw_lines()
        self._write_legend()

    @Slot()
    def fit(self) -> None:
        self._reserved = 0.0
        self.fitting.fit()
