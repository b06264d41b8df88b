"""The tool bar: transport buttons, and how far the run is."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QToolBar, QToolButton, QWidget

from workbench.gui.shell.actions import Actions
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import counts, theme, words
from workbench.gui.style.widgets import OneLine

STRIP = 400
"""Pixels kept for the progress before the less important buttons lose their words."""
BAR = (60, 160)

WORTH_SAYING = 1.0
"""Seconds of an evaluation from which on it is said to go on; shorter ones would flicker."""


class Transport(QToolBar):
    def __init__(self, workspace: Workspace, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar.transport")
        self.setWindowTitle(self.tr("Transport"))
        self.setAccessibleName(self.tr("Transport"))
        self.setMovable(False)
        self.setIconSize(QSize(18, 18))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for action in (actions.start, actions.queue, actions.pause):
            self.addAction(action)
        for action in (actions.step_outer, actions.step_inner, actions.stop):
            self.addAction(action)
        self.addSeparator()
        for action in (actions.resample, actions.undo, actions.redo):
            self.addAction(action)
        self._name_buttons(actions)
        lesser = (actions.step_outer, actions.step_inner, actions.resample)
        self._lesser = [b for b in map(self.widgetForAction, lesser) if isinstance(b, QToolButton)]
        self._strip = ProgressStrip(workspace, self)
        self.addWidget(self._strip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Progress and time left are worth more than words beside icons that have tooltips."""
        super().resizeEvent(event)
        style = Qt.ToolButtonStyle
        worded = self._buttons_width() + STRIP <= self.width()
        wanted = style.ToolButtonTextBesideIcon if worded else style.ToolButtonIconOnly
        for button in self._lesser:
            if button.toolButtonStyle() != wanted:
                button.setToolButtonStyle(wanted)

    def _buttons_width(self) -> int:
        """With all their words, whether or not they have them now."""
        gap = self.layout().spacing()  # type: ignore[union-attr]
        widths = [w.sizeHint().width() for w in map(self.widgetForAction, self.actions()[:-1])]
        bare = Qt.ToolButtonStyle.ToolButtonIconOnly
        lost = (
            self.fontMetrics().horizontalAdvance(button.text()) + 8
            for button in self._lesser
            if button.toolButtonStyle() == bare
        )
        return sum(widths) + gap * len(widths) + sum(lost)

    def _name_buttons(self, actions: Actions) -> None:
        start = self.widgetForAction(actions.start)
        start.setObjectName("buttonStart")
        theme.current().set_icon(actions.start, "play", "accentText")
        for action in self.actions():
            button = self.widgetForAction(action)
            if action.objectName():
                button.setAccessibleName(action.text())
                button.setObjectName(
                    button.objectName() or action.objectName().replace("action", "button")
                )
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            if action in (actions.queue, actions.undo, actions.redo) and isinstance(
                button, QToolButton
            ):
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)


class ProgressStrip(QWidget):
    """``412 / 2 000 · ETA 0:38 · best 82.1 % ★``, over a thin bar."""

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("progress")
        self.setAccessibleName(self.tr("Progress of the run"))
        self._workspace = workspace
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text = OneLine("", "muted")
        self._text.setObjectName("progress.text")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setMinimumWidth(BAR[0])
        self._bar.setMaximumWidth(BAR[1])
        self._bar.setObjectName("progress.bar")
        self._bar.setAccessibleName(self.tr("Progress"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.setSpacing(12)
        layout.addStretch(1)
        layout.addWidget(self._bar)
        layout.addWidget(self._text)
        workspace.history.told.connect(self._refresh)
        workspace.history.began.connect(self._refresh)
        workspace.training.stateChanged.connect(self._refresh)
        workspace.preparing.connect(self._on_preparing)
        workspace.catalogReady.connect(self._refresh)
        self._bar.hide()

    @Slot(str, float)
    def _on_preparing(self, message: str, fraction: float) -> None:
        if self._workspace.training.busy:
            return
        self._show_bar(fraction, message if fraction < 1 else "")

    @Slot()
    def _refresh(self) -> None:
        history = self._workspace.history
        if history.config is None:
            self._show_bar(1.0, "")
            return
        going = history.pace.evaluating
        if going is not None and going.split == "test" and self._workspace.training.busy:
            self._show_share(going.done, going.tasks, self.tr("Test tasks measured"))
        else:
            self._show_share(history.iteration, history.total, self.tr("Outer iterations done"))
        self._text.setText(" · ".join(self._parts()))

    def _parts(self) -> list[str]:
        """The most important first: what does not fit is cut at the end."""
        history, state = self._workspace.history, self._workspace.training.state
        going = history.pace.evaluating
        if state == "RUNNING" and going is not None and going.split == "test":
            text = self.tr("measuring on {n} test tasks, {time} left")
            left = _clock(history.pace.evaluation_left)
            return [text.format(n=words.thousands(going.tasks), time=left)]
        parts = [self.tr("measured as it is")]
        if history.total:
            parts = [f"{words.thousands(history.iteration)} / {words.thousands(history.total)}"]
        parts += self._time_left() if state == "RUNNING" else [self._state_text()]
        if history.best is not None and history.total:
            curve = history.best.curve
            value = words.metric_text(curve.metric, curve.after)
            parts.append(self.tr("best {value} ★").format(value=value))
        return [part for part in parts if part]

    def _time_left(self) -> list[str]:
        """Until when the run will last; and that it validates, where that takes its time."""
        history = self._workspace.history
        pace, going = history.pace, history.pace.evaluating
        if history.preparing is not None:
            return [self.tr("preparing the engine")]
        parts = [self.tr("ETA {time}").format(time=_clock(history.seconds_left))]
        if going is not None and not going.tasks * pace.task_seconds < WORTH_SAYING:
            parts.append(self.tr("validating on {0}").format(counts.tasks(going.tasks)))
        return parts

    def _show_share(self, done: int, total: int, tip: str) -> None:
        self._bar.setVisible(total > 0)
        self._fill(done, max(total, 1))
        self._bar.setToolTip(tip)

    def _fill(self, done: int, total: int) -> None:
        """Painted with the next frame: a new value alone would paint all the window at once."""
        self._bar.setUpdatesEnabled(False)
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._bar.setUpdatesEnabled(True)

    def _state_text(self) -> str:
        finished = self._workspace.history.finished
        if finished is not None:
            reasons = {
                "completed": self.tr("completed"),
                "stopped": self.tr("stopped, kept"),
                "diverged": self.tr("diverged"),
                "failed": self.tr("failed"),
            }
            return reasons[str(finished.reason)]
        texts = {
            "PAUSING": self.tr("pausing…"),
            "PAUSED": self.tr("paused"),
            "STOPPING": self.tr("stopping…"),
        }
        return texts.get(self._workspace.training.state, "")

    def _show_bar(self, fraction: float, message: str) -> None:
        self._bar.setVisible(bool(message))
        self._fill(int(1000 * fraction), 1000)
        self._text.setText(message)


def _clock(seconds: float) -> str:
    """``0:38``, or that nothing is known yet."""
    return words.duration(seconds) if math.isfinite(seconds) else "…"
