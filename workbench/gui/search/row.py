"""One field that is searched: which, over what, and what is wrong with that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QToolButton, QWidget

from workbench.core.errors import BadInput
from workbench.gui.search import names
from workbench.gui.style import theme
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig

FIELD_WIDTH = 210


class SearchRow(QWidget):
    """`changed` comes with every change, `removeWanted` when it is to go."""

    changed = Signal()
    removeWanted = Signal()

    def __init__(self, config: ExperimentConfig, field: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._config = config
        self.fields = self._make_fields(field)
        self.range = self._make_range()
        self.problem = label("", "error", wrap=True, parent=self)
        self.problem.setObjectName("search.problem")
        self.problem.hide()
        self._remove = self._make_remove()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(3)
        layout.setColumnStretch(1, 1)
        layout.addWidget(self.fields, 0, 0)
        layout.addWidget(self.range, 0, 1)
        layout.addWidget(self._remove, 0, 2)
        layout.addWidget(self.problem, 1, 1, 1, 2)
        self._show_default()

    @property
    def field(self) -> str:
        """``section.name``"""
        return str(self.fields.currentData())

    @property
    def text(self) -> str:
        """As a flag would say it."""
        given = self.range.text().strip()
        return f"{self.field}={given}" if given else self.field

    def show_problem(self, problem: BadInput | None) -> None:
        """Without the place: it stands beside."""
        told = "" if problem is None else problem.problem[:1].upper() + problem.problem[1:]
        if problem is not None and problem.remedy:
            told = f"{told}. {problem.remedy}"
        self.problem.setText(told)
        self.problem.setVisible(bool(told))
        self.range.setProperty("invalid", bool(told))
        self.range.style().unpolish(self.range)
        self.range.style().polish(self.range)

    def _make_fields(self, field: str) -> QComboBox:
        fields = QComboBox(self)
        fields.setObjectName("search.field")
        fields.setAccessibleName(self.tr("What is searched"))
        fields.setToolTip(self.tr("A field of the form"))
        fields.setFixedWidth(FIELD_WIDTH)
        for name, title in names.offered(self._config):
            fields.addItem(title, name)
        fields.setCurrentIndex(max(fields.findData(field), 0))
        fields.currentIndexChanged.connect(self._on_field)
        return fields

    def _make_range(self) -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName("search.range")
        line.setAccessibleName(self.tr("Range or choices"))
        line.setToolTip(
            self.tr("A range, 0.001..1, log:0.001..1 or linear:0..1, or choices, 1, 3, 5")
        )
        line.textChanged.connect(self.changed)
        return line

    def _make_remove(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("search.removeRow")
        button.setAccessibleName(self.tr("Search this no longer"))
        button.setToolTip(button.accessibleName())
        theme.current().set_icon(button, "close", "muted")
        button.clicked.connect(self.removeWanted)
        return button

    @Slot()
    def _on_field(self) -> None:
        self.range.clear()
        self._show_default()
        self.changed.emit()

    def _show_default(self) -> None:
        """What is searched where nothing is typed."""
        from workbench.experiments.search.reading import written
        from workbench.experiments.search.space import default_of

        try:
            text = written(default_of(self._config, self.field))
        except BadInput:
            text = self.tr("choices, A, B")
        self.range.setPlaceholderText(text)
