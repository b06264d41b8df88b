"""One picture of one's own: what it is taken for, and whether that is right where it is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from workbench.gui.kinds.pictures.cards import best
from workbench.gui.style import paint, theme
from workbench.gui.style.images import paint_image
from workbench.gui.style.widgets import plain

HEIGHT, SIDE, MARK = 52, 46, 30
"""Pixels of a row, of its picture, and of the verdict at its end."""
LINE, MOST = 15, 3
"""Pixels of a class, and how many of the likeliest are shown."""
PERCENT, NARROW = 36, 100
"""Pixels of the number of a class, which is left out where less is left for bar and number."""
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Verdict(NamedTuple):
    """``chances`` of each of the ``titles``, empty where nothing is known; ``truth`` if it is."""

    titles: Sequence[str] = ()
    chances: Sequence[float] = ()
    truth: int | None = None
    before: int | None = None
    """The likeliest class before adapting."""

    @property
    def predicted(self) -> int | None:
        return best(list(self.chances))[0] if self.chances else None

    @property
    def right(self) -> bool | None:
        """None where nothing is predicted, or no class given."""
        known = self.predicted is not None and self.truth is not None
        return self.predicted == self.truth if known else None

    @property
    def flipped(self) -> bool:
        return None not in (self.before, self.predicted) and self.before != self.predicted

    @property
    def likeliest(self) -> list[int]:
        order = sorted(range(len(self.chances)), key=lambda way: -self.chances[way])
        return [] if self.predicted is None else order[:MOST]


class OwnRow(QAbstractButton):
    """A click, or the menu key, opens what can be done with it; Delete removes it."""

    menuRequested = Signal(QPoint)
    removeRequested = Signal()

    def __init__(self, index: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"lab.own.{index}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name, self.image, self.verdict = name, QImage(), Verdict()
        self.clicked.connect(self._on_clicked)
        self._describe()

    def sizeHint(self) -> QSize:
        return QSize(180, HEIGHT)

    def show_image(self, image: QImage) -> None:
        self.image = image
        self.update()

    def show_verdict(self, verdict: Verdict) -> None:
        if verdict != self.verdict:
            self.verdict = verdict
            self._describe()
            self.update()

    def _describe(self) -> None:
        verdict = self.verdict
        name = self.tr("Your picture {0}").format(plain(self._name))
        self.setAccessibleName(f"{name}: {self._told()}")
        lines = [f"{name}: {self._told()}"]
        lines += [
            f"{paint.letter(way)}  {plain(title)}: {100 * chance:.1f} %"
            for way, (title, chance) in enumerate(
                zip(verdict.titles, verdict.chances, strict=False)
            )
        ]
        lines.append(self.tr("Click to say what it is, or to remove it"))
        self.setToolTip("\n".join(lines))

    def _told(self) -> str:
        verdict = self.verdict
        if verdict.predicted is None:
            return self.tr("not predicted")
        letter = paint.letter(verdict.predicted)
        percent = f"{100 * verdict.chances[verdict.predicted]:.0f}"
        text = self.tr("predicted {0} with {1} %").format(letter, percent)
        if verdict.truth is not None:
            text += ", " + (self.tr("right") if verdict.right else self.tr("wrong"))
        return text + (self.tr(", changed since step 0") if verdict.flipped else "")

    # --- Qt ----------------------------------------------------------------------------------

    def key_help(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.tr("A picture of your own"), (
            (self.tr("Say what it is"), "Space, Return"),
            (self.tr("Remove it"), "Del"),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Delete:
            self.removeRequested.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menuRequested.emit(event.globalPos())

    def _on_clicked(self) -> None:
        self.menuRequested.emit(self.mapToGlobal(QPoint(SIDE, HEIGHT - 4)))

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, painter = paint.colors(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QPen(colors.accent, 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(colors.accent_soft)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        frame = QRectF(3, 3, SIDE, SIDE)
        painter.setPen(QPen(self._tone, 1.5))
        painter.setBrush(colors.paper)
        painter.drawRoundedRect(frame, 5, 5)
        paint_image(painter, frame.adjusted(3, 3, -3, -3), self.image)
        painter.setFont(paint.small_font(self.font()))
        for line, way in enumerate(self.verdict.likeliest):
            box = QRectF(SIDE + 11, 4 + line * LINE, self.width() - SIDE - MARK - 15, LINE)
            self._paint_class(painter, box, way)
        self._paint_mark(painter, QRectF(self.width() - MARK, 3, MARK - 5, SIDE))

    @property
    def _tone(self) -> QColor:
        colors = paint.colors()
        return {None: colors.border, True: colors.good, False: colors.bad}[self.verdict.right]

    def _paint_class(self, painter: QPainter, box: QRectF, way: int) -> None:
        """A bar as long as the probability behind letter and name, and the number."""
        verdict, chance, colors = self.verdict, self.verdict.chances[way], paint.colors()
        likeliest = way == verdict.predicted
        number = PERCENT if box.width() >= NARROW else 0
        bar = box.adjusted(0, 1, -number, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("track"))
        painter.drawRoundedRect(bar, 3, 3)
        filled = QRectF(bar)
        filled.setWidth(bar.width() * min(max(chance, 0.0), 1.0))
        painter.setBrush(paint.blend(colors.paper, colors.accent, 0.4 if likeliest else 0.2))
        painter.drawRoundedRect(filled, min(3.0, filled.width() / 2), 3)
        painter.setPen(colors.text if likeliest else colors.muted)
        name = f"{paint.letter(way)}  {verdict.titles[way]}"
        room = int(bar.width()) - 8
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(bar.adjusted(5, 0, -3, 0), LEFT, shown)
        if number:
            painter.drawText(box, RIGHT, f"{100 * chance:.0f} %")

    def _paint_mark(self, painter: QPainter, box: QRectF) -> None:
        """The class given, with ✓ or ✗; a question mark where none is."""
        truth, center = self.verdict.truth, Qt.AlignmentFlag.AlignCenter
        if truth is None:
            painter.setPen(paint.colors().muted)
            painter.drawText(box, center, "?")
            return
        mark = {None: "", True: " ✓", False: " ✗"}[self.verdict.right]
        painter.setPen(paint.colors().text if not mark else self._tone)
        painter.drawText(box, center, f"{paint.letter(truth)}{mark}")
