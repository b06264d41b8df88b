"""One's own pictures below each other, each with what it is taken for."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from workbench.gui.kinds.pictures.cards import PICTURES, best
from workbench.gui.kinds.pictures.own.asking import Asking
from workbench.gui.kinds.pictures.own.held import Held, Own, OwnPictures
from workbench.gui.kinds.pictures.own.menus import OwnMenu
from workbench.gui.kinds.pictures.own.row import HEIGHT, OwnRow, Verdict
from workbench.gui.kinds.pictures.own.sheet import sheet
from workbench.gui.lab import type_names
from workbench.gui.lab.state import LabState
from workbench.gui.style import paint, theme
from workbench.gui.takeaway.sheet import Sheet

GAP = 2


class OwnRows(QScrollArea):
    """`resized`: there are more rows now, or fewer. `judged`: the predictions are others.

    `drawAsked` comes with a point of the screen and the drawing that is to go on.
    """

    resized = Signal()
    judged = Signal()
    drawAsked = Signal(QPoint, object)

    def __init__(self, state: LabState, pictures: OwnPictures, asking: Asking) -> None:
        super().__init__()
        self._state, self._pictures, self._asking = state, pictures, asking
        self.rows: list[OwnRow] = []
        self._shown: Held = ()
        self.setObjectName("lab.own.rows")
        self.setAccessibleName(self.tr("Predictions of your pictures"))
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(HEIGHT + GAP)
        self.hide()
        pictures.changed.connect(self.show_pictures)
        state.taskChanged.connect(self.show_pictures)
        asking.changed.connect(self.show_verdicts)
        theme.current().follow(self._show_images)

    @property
    def needed(self) -> int:
        """The height of all rows."""
        return len(self.rows) * (HEIGHT + GAP)

    # --- showing -----------------------------------------------------------------------------

    @Slot()
    def show_pictures(self) -> None:
        if not type_names.is_a(self._state.task, PICTURES):
            return
        shown = self._asking.asked
        if shown != self._shown:
            before, self._shown = self._shown, shown
            at = self.verticalScrollBar().value()
            self._rebuild()
            self._scroll(at, before)
        self.show_verdicts()

    @Slot()
    def show_verdicts(self) -> None:
        task: Any = self._state.task
        if not type_names.is_a(task, PICTURES):
            return
        classes = _classes(task) if self.rows else []
        for own, row in zip(self._shown, self.rows, strict=True):
            row.show_verdict(self._verdict(own, classes))
        self.judged.emit()

    def _verdict(self, own: Own, classes: list[tuple[str, str]]) -> Verdict:
        labels, titles = zip(*classes, strict=True)
        before = self._asking.before(own)
        return Verdict(
            titles,
            self._asking.chances(own),
            labels.index(own.label) if own.label in labels else None,
            best(before)[0] if before else None,
        )

    @Slot()
    def _show_images(self) -> None:
        for own, row in zip(self._shown, self.rows, strict=True):
            row.show_image(paint.picture(own.pixels, own.style))

    def _rebuild(self) -> None:
        """The focus stays at its place."""
        focused = next((place for place, row in enumerate(self.rows) if row.hasFocus()), None)
        body = QWidget()
        body.setProperty("page", True)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.setSpacing(GAP)
        self.rows = [OwnRow(place, own.name, body) for place, own in enumerate(self._shown)]
        for row in self.rows:
            row.menuRequested.connect(self._on_menu)
            row.removeRequested.connect(self._on_remove)
            layout.addWidget(row)
        layout.addStretch(1)
        self._put(body)
        self._show_images()
        if focused is not None and self.rows:
            self.rows[min(focused, len(self.rows) - 1)].setFocus()
        self.setVisible(bool(self.rows))
        self.resized.emit()

    def _scroll(self, at: int, before: Held) -> None:
        """As it was; but to the first picture that is new, as one is with every stroke."""
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self.verticalScrollBar().setValue(at)
        new = (row for own, row in zip(self._shown, self.rows, strict=True) if own not in before)
        row = next(new, None)
        if row is not None:
            self.ensureWidgetVisible(row, 0, 0)

    def _put(self, body: QWidget) -> None:
        """What was there goes later: the click that led here may come from one of its rows."""
        outdated = self.takeWidget()
        if outdated is not None:
            outdated.setParent(self)
            outdated.hide()
            outdated.deleteLater()
        self.setWidget(body)

    def sheet(self) -> Sheet | None:
        verdicts = [row.verdict for row in self.rows]
        if not any(verdict.chances for verdict in verdicts):
            return None
        note = self.tr("Step {0}").format(self._state.cursor)
        return sheet(self.accessibleName(), note, self._shown, verdicts)

    # --- doing -------------------------------------------------------------------------------

    @Slot(QPoint)
    def _on_menu(self, at: QPoint) -> None:
        row, task = self.sender(), self._state.task
        if not isinstance(row, OwnRow) or row not in self.rows or task is None:
            return
        own = self._shown[self.rows.index(row)]
        menu = OwnMenu(self._pictures, own, self._shown, _classes(task), self)
        menu.draw.triggered.connect(lambda: self.drawAsked.emit(at, own))
        menu.popup(at)

    @Slot()
    def _on_remove(self) -> None:
        row = self.sender()
        if isinstance(row, OwnRow) and row in self.rows:
            self._pictures.remove((self._shown[self.rows.index(row)],))


def _classes(task: Any) -> list[tuple[str, str]]:
    """Of each the title in the data, and the name that is shown."""
    return [(task.data_title(way), task.class_title(way)) for way in range(len(task.classes))]
