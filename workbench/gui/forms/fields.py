"""A parameter's row in a form: label, editor, error, and the mark of a changed value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QCoreApplication, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from workbench.core.findings import Finding
from workbench.gui.forms.editors import Editor
from workbench.gui.forms.path_editor import PathEditor
from workbench.gui.forms.range_editor import RangeEditor
from workbench.gui.forms.told import sentences
from workbench.gui.forms.values import format_value
from workbench.gui.style import theme, widgets
from workbench.gui.style.levels import ERROR, level_of
from workbench.gui.style.mend_buttons import MendButtons, Offer

if TYPE_CHECKING:
    from workbench.core.errors import BadInput

LABEL_WIDTH = 118


def tr(text: str) -> str:
    return QCoreApplication.translate("Fields", text)


class FieldRow(QWidget):
    """Speaks in values: `edited` with what was typed, `reset` when the mark is clicked."""

    edited = Signal(object)
    reset = Signal()
    settled = Signal()
    mendWanted = Signal(object)
    searchWanted = Signal(bool)
    """Whether it is to be searched."""
    rangeEdited = Signal(str)

    def __init__(self, field: str, text: str, symbol: str, editor: Editor, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = field
        self.editor = editor
        self._own = False
        self._label = self._make_label(text, symbol)
        self._mark = self._make_mark(text)
        self._error = widgets.label("", parent=self)
        self._error.setWordWrap(True)
        self._error.hide()
        self._mends = MendButtons(self.target.objectName(), self)
        self._text = text
        self.range: RangeEditor | None = None
        """There as soon as the field was searched once."""
        self._note = widgets.label("", "small", wrap=True, parent=self)
        self._note.hide()
        self._lay_out()
        editor.edited.connect(self._on_edited)
        editor.settled.connect(self.settled.emit)
        self.target.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.target.customContextMenuRequested.connect(self._on_menu_of_target)
        self._mends.wanted.connect(self.mendWanted.emit)

    @property
    def target(self) -> QWidget:
        """The widget that has the focus and carries the parameter's name."""
        return self.editor.line if isinstance(self.editor, PathEditor) else self.editor

    @property
    def error(self) -> str:
        return self._error.text()

    def widen(self) -> None:
        """Give the editor the room of the label, where a heading says the same."""
        self._label.hide()
        layout = self.layout()
        assert isinstance(layout, QGridLayout)
        layout.addWidget(self.editor, 0, 0, 1, 2)

    def show_value(self, value: Any) -> None:
        """Show a value; letters just typed into this very field stay as they are."""
        if not self._own:
            self.editor.show_value(value)

    def show_change(self, changed: bool, baseline: Any) -> None:
        self._mark.setVisible(changed)
        text = tr("Changed; the preset has {value}. Click to reset.")
        self._mark.setToolTip(text.format(value=widgets.plain(format_value(baseline) or "–")))

    def show_trouble(self, trouble: BadInput | Finding | None, offers: tuple[Offer, ...]) -> None:
        """What is wrong with the value, or found by it, with what would end it."""
        self._mends.offer(offers)
        text = "" if trouble is None else sentences(trouble)
        if text == self._error.text():
            return
        self._error.setText(text)
        self._error.setVisible(bool(text))
        level = level_of(trouble)
        self._error.setProperty("role", level.role)
        self.target.setProperty("invalid", bool(text) and level is ERROR)
        for widget in (self._error, self.target):
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    def show_range(self, given: str, default: str, problem: BadInput | None) -> None:
        """A range in place of the value, unless the value itself is at fault.

        ``default`` is searched where nothing is given.
        """
        line = self.range or self._make_range()
        line.show_text(given)
        line.offer(default)
        line.show_problem(problem)
        self._show_instead(line, self.target.property("invalid") is not True)

    def show_no_range(self) -> None:
        if self.range is not None:
            self.range.show_problem(None)
            self._show_instead(self.range, False)

    @property
    def searched(self) -> bool:
        """Whether a range stands in place of the value."""
        return self.range is not None and not self.range.isHidden()

    @property
    def _shown(self) -> QWidget:
        """What has the focus: the line of the range, or that of the value."""
        return self.range.line if self.range is not None and self.searched else self.target

    def _show_instead(self, line: RangeEditor, searched: bool) -> None:
        line.setVisible(searched)
        self.editor.setHidden(searched)
        self._label.setBuddy(line.line if searched else self.target)
        self._note.setVisible(searched)
        if searched:
            self._mark.hide()

    def show_plain(self, value: Any) -> None:
        """What a training by itself uses, while a range stands in place of it."""
        text = tr("Start trains with {0}").format(widgets.plain(format_value(value) or "–"))
        self._note.setText(text)

    def _make_range(self) -> RangeEditor:
        made = RangeEditor(f"{self.target.objectName()}.range", self._text, self)
        made.edited.connect(self.rangeEdited)
        made.leaveWanted.connect(self._on_leave)
        made.line.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        made.line.customContextMenuRequested.connect(self._on_menu_of_target)
        layout = self.layout()
        assert isinstance(layout, QGridLayout)
        place = cast("tuple[int, ...]", layout.getItemPosition(layout.indexOf(self.editor)))
        row, column = place[:2]
        layout.addWidget(made, row, column, 1, 3 - column)
        layout.addWidget(self._note, 4, column, 1, 3 - column)
        layout.addWidget(made.problem, 5, column, 1, 3 - column)
        self.range = made
        return made

    def _make_label(self, text: str, symbol: str) -> QLabel:
        label = QLabel(f"{text}  {symbol}" if symbol else text, self)
        label.setProperty("role", "muted")
        label.setBuddy(self.target)
        label.setWordWrap(True)
        label.setFixedWidth(LABEL_WIDTH)
        label.setToolTip(self.target.toolTip())
        return label

    def _make_mark(self, text: str) -> QToolButton:
        mark = QToolButton(self)
        mark.setObjectName(f"{self.target.objectName()}.reset")
        mark.setAccessibleName(tr("Reset {name}").format(name=text))
        mark.setFixedSize(20, 20)
        mark.setStyleSheet("padding: 0px;")
        mark.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.current().set_icon(mark, "dot", "accent")
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        policy.setRetainSizeWhenHidden(True)
        mark.setSizePolicy(policy)
        mark.hide()
        mark.clicked.connect(self.reset)
        return mark

    def _lay_out(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(6)
        layout.setVerticalSpacing(3)
        if isinstance(self.editor, PathEditor):  # which takes the whole width
            layout.addWidget(self._label, 0, 0, 1, 2)
            layout.addWidget(self.editor, 1, 0, 1, 2)
        else:
            layout.addWidget(self._label, 0, 0)
            layout.addWidget(self.editor, 0, 1)
        layout.addWidget(self._mark, 1 if isinstance(self.editor, PathEditor) else 0, 2)
        layout.addWidget(self._error, 2, 0, 1, 3)
        layout.addWidget(self._mends, 3, 0, 1, 3)
        layout.setColumnStretch(1, 1)

    def make_menu(self) -> QMenu:
        """What a line of text offers by itself, and the search."""
        line = self._shown
        menu = line.createStandardContextMenu() if isinstance(line, QLineEdit) else QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if menu.actions():
            menu.addSeparator()
        searched = self.searched
        search = menu.addAction(tr("Search no longer") if searched else tr("Search over this"))
        search.setObjectName(f"{self.target.objectName()}.search")
        search.triggered.connect(self._on_leave if searched else self._on_search)
        return menu

    @Slot()
    def _on_search(self) -> None:
        self.searchWanted.emit(True)
        if self.range is not None:
            self.range.setFocus()

    @Slot()
    def _on_leave(self) -> None:
        self.searchWanted.emit(False)
        self.target.setFocus()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.make_menu().popup(event.globalPos())

    @Slot(QPoint)
    def _on_menu_of_target(self, place: QPoint) -> None:
        self.make_menu().popup(self._shown.mapToGlobal(place))

    @Slot(object)
    def _on_edited(self, value: Any) -> None:
        self._own = True
        try:
            self.edited.emit(value)
        finally:
            self._own = False
