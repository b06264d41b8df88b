"""Learned step sizes: how they are spread over every tensor, and which of them are negative."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.lab.state import LabState
from workbench.gui.lab.views import tables
from workbench.gui.lab.views.rate_numbers import RateSummary, TensorRates, summarise
from workbench.gui.lab.views.view import View
from workbench.gui.style import paint, words
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.drawing import Drawing, Drawn
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.experiments.session import Learner

CELL = QSize(150, 54)
GAP = 12
HEAD, FOOT = 18, 4
BUTTON = 30
"""Room of the button beside the sentence."""


class RatesView(View):
    """A sentence, and one small histogram a tensor, all on one scale."""

    name = "rates"

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(state, parent)
        self._shown: Learner | None = None
        self._job: Job | None = None
        self.setAccessibleName(self.tr("Learned step sizes"))
        self.sentence = label("", "small", wrap=True)
        self.sentence.setObjectName("lab.rates.sentence")
        self.grid = RateGrid()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(self.sentence, 1)
        button = TakeAwayButton(self.sheet, "lab.rates", self.grid)
        head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(head)
        layout.addWidget(self.grid, 1)
        state.stepsChanged.connect(state.turns.take(self.refresh))

    def title(self) -> str:
        return self.tr("Rates")

    def tip(self) -> str:
        return self.tr("The step sizes that this method learned, layer by layer")

    def sheet(self) -> Sheet | None:
        summary = self.grid.summary
        if not summary.tensors:
            return None
        notes = (self.sentence.text(),)
        table = tables.rates(summary)
        return Sheet("rates", self.accessibleName(), Drawn(self.grid), table, notes)

    def offered(self) -> bool:
        """Whether the learner looked at has step sizes of its own."""
        learner = self._state.learner
        return learner is not None and bool(learner.algorithm.learned_rates(learner.weights))

    def needed(self, width: int) -> int:
        """The height for everything there is to see."""
        above = max(self.sentence.heightForWidth(width - BUTTON), BUTTON)
        return above + 6 + self.grid.needs(width)

    @Slot()
    def refresh(self) -> None:
        """Count on a thread, and only what is looked at."""
        learner = self._state.learner
        if not self.isVisible() or learner is None or learner is self._shown or not self.offered():
            return
        if self._job is not None:
            self._job.cancel()
        self._shown = learner

        def work(report: Report) -> RateSummary:
            return summarise(learner)

        self._job = Job(work, self._show, self._state.failed.emit, parent=self)

    def _show(self, summary: RateSummary) -> None:
        self._job = None
        self.grid.show_summary(summary)
        self.sentence.setText(_in_words(self, summary))
        self.changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()


class RateGrid(Drawing, QWidget):
    """The histograms in as many columns as fit."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("lab.rates.grid")
        self.setAccessibleName(self.tr("Histograms of step sizes"))
        self.summary = RateSummary((), 0.0, 0.0)

    def show_summary(self, summary: RateSummary) -> None:
        self.summary = summary
        self.setAccessibleDescription(
            ", ".join(f"{t.name} {t.negative}/{t.count} < 0" for t in summary.tensors)
        )
        self.update()

    def needs(self, width: int) -> int:
        rows = -(-len(self.summary.tensors) // self._columns(width))
        return rows * (CELL.height() + GAP)

    def _columns(self, width: int) -> int:
        return max((width + GAP) // (CELL.width() + GAP), 1)

    def draw(self, painter: QPainter) -> None:
        painter.setFont(paint.small_font(self.font()))
        columns = self._columns(int(self.room.width()))
        width = (self.room.width() + GAP) / columns - GAP
        for number, tensor in enumerate(self.summary.tensors):
            row, column = divmod(number, columns)
            corner = column * (width + GAP), row * (CELL.height() + GAP)
            self._paint_tensor(painter, QRectF(*corner, width, CELL.height()), tensor)

    def _paint_tensor(self, painter: QPainter, box: QRectF, tensor: TensorRates) -> None:
        colors = paint.colors()
        share = f"{100 * tensor.negative / tensor.count:.0f} % < 0" if tensor.negative else ""
        metrics = painter.fontMetrics()
        room = int(box.width()) - metrics.horizontalAdvance(share) - 8
        head = QRectF(box.left(), box.top(), box.width(), HEAD)
        name = metrics.elidedText(tensor.name, Qt.TextElideMode.ElideMiddle, room)
        painter.setPen(colors.muted)
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(colors.support)
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, share)
        plot = box.adjusted(0, HEAD, 0, -FOOT)
        painter.setPen(Qt.PenStyle.NoPen)
        if tensor.by_step:
            self._paint_steps(painter, plot, tensor.by_step)
        else:
            self._paint_counts(painter, plot, tensor.counts)

    def _paint_counts(self, painter: QPainter, box: QRectF, counts: tuple[int, ...]) -> None:
        """A histogram; what lies left of zero in another colour, zero as an upright line."""
        summary, colors = self.summary, paint.colors()
        width, tallest = box.width() / len(counts), max(counts) or 1
        zero = -summary.low / (summary.high - summary.low) * len(counts)
        for place, count in enumerate(counts):
            height = box.height() * count / tallest
            left = box.left() + place * width
            bar = QRectF(left, box.bottom() - height, max(width - 0.5, 0.5), height)
            painter.fillRect(bar, colors.support if place + 0.5 < zero else colors.accent)
        painter.fillRect(QRectF(box.left(), box.bottom(), box.width(), 1), colors.border)
        painter.fillRect(
            QRectF(box.left() + zero * width, box.top(), 1, box.height()), colors.muted
        )

    def _paint_steps(self, painter: QPainter, box: QRectF, rates: tuple[float, ...]) -> None:
        """One bar an inner step, up or down from zero."""
        summary, colors = self.summary, paint.colors()
        width = box.width() / len(rates)
        unit = box.height() / (summary.high - summary.low)
        zero = box.bottom() + summary.low * unit
        for place, rate in enumerate(rates):
            color: QColor = colors.support if rate < 0 else colors.accent
            left, inner = box.left() + place * width, min(width - 2, 18)
            top, height = zero - max(rate, 0.0) * unit, abs(rate) * unit
            painter.fillRect(QRectF(left + (width - inner) / 2, top, inner, height), color)
        painter.fillRect(QRectF(box.left(), zero, box.width(), 1), colors.muted)


def _in_words(view: QWidget, summary: RateSummary) -> str:
    """How many are negative, what that means, and the scale."""
    total = words.thousands(summary.count)
    text = view.tr("None of {n} step sizes is negative.").format(n=total)
    if summary.negative:
        share = f"{100 * summary.negative / summary.count:.1f}"
        text = view.tr("{share} % of {n} step sizes are negative: they step up the support loss.")
        text = text.format(share=share, n=total)
    scale = view.tr("All on one scale, {low} to {high}; the line is 0.")
    if any(tensor.by_step for tensor in summary.tensors):
        scale = view.tr("One bar an inner step, all on one scale, {low} to {high}.")
    return f"{text} {scale.format(low=f'{summary.low:.2g}', high=f'{summary.high:.2g}')}"
