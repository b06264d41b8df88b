"""The experiment as a form: preset, task, model, algorithm, training. Made from declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from workbench.core.errors import BadInput
from workbench.core.findings import Finding
from workbench.core.named_code import PLACES
from workbench.gui.forms.forecast_line import ForecastLine
from workbench.gui.forms.part_picker import PartOffer, PartPicker
from workbench.gui.forms.searched_bar import SearchedBar
from workbench.gui.forms.section import SectionForm
from workbench.gui.forms.trust import TrustNotice
from workbench.gui.state import methods
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import theme
from workbench.gui.style.mend_buttons import Offer
from workbench.gui.style.widgets import hairline, label

if TYPE_CHECKING:
    from workbench.experiments.catalog import Preset

SECTIONS = ("task", "model", "algorithm", "training")


class SettingsPanel(QWidget):
    """`searchWanted` when the ranges of the form are to be searched."""

    searchWanted = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.settings")
        self.setAccessibleName(self.tr("Settings"))
        self.setMinimumWidth(300)
        self._workspace = workspace
        self._preset = PartPicker(self)
        self._preset.setObjectName("settings.preset")
        self._preset.setAccessibleName(self.tr("Preset"))
        self._preset.setToolTip(self.tr("A complete, tested experiment to start from"))
        self._summary = label("", "small", wrap=True)
        self._summary.setObjectName("settings.summary")
        self._changes = label("", "small")
        self._kept = label(self._words_of_kept(), "small", wrap=True)
        self._kept.setObjectName("settings.kept")
        self._forecast = ForecastLine(workspace.forecast, self)
        self._reset = self._make_reset()
        self._searched = SearchedBar(workspace.draft, self)
        self._searched.wanted.connect(self.searchWanted)
        self._trust = {
            place.section: TrustNotice(workspace, place.section, self) for place in PLACES
        }
        self._forms = [SectionForm(workspace, section, self) for section in SECTIONS]
        self._loading = label(self.tr("Loading the parts…"), "muted")
        self._page = self._make_page()
        self._lay_out()
        self._preset.edited.connect(self._on_preset)
        workspace.catalogReady.connect(self._on_catalog)
        workspace.draft.changed.connect(self._refresh)
        workspace.training.stateChanged.connect(self._refresh_run)
        for said in (workspace.troubles.said, workspace.troubles.over):
            said.connect(self._on_trouble)
        for form in self._forms:
            form.mendWanted.connect(self.mend)
        if workspace.ready:
            self._on_catalog()

    def _words_of_kept(self) -> str:
        return self.tr("The run keeps its settings; going on from a pause offers to branch off")

    def _make_reset(self) -> QPushButton:
        button = QPushButton(self.tr("Reset"), self)
        button.setObjectName("settings.reset")
        button.setAccessibleName(self.tr("Reset all settings to the preset"))
        button.setToolTip(self.tr("Take back every change to the preset; Ctrl+Z brings them back"))
        button.setProperty("flat", True)
        theme.current().set_icon(button, "reset", "muted")
        button.clicked.connect(self._on_reset)
        return button

    def _make_page(self) -> QScrollArea:
        page = QWidget()
        page.setProperty("page", True)
        inner = QVBoxLayout(page)
        inner.setContentsMargins(16, 4, 8, 16)
        inner.setSpacing(8)
        for form in self._forms:
            inner.addWidget(form)
            if form.section in self._trust:
                inner.addWidget(self._trust[form.section])
        inner.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        scroll.setAccessibleName(self.tr("Parameters"))
        return scroll

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(16, 12, 16, 8)
        head.setSpacing(6)
        head.addWidget(self._preset)
        head.addWidget(self._summary)
        head.addWidget(self._loading)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 4, 12, 6)
        foot.addWidget(self._changes, 1)
        foot.addWidget(self._reset)
        forecast = QHBoxLayout()
        forecast.setContentsMargins(16, 8, 12, 0)
        forecast.addWidget(self._forecast)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(hairline())
        layout.addWidget(self._page, 1)
        layout.addWidget(hairline())
        layout.addWidget(self._searched)
        layout.addWidget(self._kept)
        layout.addLayout(forecast)
        layout.addLayout(foot)
        self._kept.setContentsMargins(16, 4, 12, 0)
        self._kept.hide()
        self._page.hide()
        self._preset.setEnabled(False)
        self._reset.hide()

    @Slot(object)
    def mend(self, offer: Offer) -> None:
        """Set what ends a trouble; what only the user can tell is asked for at its field."""
        if not offer.ask:
            self._workspace.draft.mend(offer.mend)
            return
        section, _, field = offer.mend.where.partition(".")
        for form in self._forms:
            if form.section == section:
                form.ask_for(field, file=offer.ask == "file")

    @Slot(object)
    def _on_trouble(self, trouble: object) -> None:
        """Data that was looked at has something to say at its fields."""
        if self._workspace.ready and isinstance(trouble, (BadInput, Finding)):
            for form in self._forms:
                form.refresh()

    @Slot()
    def _on_catalog(self) -> None:
        offers = (
            PartOffer(p.name, p.title, p.summary, methods.task_title(p.config))
            for p in self._workspace.presets
        )
        self._preset.offer_parts(tuple(sorted(offers, key=_group)))
        self._preset.setEnabled(True)
        self._loading.hide()
        self._page.show()
        self._refresh()

    @Slot(object)
    def _on_preset(self, name: Any) -> None:
        self._workspace.draft.use_preset(name)

    @Slot()
    def _on_reset(self) -> None:
        self._workspace.draft.reset()

    @Slot()
    def _refresh_run(self) -> None:
        """That a run which goes on keeps its settings, where the form has others by now."""
        training = self._workspace.training
        differs = self._workspace.draft.config != training.config
        self._kept.setVisible(training.busy and not training.lined_up and differs)

    @Slot()
    def _refresh(self) -> None:
        draft = self._workspace.draft
        self._preset.show_value(draft.preset)
        chosen = next(p for p in self._workspace.presets if p.name == draft.preset)
        self._summary.setText(self._about(chosen))
        count = len(draft.changes())
        text = QCoreApplication.translate("SettingsPanel", "%n change(s)", "", count)
        words = self.tr("Unchanged preset") if not count else text.replace("(s)", "s" * (count > 1))
        problems = len(draft.problems)
        if problems:
            words += self.tr(" · {n} to correct").format(n=problems)
        self._changes.setText(words)
        self._reset.setVisible(count > 0)
        self._refresh_run()
        self._searched.refresh()
        for form in self._forms:
            form.refresh()

    def _about(self, preset: Preset) -> str:
        """What it says of data and results is about its own data."""
        from workbench.core import registry

        name = self._workspace.draft.values["task"]["name"]
        if name == preset.config.task.name:
            return preset.summary
        text = self.tr("Begun from this preset, with other data: {0}.")
        return text.format(registry.get("task", name).title)


def _group(offer: PartOffer) -> str:
    return offer.group
