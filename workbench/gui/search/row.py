"""One field that is searched: which, over what, and what is wrong with that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from workbench.gui.forms.range_editor import RangeEditor
from workbench.gui.search import names

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig

FIELD_WIDTH = 210


class SearchRow(QWidget):
    """`changed` comes with every change, `removeWanted` when it is to go."""

    changed = Signal()
    removeWanted = Signal()

    def __init__(self, config: ExperimentConfig, field: str, given: str, parent: QWidget) -> None:
        """``given`` is its range to begin with; empty for the field's own bounds."""
        super().__init__(parent)
        self._config = config
        self.fields = self._make_fields(field)
        self.range = RangeEditor("search.range", "", self)
        self.range.show_text(given)
        self.range.edited.connect(self.changed)
        self.range.leaveWanted.connect(self.removeWanted)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        layout.setVerticalSpacing(3)
        layout.setColumnStretch(1, 1)
        layout.addWidget(self.fields, 0, 0)
        layout.addWidget(self.range, 0, 1)
        layout.addWidget(self.range.problem, 1, 1)
        self._show_default()

    @property
    def field(self) -> str:
        """``section.name``"""
        return str(self.fields.currentData())

    @property
    def given(self) -> tuple[str, str]:
        """The field, and what is typed as its range."""
        return self.field, self.range.text

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

    @Slot()
    def _on_field(self) -> None:
        self.range.show_text("")
        self._show_default()
        self.changed.emit()

    def _show_default(self) -> None:
        from workbench.experiments.search.reading import default_text

        self.range.offer(default_text(self._config, self.field))
