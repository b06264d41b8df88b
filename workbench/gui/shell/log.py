"""What happened and when: the program's log and the run's milestones."""

from __future__ import annotations

import html
import logging
import queue
from collections import deque
from datetime import datetime
from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.state.workspace import Workspace
from workbench.gui.style import theme, words
from workbench.gui.style.levels import WISH, level_of
from workbench.gui.style.message_bar import sentence
from workbench.gui.style.widgets import label

KEPT = 5000
POLL_MS = 250
LEVELS = (logging.INFO, logging.WARNING, logging.ERROR)


class _Inbox(logging.Handler):
    """Takes records on any thread; the panel reads them on its own."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.records: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()

    def emit(self, record: logging.LogRecord) -> None:
        self.records.put(record)


class LogPanel(QWidget):
    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel.log")
        self.setAccessibleName(self.tr("Log"))
        self._workspace = workspace
        self._entries: deque[tuple[datetime, int, str]] = deque(maxlen=KEPT)
        self.bar = QWidget(self)
        """The controls; the window puts them into the title of the dock."""
        self._view = QPlainTextEdit(self)
        self._level = QComboBox(self)
        self._filter = QLineEdit(self)
        self._copy = QPushButton(self.tr("Copy"), self)
        self._name_widgets()
        self._lay_out()
        self._inbox = _Inbox()
        logging.getLogger("workbench").addHandler(self._inbox)
        logging.getLogger("workbench").setLevel(logging.INFO)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._poll)
        self._timer.start(POLL_MS)
        self._connect()

    def close_log(self) -> None:
        """Hear no more; the window closes."""
        self._timer.stop()
        logging.getLogger("workbench").removeHandler(self._inbox)

    def add(self, level: int, text: str) -> None:
        entry = (datetime.now(), level, text)
        self._entries.append(entry)
        self._show([entry])

    def _name_widgets(self) -> None:
        self._view.setReadOnly(True)
        self._view.setMaximumBlockCount(KEPT)
        self._view.setMinimumHeight(34)
        self._view.setObjectName("log.text")
        self._view.setAccessibleName(self.tr("Log entries"))
        self._view.setToolTip(self.tr("Newest last"))
        self._view.setStyleSheet("border: none; font-size: 12px;")
        titles = (self.tr("All"), self.tr("Warnings"), self.tr("Errors"))
        for level, text in zip(LEVELS, titles, strict=True):
            self._level.addItem(text, level)
        self._level.setObjectName("log.level")
        self._level.setAccessibleName(self.tr("Least level shown"))
        self._level.setToolTip(self.tr("Show all entries, or only warnings and errors"))
        self._filter.setObjectName("log.filter")
        self._filter.setAccessibleName(self.tr("Filter"))
        self._filter.setToolTip(self.tr("Show entries that contain this"))
        self._filter.setPlaceholderText(self.tr("Filter"))
        self._filter.setClearButtonEnabled(True)
        self._copy.setObjectName("log.copy")
        self._copy.setAccessibleName(self.tr("Copy the entries shown"))
        self._copy.setToolTip(self.tr("Copy the entries shown"))
        self._copy.setProperty("flat", True)
        theme.current().set_icon(self._copy, "copy", "muted")

    def _lay_out(self) -> None:
        bar = QHBoxLayout(self.bar)
        bar.setContentsMargins(4, 2, 2, 4)
        bar.setSpacing(8)
        bar.addWidget(label(self.tr("Log"), "heading"))
        bar.addSpacing(8)
        bar.addWidget(self._level)
        bar.addWidget(self._filter, 1)
        bar.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._view, 1)

    def _connect(self) -> None:
        self._level.activated.connect(self._refresh)
        self._filter.textChanged.connect(self._refresh)
        self._copy.clicked.connect(self._on_copy)
        theme.current().follow(self._refresh)
        self._workspace.history.told.connect(self._on_events)
        self._workspace.training.started.connect(self._on_started)
        self._workspace.troubles.said.connect(self._on_trouble)

    @Slot()
    def _poll(self) -> None:
        while not self._inbox.records.empty():
            record = self._inbox.records.get()
            self.add(record.levelno, record.getMessage())

    @Slot()
    def _on_started(self) -> None:
        path = self._workspace.training.path
        if path is not None:
            self.add(logging.INFO, self.tr("Run {name} started").format(name=path.name))

    @Slot(object)
    def _on_trouble(self, trouble: object) -> None:
        self.add(logging.INFO if level_of(trouble) is WISH else logging.WARNING, sentence(trouble))

    @Slot(list)
    def _on_events(self, events: list[Any]) -> None:
        from workbench.core import events as kinds

        for event in events:
            if isinstance(event, kinds.Preparing):
                self.add(logging.INFO, event.message)
            elif isinstance(event, (kinds.Halted, kinds.Noticed)):
                self.add(logging.WARNING, event.message)
            elif isinstance(event, kinds.Evaluated):
                self.add(logging.INFO, self._evaluation_text(event))
            elif isinstance(event, kinds.CheckpointSaved):
                text = self.tr("Checkpoint saved at iteration {n}")
                self.add(logging.INFO, text.format(n=event.iteration))
            elif isinstance(event, kinds.Finished):
                level = logging.ERROR if event.error else logging.INFO
                text = self.tr("Run ended: {reason}").format(reason=event.reason)
                self.add(level, f"{text}. {event.error}" if event.error else text)

    def _evaluation_text(self, event: Any) -> str:
        curve = event.curve
        last = curve.measure(-1)
        value = words.measure_text(curve.metric, last)
        if len(curve.mean) > 1:
            value = f"{words.metric_text(curve.metric, curve.before)} → {value}"
        if median := words.median_text(curve.metric, last):
            value = f"{value}, {median}"
        mode = words.protocol(curve.transductive, curve.seen_classes)
        text = self.tr("{split} at iteration {n}: {metric} {value}, {mode}{star}")
        return text.format(
            split=curve.split, n=event.iteration, metric=curve.metric, value=value,
            star=" ★" if event.best else "", mode=mode,
        )  # fmt: skip

    @Slot()
    def _refresh(self) -> None:
        self._view.clear()
        self._show(list(self._entries))

    def _show(self, entries: list[tuple[datetime, int, str]]) -> None:
        least, wanted = self._level.currentData(), self._filter.text().lower()
        for when, level, text in entries:
            if level >= least and wanted in text.lower():
                self._view.appendHtml(_as_html(when, level, text))

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._view.toPlainText())


def _as_html(when: datetime, level: int, text: str) -> str:
    tokens = theme.current().tokens
    color = tokens["danger" if level >= logging.ERROR else "warning"]
    body = html.escape(text)
    if level >= logging.WARNING:
        body = f"<span style='color:{color}'>{body}</span>"
    return f"<span style='color:{tokens['muted']}'>{when:%H:%M:%S}</span>&nbsp;&nbsp;{body}"
