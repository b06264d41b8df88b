"""The terms of a race in a form: seeds, what is equal, and whether seeds hold out other classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from workbench.core import entries
from workbench.core.errors import BadInput
from workbench.core.limits import MAX_WHOLE
from workbench.gui.state import methods
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.race_terms import Terms

ITERATIONS, SECONDS, ARITHMETIC = "iterations", "seconds", "arithmetic"
MOST = 10_000_000
MARGINS = (8, 0, 8, 0)
"""Of the text of a number: the style pads lines of text alone."""


class RaceTerms(QWidget):
    """`changed` comes with every change; what is asked for is read, and may be refused."""

    changed = Signal()

    def __init__(self, config: ExperimentConfig, parent: QWidget) -> None:
        super().__init__(parent)
        self._config = config
        self.seeds = self._make_seeds()
        self.amount = self._make_amount()
        self.budget = self._make_budget()
        self.split = self._make_split()
        self._lay_out()

    @property
    def terms(self) -> Terms:
        from workbench.experiments.race_terms import Terms

        return Terms(self.budget.currentData() == ARITHMETIC, self.split.isChecked())

    @property
    def shared(self) -> ExperimentConfig:
        """What all contenders share, with what each may spend."""
        amount = self.amount.value()
        if self.budget.currentData() == SECONDS:
            spent = {"seconds": float(amount), "iterations": MOST}
        else:
            spent = {"seconds": 0.0, "iterations": amount}
        return self._config.replaced({"training": spent})

    def read_seeds(self) -> Iterator[int]:
        """Raises `BadInput` for what is no seed."""
        for text in dict.fromkeys(self.seeds.text().replace(",", " ").split()) or ("",):
            try:
                yield entries.whole_within(text, 0, MAX_WHOLE)
            except ValueError as error:
                raise BadInput(self.tr("Seeds"), str(error), self.tr("Write 0, 1, 2")) from error

    def _make_seeds(self) -> QLineEdit:
        seeds = QLineEdit(str(self._config.training.seed), self)
        seeds.setObjectName("race.seeds")
        seeds.setAccessibleName(self.tr("Seeds"))
        seeds.setToolTip(self.tr("One run of each contender for each seed: 0, 1, 2"))
        seeds.textChanged.connect(self.changed)
        return seeds

    def _make_amount(self) -> QSpinBox:
        amount, training = QSpinBox(self), self._config.training
        amount.setObjectName("race.amount")
        amount.setAccessibleName(self.tr("How much each may spend"))
        amount.setToolTip(amount.accessibleName())
        amount.lineEdit().setTextMargins(*MARGINS)
        amount.setRange(1, MOST)
        amount.setValue(int(training.seconds) or training.iterations)
        amount.valueChanged.connect(self.changed)
        return amount

    def _make_budget(self) -> QComboBox:
        budget, title = QComboBox(self), methods.title(self._config)
        for key, text in (
            (ITERATIONS, self.tr("iterations each")),
            (SECONDS, self.tr("seconds of training each")),
            (ARITHMETIC, self.tr("iterations of {0}, in arithmetic").format(title)),
        ):
            budget.addItem(text, key)
        budget.setObjectName("race.budget")
        budget.setAccessibleName(self.tr("What is equal"))
        budget.setToolTip(self.tr("What each contender may spend; validations are free"))
        budget.setCurrentIndex(1 if self._config.training.seconds else 0)
        budget.currentIndexChanged.connect(self.changed)
        return budget

    def _make_split(self) -> QCheckBox:
        split = QCheckBox(self.tr("Each seed holds out other classes"), self)
        split.setObjectName("race.split")
        split.setAccessibleName(split.text())
        split.setToolTip(self.tr("Then what lies between seeds includes the choice of classes"))
        split.setVisible("split_seed" in type(self._config.task).model_fields)
        split.toggled.connect(self.changed)
        return split

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.amount)
        row.addWidget(self.budget, 1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setColumnStretch(1, 1)
        grid.addWidget(label(self.tr("Seeds")), 0, 0)
        grid.addWidget(self.seeds, 0, 1)
        grid.addWidget(label(self.tr("Equal")), 1, 0)
        grid.addLayout(row, 1, 1)
        grid.addWidget(self.split, 2, 1)
