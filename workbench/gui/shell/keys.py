"""Keys go where the focus is: a single key is a shortcut only where nobody is typing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

COMMANDS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
EDITING = (
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)
PRESSED_BY_SPACE = (QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox)


class PlainKeys(QObject):
    """Claims plain keys for the widget with the focus, wherever it uses them itself.

    Qt asks the focused widget before it looks for a shortcut; this answers for those that do not.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._watched: QWidget | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus)
        self._on_focus(None, app.focusWidget())

    @Slot(QWidget, QWidget)
    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        """Only the focused widget is asked: a filter on everything would cost every event."""
        if old is not None:
            old.removeEventFilter(self)
        if new is not None:
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            claimed = isinstance(watched, QWidget) and claims(watched, event)
            if claimed:
                event.accept()
            return claimed
        return False


def claims(widget: QWidget, event: QKeyEvent) -> bool:
    """Whether a widget uses a key itself when it has the focus."""
    if event.modifiers() & COMMANDS:
        return False
    if types(widget):
        return (event.text().isprintable() and bool(event.text())) or event.key() in EDITING
    return event.key() == Qt.Key.Key_Space and isinstance(widget, PRESSED_BY_SPACE)


def types(widget: QWidget) -> bool:
    """Whether text or a number is typed into it."""
    if isinstance(widget, (QLineEdit, QAbstractSpinBox, QTextEdit, QPlainTextEdit)):
        return not widget.isReadOnly()
    return isinstance(widget, QComboBox) and widget.isEditable()


def take_clicks(*rooms: QWidget) -> None:
    """A click on empty room takes the focus, and so from an editor that was left."""
    for room in rooms:
        if not room.focusPolicy() & Qt.FocusPolicy.ClickFocus:
            room.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
