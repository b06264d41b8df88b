"""What can be added to the comparison; what cannot says why in its tooltip."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from workbench.core.errors import printable
from workbench.gui.lab.compare.choices import Choice
from workbench.gui.lab.compare.comparison import Comparison
from workbench.gui.lab.compare.listing import Candidate, Listing
from workbench.gui.state import methods
from workbench.gui.style import words
from workbench.gui.style.widgets import plain


class AddMenu(QMenu):
    """Filled when it is opened, and again when the runs have been read."""

    def __init__(self, comparison: Comparison, listing: Listing, parent: QWidget) -> None:
        super().__init__(parent)
        self._comparison, self._listing = comparison, listing
        self.setObjectName("lab.compare.menu")
        self.setAccessibleName(self.tr("Learners to compare with"))
        self._checkpoints = self._group("checkpoints", self.tr("This run's checkpoints"))
        self._runs = self._group("runs", self.tr("Recorded runs"))
        self._examples = self._group("examples", self.tr("Bundled examples"))
        self._floors = self._group("baselines", self.tr("Baselines without training"))
        self.aboutToShow.connect(listing.refresh)
        self.aboutToShow.connect(self.fill)
        listing.changed.connect(self.fill)
        comparison.columnsChanged.connect(self.fill)

    def _group(self, name: str, title: str) -> QMenu:
        menu = self.addMenu(title)
        menu.setObjectName(f"lab.compare.{name}")
        menu.setToolTipsVisible(True)
        return menu

    @Slot()
    def fill(self) -> None:
        listing = self._listing
        self._fill(
            self._checkpoints,
            [(f"checkpoint.{one.choice.iteration}", one) for one in listing.checkpoints],
            self.tr("The weights in the lab come from no run"),
        )
        self._fill(
            self._runs,
            [(f"run.{one.choice.name}", one) for one in listing.runs],
            self.tr("Reading…") if listing.reading else self.tr("No run is recorded yet"),
        )
        self._fill(
            self._examples,
            [(f"example.{_algorithm(one.choice)}", one) for one in listing.examples],
            self.tr("None comes with the program for this task family"),
        )
        self._fill(
            self._floors,
            [(f"baseline.{_algorithm(one.choice)}", one) for one in listing.baselines()],
            self.tr("Something is wrong with the settings: correct it first"),
        )

    def _fill(self, menu: QMenu, offers: list[tuple[str, Candidate]], empty: str) -> None:
        menu.clear()
        for name, offer in offers:
            action = menu.addAction(self._text(offer.choice))
            action.setObjectName(f"lab.compare.add.{name}")
            action.setData(offer.choice)
            reason = offer.reason
            if not reason and self._comparison.has(offer.choice):
                reason = self.tr("It is in the comparison already")
            action.setEnabled(not reason)
            action.setToolTip(plain(reason) or self.tr("Compare with this learner"))
            action.triggered.connect(self._on_triggered)
        if not offers:
            menu.addAction(empty).setEnabled(False)

    def _text(self, choice: Choice) -> str:
        title = methods.title(choice.config)
        if choice.iteration is not None:
            return self.tr("Iteration {0}").format(words.thousands(choice.iteration))
        if choice.path is not None:
            name = printable(choice.name).replace("&", "&&")  # one alone underlines a letter
            return f"{title} · {name}"
        trains = methods.trains(choice.config)
        return self.tr("{0}, untrained").format(title) if trains else title

    @Slot()
    def _on_triggered(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        self._comparison.add(action.data())


def _algorithm(choice: Choice) -> str:
    return str(choice.config.algorithm.name)
