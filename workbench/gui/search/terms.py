"""How a study searches, and for how long, as a form."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QSpinBox, QWidget

from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.search.plan import Plan
    from workbench.experiments.search.space import Space

TRIALS, POINTS = 30, 5
MOST = 1_000_000
MARGINS = (8, 0, 8, 0)
"""Of the text of a number: the style pads lines of text alone."""


class SearchTerms(QWidget):
    """`changed` comes with every change."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sampler = self._choice(
            "sampler",
            self.tr("Sampler"),
            self.tr("Where the next trial looks"),
            (
                ("tpe", self.tr("TPE: near what was good")),
                ("gp", self.tr("Gaussian process: few, costly trials")),
                ("random", self.tr("Random")),
                ("grid", self.tr("Grid: every combination")),
            ),
        )
        self.pruner = self._choice(
            "pruner",
            self.tr("Pruner"),
            self.tr("Ends a trial that lags behind, by its validations"),
            (
                ("none", self.tr("None: every trial runs to its end")),
                ("median", self.tr("Median of the others")),
                ("hyperband", self.tr("Hyperband")),
            ),
        )
        self.trials = self._count("trials", self.tr("Trials"), self.tr("Of the whole study"))
        self.trials.setValue(TRIALS)
        self.points = self._count("points", self.tr("Points"), self.tr("Along each range"))
        self.points.setRange(2, MOST)
        self.points.setValue(POINTS)
        self.seconds = self._count(
            "seconds", self.tr("Seconds"), self.tr("It stops by itself then; 0 is no limit")
        )
        self._points_label = label(self.tr("Points"))
        self.cores = self._count(
            "cores", self.tr("At once"), self.tr("So many trials, each in a process of its own")
        )
        self.cores.setSpecialValueText("")
        self.cores.setRange(1, os.cpu_count() or 1)
        self._lay_out()
        self._on_sampler()
        self.sampler.currentIndexChanged.connect(self._on_sampler)

    def plan(self, config: ExperimentConfig, space: Space) -> Plan:
        """Raises `BadInput` for what has no end, or too many points."""
        from workbench.experiments.search.plan import Plan

        plan = Plan(
            config,
            space,
            self.sampler.currentData(),
            self.pruner.currentData(),
            self.trials.value(),
            self.points.value(),
            seconds=float(self.seconds.value()),
            cores=self.cores.value(),
        )
        plan.check_end(self.tr("Trials"))
        return plan

    def _choice(
        self, name: str, title: str, tip: str, items: tuple[tuple[str, str], ...]
    ) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(f"search.{name}")
        box.setAccessibleName(title)
        box.setToolTip(tip)
        for key, text in items:
            box.addItem(text, key)
        box.currentIndexChanged.connect(self.changed)
        return box

    def _count(self, name: str, title: str, tip: str) -> QSpinBox:
        box = QSpinBox(self)
        box.setObjectName(f"search.{name}")
        box.setAccessibleName(title)
        box.setToolTip(tip)
        box.lineEdit().setTextMargins(*MARGINS)
        box.setRange(0, MOST)
        box.setSpecialValueText(self.tr("no limit"))
        box.valueChanged.connect(self.changed)
        return box

    def _lay_out(self) -> None:
        rows: tuple[tuple[QLabel, QWidget, QLabel, QWidget], ...] = (
            (label(self.tr("Sampler")), self.sampler, label(self.tr("Trials")), self.trials),
            (label(self.tr("Pruner")), self.pruner, label(self.tr("Seconds")), self.seconds),
        )
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(3, 1)
        for place, row in enumerate(rows):
            for column, widget in enumerate(row):
                grid.addWidget(widget, place, column)
        grid.addWidget(self._points_label, 2, 0)
        grid.addWidget(self.points, 2, 1)
        grid.addWidget(label(self.tr("At once")), 2, 2)
        grid.addWidget(self.cores, 2, 3)

    @Slot()
    def _on_sampler(self) -> None:
        """A grid alone has points, and ends by itself."""
        grid = self.sampler.currentData() == "grid"
        self._points_label.setVisible(grid)
        self.points.setVisible(grid)
        if grid and self.trials.value() == TRIALS:
            self.trials.setValue(0)
        elif not grid and self.trials.value() == 0 and not self.seconds.value():
            self.trials.setValue(TRIALS)
