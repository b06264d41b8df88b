"""The hardest, the easiest and the most improved tasks; Enter or a click opens one in the lab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.explorer.state import NOBODY
from workbench.gui.explorer.task_model import PICTURE, THUMB, TaskModel
from workbench.gui.style import theme
from workbench.gui.style.two_line_delegate import INSET, paint_lines
from workbench.gui.style.widgets import label

if TYPE_CHECKING:
    from workbench.gui.explorer.state import ExplorerState

Index = QModelIndex | QPersistentModelIndex
ROW = 56


class TaskDelegate(QStyledItemDelegate):
    """A picture, where the task's kind has one, and two lines beside it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(180, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        box, state = QRect(option.rect), QStyle.StateFlag
        if option.state & (state.State_Selected | state.State_MouseOver):
            token = "accentSoft" if option.state & state.State_Selected else "hover"
            painter.fillRect(box, theme.current().color(token))
        image, left = index.data(PICTURE), INSET
        if isinstance(image, QImage):
            shown = QRect(box.left() + INSET, box.top() + (ROW - THUMB[1]) // 2, *THUMB)
            painter.drawImage(shown, image)
            left += THUMB[0] + INSET
        paint_lines(painter, box.adjusted(left, 8, -INSET, -8), index)
        painter.restore()


class TaskView(QListView):
    """`opened` with a task that is clicked or entered, `pointed` with one under pointer or keys."""

    opened = Signal(int)
    pointed = Signal(int)

    def __init__(self, model: TaskModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = model
        self.setObjectName("explorer.tasks")
        self.setAccessibleName(self.tr("Tasks"))
        self.setToolTip(self.tr("Enter or a click opens a task in the lab"))
        self.setModel(model)
        self.setItemDelegate(TaskDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.entered.connect(self._on_pointed)
        self.clicked.connect(self._on_opened)

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("A list of measured tasks"), (
            (self.tr("Walk, and mark the curve"), "↑, ↓, Home, End"),
            (self.tr("Open the task in the lab"), "Return"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_opened(self.currentIndex())
            return
        super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._on_pointed(current)

    def leaveEvent(self, event: QEvent) -> None:
        """Back to the one that the keys are on."""
        super().leaveEvent(event)
        self._on_pointed(self.currentIndex())

    @Slot(QModelIndex)
    def _on_pointed(self, index: Index) -> None:
        self.pointed.emit(self._tasks.places[index.row()] if index.isValid() else NOBODY)

    @Slot(QModelIndex)
    def _on_opened(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self._tasks.places[index.row()])


class TaskList(QWidget):
    """`opened` carries the task that is to be opened in the lab."""

    opened = Signal(int)

    def __init__(self, state: ExplorerState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.model = TaskModel(state, self)
        self.view = TaskView(self.model, self)
        self.hint = label("", "small", wrap=True)
        self.hint.setContentsMargins(INSET, 0, INSET, 0)
        self.orders = QButtonGroup(self)
        self.view.pointed.connect(state.point)
        self.view.opened.connect(self.opened)
        state.changed.connect(self._show_hint)
        state.drawnChanged.connect(self._show_hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._make_orders())
        layout.addWidget(self.hint)
        layout.addWidget(self.view, 1)
        self._show_hint()

    def _make_orders(self) -> QHBoxLayout:
        from workbench.experiments.tasks_seen.ranking import Order

        row = QHBoxLayout()
        row.setSpacing(4)
        row.setContentsMargins(8, 0, 8, 0)
        for order, text, help in (
            (Order.HARDEST, self.tr("Hardest"), self.tr("Worst at the step looked at first")),
            (Order.EASIEST, self.tr("Easiest"), self.tr("Best at the step looked at first")),
            (
                Order.IMPROVED,
                self.tr("Most improved"),
                self.tr("Where adapting up to the step looked at brought most"),
            ),
        ):
            button = QToolButton(self)
            button.setObjectName(f"explorer.order.{order.value}")
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(help)
            button.setCheckable(True)
            button.setChecked(order is Order.HARDEST)
            button.setProperty("order", order.value)
            self.orders.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self.orders.buttonClicked.connect(self._on_order)
        return row

    def select(self, task: int) -> None:
        """Bring a task into view, and the keys onto it."""
        row = self.model.row_of(task)
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row))

    @Slot()
    def _on_order(self) -> None:
        from workbench.experiments.tasks_seen.ranking import Order

        chosen = self.orders.checkedButton()
        assert chosen is not None
        self.model.order = Order(chosen.property("order"))
        self.model.sort()
        self.view.scrollToTop()

    @Slot()
    def _show_hint(self) -> None:
        state = self._state
        if state.seen is None:
            self.hint.setText("")
        elif state.why_not:
            self.hint.setText(state.why_not)
        elif not state.drawn.tasks:
            self.hint.setText(self.tr("Drawing the tasks once more…"))
        elif state.closed:
            self.hint.setText(state.closed)
        else:
            self.hint.setText(self.tr("Enter or a click opens this very task in the lab."))
