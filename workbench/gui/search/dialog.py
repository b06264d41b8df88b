"""A search is put together: which fields, over what, how, and for how long."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workbench.core.errors import BadInput
from workbench.gui.search import names
from workbench.gui.search.row import SearchRow
from workbench.gui.search.terms import SearchTerms
from workbench.gui.state import methods
from workbench.gui.state.foretold import Foretold
from workbench.gui.style import counts, forecasts, theme
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.forecast.foretell import Measure
    from workbench.experiments.forecast.outlook import Outlook
    from workbench.experiments.queue.work import SearchOfMany
    from workbench.experiments.search.space import Space
    from workbench.gui.state.training import TrainingControl

SIZE = (620, 440)
LIKELY = ("algorithm.inner_rate", "training.outer_rate", "algorithm.inner_steps")
"""Offered first, where the experiment has them."""
FIRST = LIKELY[:2]
"""Searched unless somebody says otherwise."""


class SearchDialog(QDialog):
    """`chosen` carries the search, and whether it is to begin now."""

    chosen = Signal(object, bool)

    def __init__(
        self, config: ExperimentConfig, field: str, training: TrainingControl, parent: QWidget
    ) -> None:
        """With a row for ``field``, or for what is usually searched where it is empty."""
        super().__init__(parent)
        self.setObjectName("dialog.search")
        self.setWindowTitle(self.tr("Search"))
        self.resize(*SIZE)
        self._config = config
        self._offered = [name for name, _ in names.offered(config)]
        self.rows: list[SearchRow] = []
        self.terms = SearchTerms(self)
        self.told = label("", "small", wrap=True)
        self.told.setObjectName("search.told")
        self._page = QVBoxLayout()
        self.add = self._make_add()
        self.buttons = self._make_buttons()
        self._lay_out()
        self._said = ""
        self._foretold = Foretold(training, self)
        self._foretold.changed.connect(self._tell)
        self.terms.changed.connect(self._refresh)
        for first in [field] if field else [one for one in FIRST if one in self._offered]:
            self.add_row(first)
        self.rows[0].range.setFocus()

    def add_row(self, field: str) -> SearchRow:
        row = SearchRow(self._config, field, self)
        row.changed.connect(self._refresh)
        row.removeWanted.connect(self._on_remove)
        self._page.insertWidget(len(self.rows), row)
        self.rows.append(row)
        QWidget.setTabOrder(row, self.add)
        self._refresh()
        return row

    def _make_add(self) -> QPushButton:
        button = QPushButton(self.tr("Another field"), self)
        button.setObjectName("search.add")
        button.setAccessibleName(button.text())
        button.setToolTip(self.tr("Search over one more field of the form"))
        button.setAutoDefault(False)
        theme.current().set_icon(button, "plus", "accent")
        button.setProperty("link", True)
        button.clicked.connect(self._on_add)
        return button

    def _make_buttons(self) -> QDialogButtonBox:
        buttons, role = QDialogButtonBox(self), QDialogButtonBox.ButtonRole
        start = buttons.addButton(self.tr("Start the search"), role.AcceptRole)
        start.setObjectName("search.start")
        start.setToolTip(self.tr("Begin now, or as soon as what trains has ended"))
        later = buttons.addButton(self.tr("Add to queue"), role.ActionRole)
        later.setObjectName("search.queue")
        later.setToolTip(self.tr("Line the search up behind what waits"))
        cancel = buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        start.setDefault(True)
        start.clicked.connect(lambda: self._choose(True))
        later.clicked.connect(lambda: self._choose(False))
        cancel.clicked.connect(self.reject)
        self.deciding = (start, later)
        return buttons

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty("page", True)
        self._page.setContentsMargins(0, 0, 8, 0)
        self._page.setSpacing(8)
        self._page.addWidget(self.add)
        self._page.addStretch(1)
        page.setLayout(self._page)
        scroll = QScrollArea(self)
        scroll.setAccessibleName(self.tr("Fields"))
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(label(self._about(), "muted", wrap=True))
        layout.addWidget(scroll, 1)
        layout.addWidget(self.terms)
        layout.addWidget(self.told)
        layout.addWidget(self.buttons)

    def _about(self) -> str:
        text = self.tr("{0}: all else as in the form. A trial is judged by its best validation.")
        return text.format(methods.task_title(self._config))

    # --- what is asked for -------------------------------------------------------------------

    @Slot()
    def _on_add(self) -> None:
        """The next field that no row has yet."""
        known = {row.field for row in self.rows}
        free = [name for name in self._offered if name not in known]
        likely = [name for name in LIKELY if name in free]
        if free:
            self.add_row((likely or free)[0]).fields.setFocus()

    @Slot()
    def _on_remove(self) -> None:
        row = self.sender()
        assert isinstance(row, SearchRow)
        self.rows.remove(row)
        row.hide()
        row.deleteLater()
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        try:
            found, told = self._search(), ""
        except BadInput as error:
            found, told = None, str(error)
        self._tell_rows()
        if found is not None:
            told = self._sum(found)
        elif any(not row.problem.isHidden() for row in self.rows):
            told = ""
        self._said = told
        self._foretold.ask(None if found is None else partial(_of_search, found))
        self._tell()
        for button in self.deciding:
            button.setEnabled(found is not None)

    @Slot()
    def _tell(self) -> None:
        told = self._foretold.outlook
        words = forecasts.outlook(told) if told is not None else ""
        self.told.setText(" · ".join(filter(None, (self._said, words))))

    def _tell_rows(self) -> None:
        """Each by itself, beside the names of parts that others search."""
        given = [row.text for row in self.rows if row.field.endswith(".name")]
        for row in self.rows:
            try:
                self._space([row.text, *(text for text in given if text != row.text)])
                row.show_problem(None)
            except BadInput as error:
                row.show_problem(error if error.where == row.field else None)

    def _sum(self, search: SearchOfMany) -> str:
        count = search.plan.count
        if not count:
            return self.tr("As many runs as the seconds allow, one after the other")
        if count == 1:
            return counts.runs(1)
        return self.tr("{runs}, one after the other").format(runs=counts.runs(count))

    def _search(self) -> SearchOfMany:
        """Raises `BadInput` that says what is still missing."""
        from workbench.experiments.queue.work import SearchOfMany

        space = self._space([row.text for row in self.rows])
        return SearchOfMany(self.terms.plan(self._config, space), float(self.terms.seconds.value()))

    def _space(self, texts: list[str]) -> Space:
        from workbench.experiments.search.reading import read_space

        return read_space(texts, self._config)

    def _choose(self, now: bool) -> None:
        self.chosen.emit(self._search(), now)
        self.accept()

    def done(self, code: int) -> None:
        self._foretold.close()
        super().done(code)


def _of_search(search: SearchOfMany, measure: Measure) -> Outlook:
    from workbench.experiments.forecast.outlook import of_search

    return of_search(search.plan, measure, search.seconds)
