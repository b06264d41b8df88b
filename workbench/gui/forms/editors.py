"""Editors made from declared parameters: one widget for each kind of value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from workbench.gui.forms.path_editor import PathEditor
from workbench.gui.forms.text_editor import TextEditor
from workbench.gui.forms.values import format_value, stepped_value

if TYPE_CHECKING:
    from workbench.core.params import ParamInfo


def tr(text: str) -> str:
    return QCoreApplication.translate("Forms", text)


class NumberEditor(TextEditor):
    """A number as text, in scientific notation if liked; the arrow keys step it."""

    def __init__(self, info: ParamInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._info = info
        self.setAlignment(Qt.AlignmentFlag.AlignLeft)

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return tr("A number in the settings"), (
            (tr("A step up, down"), "↑, ↓"),
            (tr("Ten steps up, down"), "PgUp, PgDown"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10}
        steps[Qt.Key.Key_PageDown] = -10
        direction = steps.get(Qt.Key(event.key()))
        if direction is None:
            super().keyPressEvent(event)
            return
        stepped = stepped_value(self.text(), direction, self._info)
        if stepped is not None:
            self.setText(format_value(stepped))
            self.edited.emit(self.text())


class ToggleEditor(QCheckBox):
    edited = Signal(object)
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clicked.connect(self.edited.emit)

    def show_value(self, value: Any) -> None:
        self.setChecked(value is True)


class ChoiceEditor(QComboBox):
    """Shows titles, speaks names; the wheel scrolls the page instead of changing it."""

    edited = Signal(object)
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.activated.connect(self._on_activated)

    def offer(self, choices: tuple[tuple[str, str], ...]) -> None:
        """Choices as (name, title)."""
        self.clear()
        for name, title in choices:
            self.addItem(title, name)

    def show_value(self, value: Any) -> None:
        self.setCurrentIndex(self.findData(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        self.edited.emit(self.itemData(index))


Editor = TextEditor | NumberEditor | ToggleEditor | ChoiceEditor | PathEditor


def make_editor(info: ParamInfo, section: str, parent: QWidget) -> Editor:
    """The editor of a parameter, named so that tests and assistive tools find it."""
    editor = _build(info, parent)
    target = editor.line if isinstance(editor, PathEditor) else editor
    target.setObjectName(f"param.{section}.{info.name}")
    target.setAccessibleName(info.label)
    target.setAccessibleDescription(info.help)
    target.setToolTip(explain(info))
    target.setWhatsThis(explain(info, at_length=True))
    if isinstance(editor, PathEditor):
        editor.setFocusProxy(target)
        editor.button.setObjectName(f"{target.objectName()}.browse")
        editor.help = explain(info)
    return editor


def _build(info: ParamInfo, parent: QWidget) -> Editor:
    if info.kind in ("int", "float"):
        return NumberEditor(info, parent)
    if info.kind == "bool":
        return ToggleEditor(parent)
    if info.kind == "choice":
        editor = ChoiceEditor(parent)
        editor.offer(tuple((choice, choice.replace("_", " ")) for choice in info.choices))
        return editor
    return PathEditor(info, parent) if info.kind == "path" else TextEditor(parent)


def explain(info: ParamInfo, at_length: bool = False) -> str:
    """What a parameter means, as rich text for a tooltip or a bigger bubble."""
    symbol = f" &nbsp;<i>{info.symbol}</i>" if info.symbol else ""
    parts = [f"<b>{info.label}</b>{symbol}", info.help]
    if at_length and info.more:
        parts.append(info.more)
    facts = [tr("Default {value}").format(value=format_value(info.default) or "–")]
    if info.bounds:
        facts.append(tr("allowed: {bounds}").format(bounds=info.bounds))
    if info.unit:
        facts.append(tr("unit: {unit}").format(unit=info.unit))
    parts.append(" · ".join(facts))
    if not at_length and info.more:
        parts.append(tr("F1 explains more."))
    return "<div style='max-width:320px'>" + "<br>".join(parts) + "</div>"
