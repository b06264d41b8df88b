"""What a method shows that adapts in a closed form: one result, and which classes it gets right."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.lab.state import LabState
from workbench.gui.state import methods
from workbench.gui.style import paint, words
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.drawing import Drawing, Drawn
from workbench.gui.takeaway.menu import TakeAwayButton
from workbench.gui.takeaway.sheet import Sheet, Table

ROW = 24
LETTER, COUNT = 20, 52
RIGHT = Qt.AlignmentFlag.AlignRight


class OneStep(QWidget):
    """Stands in place of curves and scrubber: there are no steps to walk through."""

    def __init__(self, state: LabState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.setObjectName("lab.oneStep")
        self.setAccessibleName(self.tr("Result in one step"))
        self.figure = label("–", "figure")
        self.figure.setObjectName("lab.oneStep.figure")
        self._meaning = label("", "small", wrap=True)
        self.losses = label("", "muted", wrap=True)
        self.losses.setObjectName("lab.oneStep.losses")
        self.classes = ClassBars()
        self._why = label("", "small", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(4)
        for part in (self.figure, self._meaning, self.losses):
            layout.addWidget(part)
        layout.addWidget(TakeAwayButton(self.sheet, "lab.oneStep", self.classes), 0, RIGHT)
        layout.addWidget(self.classes)
        layout.addWidget(self._why)
        layout.addStretch(1)
        state.stepsChanged.connect(state.turns.take(self.refresh))
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        step, spec, learner = self._state.current, self._state.spec, self._state.learner
        if step is None or spec is None or learner is None or self._state.stepwise:
            return
        self.figure.setText(words.metric_text(spec.metric, step.query_metric))
        meaning = self.tr("{metric} on the query set").format(
            metric=words.metric_title(spec.metric)
        )
        if spec.chance is not None:
            meaning += self.tr("; chance is {0} %").format(f"{100 * spec.chance:.0f}")
        self._meaning.setText(meaning)
        if not step.judged:
            self.figure.setText(self.tr("not judged"))
            self._meaning.setText(self.tr("No curve is known of these points"))
        losses = self.tr("Loss: query {0}, support by itself {1}")
        numbers = (words.short(step.query_loss), words.short(step.support_loss))
        self.losses.setText(losses.format(*numbers))
        why = self.tr("{0} compares items in one go. It has no inner steps to walk through.")
        self._why.setText(why.format(methods.title(learner.config)))
        self._show_classes(spec.outputs if spec.chance is not None else 0)

    def sheet(self) -> Sheet | None:
        counts = self.classes.counts
        if not counts or self.classes.isHidden():
            return None
        rows = [(paint.letter(way), *count) for way, count in enumerate(counts)]
        table = Table(("class", "predicted right", "query items"), rows)
        said = (self.figure.text(), self._meaning.text(), self.losses.text(), self._why.text())
        notes = (f"{said[0]} {said[1]}", *said[2:])
        return Sheet("classes", self.classes.accessibleName(), Drawn(self.classes), table, notes)

    def _show_classes(self, ways: int) -> None:
        """How many query items of each class are predicted right."""
        step, episode = self._state.current, self._state.episode
        assert step is not None and episode is not None
        self.classes.setVisible(ways > 0)
        if ways and len(step.query_outputs) == len(episode.query.y):
            truth = episode.query.y
            right = step.query_outputs.argmax(-1) == truth
            self.classes.show_counts(
                [(int(right[truth == way].sum()), int((truth == way).sum())) for way in range(ways)]
            )


class ClassBars(Drawing, QWidget):
    """One bar a class: right ones out of all."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: list[tuple[int, int]] = []
        self.setObjectName("lab.oneStep.classes")
        self.setAccessibleName(self.tr("Query items predicted right, by class"))
        self.setToolTip(self.accessibleName())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, counts: list[tuple[int, int]]) -> None:
        self.counts = counts
        self.setAccessibleDescription(
            ", ".join(f"{paint.letter(way)} {c[0]}/{c[1]}" for way, c in enumerate(counts))
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, self.needs(160))

    def needs(self, width: int) -> int:
        return ROW * len(self.counts)

    def draw(self, painter: QPainter) -> None:
        colors = paint.colors()
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        for way, (good, total) in enumerate(self.counts):
            row = QRectF(0, way * ROW, self.room.width(), ROW)
            painter.setPen(colors.text)
            painter.drawText(row, middle, paint.letter(way))
            painter.drawText(row, middle | right, self.tr("{0} of {1}").format(good, total))
            bar = row.adjusted(LETTER, ROW / 2 - 3, -COUNT, 3 - ROW / 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.border)
            painter.drawRoundedRect(bar, 3, 3)
            painter.setBrush(colors.accent)
            bar.setWidth(bar.width() * good / max(total, 1))
            painter.drawRoundedRect(bar, 3, 3)
