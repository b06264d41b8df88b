"""One section of the settings: which part, its parameters, and the advanced ones folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from workbench.core.named_code import PLACES
from workbench.gui.forms import mending
from workbench.gui.forms.columns.row import ColumnsRow
from workbench.gui.forms.editors import make_editor
from workbench.gui.forms.fields import FieldRow
from workbench.gui.forms.part_picker import PartOffer, PartPicker
from workbench.gui.forms.path_editor import PathEditor
from workbench.gui.forms.told import told_at
from workbench.gui.state import methods
from workbench.gui.style import theme
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.core.errors import BadInput
    from workbench.core.findings import Finding
    from workbench.core.params import ParamInfo
    from workbench.core.registry import Kind
    from workbench.core.task import ProblemSpec
    from workbench.gui.state.workspace import Workspace

HIDDEN = {(place.section, place.sha256) for place in PLACES}
"""Records of what was used, not typed."""


class SectionForm(QWidget):
    """Rebuilt when another part is chosen, otherwise only refreshed."""

    rebuilt = Signal()
    mendWanted = Signal(object)

    def __init__(self, workspace: Workspace, section: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.section = section
        self._workspace = workspace
        self._rows: dict[str, FieldRow] = {}
        self._columns: list[ColumnsRow] = []
        self._built_for: str | None = None
        self._open = False
        self._body = QWidget(self)
        self._more = self._make_more()
        self._summary = label("", "small", wrap=True, parent=self)
        self._error = label("", "error", wrap=True, parent=self)
        self._name_row = self._make_name_row() if section != "training" else None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 12, 0, 4)
        layout.setSpacing(8)
        layout.addWidget(label(self._title().upper(), "section"))
        if self._name_row:
            layout.addWidget(self._name_row)
            layout.addWidget(self._summary)
        else:
            self._summary.hide()
        layout.addWidget(self._error)
        layout.addWidget(self._body)

    def refresh(self) -> None:
        """Show the draft's values, marks and problems."""
        values = self._workspace.draft.values[self.section]
        if self._built_for != values.get("name", ""):
            self._build(str(values.get("name", "")))
        troubles = told_at(self._workspace, self.section)
        self._show_error(troubles.get(""))
        if self._name_row:
            self._offer_names()
            self._refresh_name(values)
            self._show_trouble(self._name_row, troubles.get("name"))
            self._show_range(self._name_row, self._part_title(values["name"]))
        draft = self._workspace.draft
        baseline = draft.baseline(self.section)
        for name, row in self._rows.items():
            value, base = values.get(name), baseline.get(name)
            row.show_value(value)
            row.show_change(value != base, base)
            self._show_trouble(row, troubles.get(name))
            self._show_range(row, value)
        self._show_columns(values)
        self._unfold()

    def _show_columns(self, values: dict[str, Any]) -> None:
        from workbench.experiments.config import params_class

        for columns in self._columns:
            params = params_class(self.section, str(values["name"]))
            columns.show_values(params.model_construct(**values))

    def _show_trouble(self, row: FieldRow, trouble: BadInput | Finding | None) -> None:
        row.show_trouble(trouble, mending.offers(trouble, self._workspace.draft.values))

    def _show_range(self, row: FieldRow, value: Any) -> None:
        """In place of the value, where the field is to be searched."""
        draft, field = self._workspace.draft, f"{self.section}.{row.field}"
        if field not in draft.ranges:
            row.show_no_range()
            return
        from workbench.experiments.search.reading import default_text

        default = "" if draft.config is None else default_text(draft.config, field)
        row.show_range(draft.ranges[field], default, draft.range_problems.get(field))
        row.show_plain(value)

    def _show_error(self, problem: BadInput | Finding | None) -> None:
        self._error.setText("" if problem is None else str(problem))
        self._error.setVisible(problem is not None)

    def _refresh_name(self, values: dict[str, Any]) -> None:
        from workbench.core import registry

        assert self._name_row is not None
        name = values["name"]
        changed = self._workspace.draft.is_changed(self.section, "name")
        preset = next(p for p in self._workspace.presets if p.name == self._workspace.draft.preset)
        self._name_row.show_value(name)
        self._name_row.show_change(changed, getattr(preset.config, self.section).name)
        self._summary.setText(registry.get(self._kind, name).summary)

    def _build(self, name: str) -> None:
        from workbench.core.params import describe
        from workbench.experiments.config import params_class

        self._built_for = name
        self._more.setParent(self)
        old, self._body = self._body, QWidget(self)
        self._rows = {}
        self._columns = []
        layout = QVBoxLayout(self._body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        infos = [
            info
            for info in describe(params_class(self.section, name))
            if (self.section, info.name) not in HIDDEN
        ]
        self._infos = {info.name: info for info in infos}
        for info in sorted(infos, key=_is_advanced):
            if info.advanced and layout.indexOf(self._more) < 0:
                layout.addWidget(self._more)
            self._rows[info.name] = self._make_row(info)
            layout.addWidget(self._rows[info.name])
            self._add_columns(info.name, layout)
        self._more.setVisible(any(info.advanced for info in infos))
        page = self.layout()
        assert page is not None
        page.replaceWidget(old, self._body)
        old.hide()
        old.deleteLater()
        self.rebuilt.emit()

    def _add_columns(self, place: str, layout: QVBoxLayout) -> None:
        """Where other fields name columns of the table at this one."""
        infos = tuple(self._infos.values())
        if any(info.column_of == place for info in infos):
            row = ColumnsRow(place, infos, self._body)
            row.chosen.connect(self._on_columns)
            self._columns.append(row)
            layout.addWidget(row)

    def _make_row(self, info: ParamInfo) -> FieldRow:
        editor = make_editor(info, self.section, self._body)
        row = FieldRow(info.name, info.label, info.symbol, editor, self._body)
        row.edited.connect(self._on_edited)
        row.reset.connect(self._on_reset)
        row.settled.connect(self.refresh)
        self._connect_row(row)
        return row

    def _connect_row(self, row: FieldRow) -> None:
        row.mendWanted.connect(self.mendWanted)
        row.searchWanted.connect(self._on_search)
        row.rangeEdited.connect(self._on_range)

    def _make_name_row(self) -> FieldRow:
        editor = PartPicker(self)
        editor.setObjectName(f"param.{self.section}.name")
        editor.setAccessibleName(self._title())
        editor.setToolTip(self.tr("Which {part} the experiment uses").format(part=self.section))
        row = FieldRow("name", self._title(), "", editor, self)
        row.widen()
        row.edited.connect(self._on_name)
        row.reset.connect(self._on_name_reset)
        self._connect_row(row)
        return row

    def _offer_names(self) -> None:
        """Every registered part; algorithms in their kinds, with what keeps them from the task."""
        from workbench.core import registry

        assert self._name_row is not None
        names = list(registry.names(self._kind))
        groups = methods.grouped(self._kind, names)
        spec = None
        if self.section != "task":
            spec = methods.problem_posed(self._workspace.draft.values["task"])
        offers = tuple(
            self._offer(name, group, spec) for group, members in groups for name in members
        )
        editor = self._name_row.editor
        assert isinstance(editor, PartPicker)
        editor.offer_parts(offers)

    def _offer(self, name: str, group: str, spec: ProblemSpec | None) -> PartOffer:
        from workbench.core import registry

        part = registry.get(self._kind, name)
        reason = part.unfit(spec) if spec is not None else ""
        return PartOffer(name, part.title, part.summary, group, reason[:1].upper() + reason[1:])

    def _part_title(self, name: str) -> str:
        from workbench.core import registry

        return registry.get(self._kind, name).title

    @property
    def _kind(self) -> Kind:
        return cast("Kind", self.section)

    def _make_more(self) -> QPushButton:
        button = QPushButton(self.tr("Advanced"), self)
        button.setObjectName(f"settings.{self.section}.advanced")
        button.setAccessibleName(self.tr("Advanced settings of {part}").format(part=self.section))
        button.setToolTip(self.tr("Settings that rarely need to change"))
        button.setProperty("link", True)
        button.clicked.connect(self._toggle)
        button.hide()
        return button

    def _title(self) -> str:
        titles = {
            "task": QCoreApplication.translate("SectionForm", "Task"),
            "model": QCoreApplication.translate("SectionForm", "Model"),
            "algorithm": QCoreApplication.translate("SectionForm", "Algorithm"),
            "training": QCoreApplication.translate("SectionForm", "Training"),
        }
        return titles[self.section]

    def ask_for(self, field: str, file: bool) -> None:
        """Let the user choose: a path by a dialog, anything else in its field."""
        row = self._rows.get(field)
        if row is None:
            return
        row.show()
        row.target.setFocus()
        if isinstance(row.editor, PathEditor):
            row.editor.ask(file)

    @Slot()
    def _toggle(self) -> None:
        self._open = not self._open
        self._unfold()

    def _unfold(self) -> None:
        """An advanced field that is at fault, or searched, is never hidden."""
        theme.current().set_icon(
            self._more, "chevron-down" if self._open else "chevron-right", "accent"
        )
        for name, row in self._rows.items():
            needed = bool(row.error) or row.searched
            row.setVisible(self._open or not self._infos[name].advanced or needed)
        for columns in self._columns:
            columns.setVisible(columns.wanted and not self._rows[columns.place].isHidden())

    @Slot(object)
    def _on_edited(self, value: Any) -> None:
        self._workspace.draft.set_value(self.section, _sender_field(self.sender()), value)

    @Slot(dict)
    def _on_columns(self, values: dict[str, str]) -> None:
        draft = self._workspace.draft
        draft.use_data(draft.values["task"]["name"], values)

    @Slot()
    def _on_reset(self) -> None:
        self._workspace.draft.reset(self.section, _sender_field(self.sender()))

    @Slot(bool)
    def _on_search(self, wanted: bool) -> None:
        self._workspace.draft.search(self._sender_place(), wanted)

    @Slot(str)
    def _on_range(self, text: str) -> None:
        self._workspace.draft.set_range(self._sender_place(), text)

    def _sender_place(self) -> str:
        return f"{self.section}.{_sender_field(self.sender())}"

    @Slot(object)
    def _on_name(self, name: Any) -> None:
        self._workspace.draft.choose(self.section, name)

    @Slot()
    def _on_name_reset(self) -> None:
        self._workspace.draft.reset(self.section, "name")


def _is_advanced(info: ParamInfo) -> bool:
    return info.advanced


def _sender_field(sender: Any) -> str:
    assert isinstance(sender, FieldRow)
    return sender.field
