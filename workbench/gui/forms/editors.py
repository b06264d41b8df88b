"""Editors made from declared parameters: one widget for each kind of value."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
)

from workbench.gui.style import theme

if TYPE_CHECKING:
    from workbench.core.params import ParamInfo


def tr(text: str) -> str:
    return QCoreApplication.translate("Forms", text)


class TextEditor(QLineEdit):
    """Text, and numbers as text: what is typed is parsed by the parameter's own declaration."""

    edited = Signal(object)
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.textEdited.connect(self.edited.emit)
        self.editingFinished.connect(self.settled.emit)

    def show_value(self, value: Any) -> None:
        text = format_value(value)
        if text != self.text():
            self.setText(text)

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window: there it undoes values, not letters."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            if any(event.matches(key) for key in keys):
                event.ignore()
                return False
        return super().event(event)


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


class PathEditor(QWidget):
    """A path as text, with a button that looks for it."""

    edited = Signal(object)
    settled = Signal()

    def __init__(self, info: ParamInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        told = info.help.lower()
        self._files, self._folders = ("file" in told or ".zip" in told), "folder" in told
        self.line = TextEditor(self)
        self.line.setPlaceholderText(tr("Choose") if self._folders else tr("Choose a file"))
        self.line.edited.connect(self.edited.emit)
        self.line.settled.connect(self.settled.emit)
        self.button = QToolButton(self)
        theme.current().set_icon(self.button, "folder", "muted")
        self.button.setToolTip(tr("Browse"))
        self.button.setAccessibleName(tr("Browse for {name}").format(name=info.label))
        self.button.clicked.connect(self.browse)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.button)

    def show_value(self, value: Any) -> None:
        self.line.show_value(value)

    @Slot()
    def browse(self) -> None:
        if not (self._files and self._folders):
            self._ask(self._files)
            return
        menu = QMenu(self)
        menu.addAction(tr("A file…")).triggered.connect(lambda: self._ask(True))
        menu.addAction(tr("A folder…")).triggered.connect(lambda: self._ask(False))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _ask(self, file: bool) -> None:
        start = str(Path(self.line.text() or Path.home()).parent)
        if file:
            chosen, _ = QFileDialog.getOpenFileName(self, tr("Choose a file"), start)
        else:
            chosen = QFileDialog.getExistingDirectory(self, tr("Choose a folder"), start)
        if chosen:
            self.line.setText(chosen)
            self.edited.emit(chosen)
            self.settled.emit()


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


def format_value(value: Any) -> str:
    """A value as text that parses back to it: shortest, ``1e-5`` rather than ``1e-05``."""
    if value is None:
        return ""
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e6:
            return str(int(value))
        mantissa, _, exponent = repr(value).partition("e")
        return f"{mantissa}e{int(exponent)}" if exponent else mantissa
    if isinstance(value, (list, tuple)):
        return ",".join(str(part) for part in value)
    return str(value)


def stepped_value(text: str, steps: int, info: ParamInfo) -> float | int | None:
    """The next value up or down: 1-2-5 on a logarithmic scale; None where there is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    for _ in range(abs(steps)):
        value = _step(value, 1 if steps > 0 else -1, info)
    low, high = info.minimum, info.maximum
    if low is not None and (value < low or (info.exclusive_minimum and value == low)):
        return None
    if high is not None and (value > high or (info.exclusive_maximum and value == high)):
        return None
    return int(value) if info.kind == "int" else value


def _step(value: float, direction: int, info: ParamInfo) -> float:
    if not info.log_scale or value <= 0:
        size = 1.0 if info.kind == "int" else 10.0 ** math.floor(math.log10(abs(value) or 0.1)) / 10
        return round(value + direction * size, 12)
    decade = math.floor(math.log10(value))
    ladder = [m * 10.0**e for e in range(decade - 1, decade + 2) for m in (1, 2, 5)]
    ladder = [float(f"{rung:.6g}") for rung in ladder]
    slack = value * 1e-9
    if direction > 0:
        found = next(rung for rung in ladder if rung > value + slack)
    else:
        found = next(rung for rung in reversed(ladder) if rung < value - slack)
    return max(found, 1.0) if info.kind == "int" and direction > 0 else found


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
