"""A search is put together: which fields, over what, how, and for how long."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workbench.core.errors import BadInput
from workbench.gui.search import names
from workbench.gui.search.row import SearchRow
from workbench.gui.search.terms import SearchTerms
from workbench.gui.state import methods
from workbench.gui.style import theme
from workbench.gui.windows.beginning import BeginningDialog, many_runs

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.forecast.foretell import Measure
    from workbench.experiments.forecast.outlook import Outlook
    from workbench.experiments.queue.work import Work
    from workbench.gui.state.foretold import Question
    from workbench.gui.state.ranges import Ranges
    from workbench.gui.state.training import TrainingControl

SIZE = (620, 440)
LIKELY = ("algorithm.inner_rate", "training.outer_rate", "algorithm.inner_steps")
"""Offered first, where the experiment has them."""
FIRST = LIKELY[:2]
"""Searched unless somebody says otherwise."""


class SearchDialog(BeginningDialog):
    def __init__(
        self, config: ExperimentConfig, ranges: Ranges, training: TrainingControl, parent: QWidget
    ) -> None:
        """With a row for each of the ``ranges``, or for what is usually searched."""
        super().__init__("search", SIZE, self.tr("Start the search"), training, parent)
        self.setWindowTitle(self.tr("Search"))
        self._config = config
        self._offered = [name for name, _ in names.offered(config)]
        self.rows: list[SearchRow] = []
        self.terms = SearchTerms(self)
        self._page = QVBoxLayout()
        self.add = self._make_add()
        self._page.setContentsMargins(0, 0, 8, 0)
        self._page.setSpacing(8)
        self._page.addWidget(self.add)
        self._page.addStretch(1)
        self.choices.setAccessibleName(self.tr("Fields"))
        self.lay_out(self._about(), self._page, self.terms)
        self.terms.changed.connect(self.refresh)
        usual = {field: "" for field in FIRST if field in self._offered}
        for field, given in (ranges or usual).items():
            self.add_row(field, given)
        self.rows[0].range.setFocus()

    def add_row(self, field: str, given: str = "") -> SearchRow:
        row = SearchRow(self._config, field, given, self)
        row.changed.connect(self.refresh)
        row.removeWanted.connect(self._on_remove)
        self._page.insertWidget(len(self.rows), row)
        self.rows.append(row)
        QWidget.setTabOrder(row, self.add)
        self.refresh()
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
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        self._tell_rows()
        super().refresh()

    def missing(self, problem: BadInput) -> str:
        """Below, unless it is told at its row."""
        at_a_row = any(not row.range.problem.isHidden() for row in self.rows)
        return "" if at_a_row else super().missing(problem)

    def question(self, work: Work) -> Question:
        return partial(_of_search, work)

    def _tell_rows(self) -> None:
        from workbench.experiments.search.reading import faults

        names = [row.given for row in self.rows if row.field.endswith(".name")]
        for row in self.rows:
            others = [given for given in names if given != row.given]
            found = faults([row.given, *others], self._config)
            row.range.show_problem(found.get(row.field))

    def asked(self) -> tuple[Work, str]:
        from workbench.experiments.queue.work import SearchOfMany
        from workbench.experiments.search.reading import read_space, text_of

        space = read_space([text_of(*row.given) for row in self.rows], self._config)
        plan = self.terms.plan(self._config, space)
        return SearchOfMany(plan), many_runs(plan.count, plan.cores)


def _of_search(work: Work, measure: Measure) -> Outlook:
    from workbench.experiments.forecast.outlook import of_search
    from workbench.experiments.queue.work import SearchOfMany

    assert isinstance(work, SearchOfMany)
    return of_search(work.plan, measure)
