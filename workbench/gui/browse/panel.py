"""Data and tasks: choose a family, look through its classes, and see a sampled episode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from workbench.core.errors import BadInput, Missing
from workbench.core.findings import Finding, found_in
from workbench.gui.browse.class_view import ClassView
from workbench.gui.browse.episode_view import EpisodeView
from workbench.gui.browse.family_tree import FamilyTree
from workbench.gui.lab import face
from workbench.gui.lab.seed_box import SeedBox
from workbench.gui.style import counts, theme
from workbench.gui.style.widgets import column, hairline, label, plain
from workbench.gui.takeaway.menu import TakeAwayButton

if TYPE_CHECKING:
    from workbench.core.episode import Batch, Episode
    from workbench.gui.state.workspace import Workspace

SEED_WIDTH = 72
SHOWN_NOTES = 3


class TasksPanel(QWidget):
    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.setObjectName("panel.tasks")
        self.setAccessibleName(self.tr("Data and tasks"))
        self.tree = FamilyTree(workspace)
        self.classes = ClassView()
        self.episode = EpisodeView()
        self.dice = QToolButton()
        self.seed = SeedBox(workspace.in_view, "tasks.seed", SEED_WIDTH)
        self.split = QComboBox()
        self.progress = QProgressBar()
        self.message = label("", "small", wrap=True)
        self.leak = label("", "small")
        self.findings = label("", "warning", wrap=True)
        self.notes = label("", "small", wrap=True)
        self._episode_title = label("", "heading")
        self.away = TakeAwayButton(self.episode.sheet, "tasks.episode", self.episode)
        self._name_parts()
        self._lay_out()
        self._connect()
        self._show_family()

    # --- building ----------------------------------------------------------------------------

    def _name_parts(self) -> None:
        theme.current().set_icon(self.dice, "dice")
        named: tuple[tuple[QWidget, str, str, str], ...] = (
            (self.dice, "tasks.dice", self.tr("Sample another episode"), ""),
            (self.split, "tasks.split", self.tr("Split of the episode"),
             self.tr("Which classes the episode is drawn from")),
            (self.progress, "tasks.progress", self.tr("Preparation of the data"), ""),
            (self.message, "tasks.message", self.tr("State of the data"), ""),
            (self.leak, "tasks.leak", self.tr("Leak check"),
             self.tr("No support item may stand among the query items")),
            (self.findings, "tasks.findings", self.tr("What is worth knowing of the data"), ""),
            (self.notes, "tasks.notes", self.tr("Notes about the data"), ""),
        )  # fmt: skip
        for widget, name, title, tip in named:
            widget.setObjectName(name)
            widget.setAccessibleName(title)
            widget.setToolTip(tip or title)

    def _lay_out(self) -> None:
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        titles = (self.tr("Train"), self.tr("Validation"), self.tr("Test"))
        for name, title in zip(("train", "val", "test"), titles, strict=True):
            self.split.addItem(title, name)
        self.split.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.tree)
        splitter.addWidget(self.classes)
        splitter.addWidget(self._episode_box())
        splitter.setSizes([260, 130, 330])
        self._splitter = splitter
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self.progress)
        layout.addWidget(self.message)
        layout.addWidget(splitter, 1)

    def _episode_box(self) -> QWidget:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.split, 1)
        row.addWidget(label(self.tr("Seed"), "small"))
        row.addWidget(self.seed)
        row.addWidget(self.dice)
        head = QHBoxLayout()
        head.addWidget(self._episode_title, 1)
        head.addWidget(self.away)
        box = column(hairline(), spacing=6)
        layout = box.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addLayout(head)
        layout.addLayout(row)
        layout.addWidget(self.episode, 1)
        layout.addWidget(self.leak)
        layout.addWidget(self.findings)
        layout.addWidget(self.notes)
        return box

    def _connect(self) -> None:
        workspace = self._workspace
        workspace.data.changed.connect(self._show_family)
        workspace.in_view.changed.connect(self._show_task)
        workspace.preparing.connect(self._show_progress)
        workspace.troubles.said.connect(self._show_trouble)
        workspace.troubles.over.connect(self._end_trouble)
        self.tree.classSelected.connect(self._show_class)
        self.tree.splitSelected.connect(self._choose_split)
        self.dice.clicked.connect(self._roll)
        self.split.activated.connect(self._on_split)
        theme.current().follow(self._show_leak)

    # --- showing -----------------------------------------------------------------------------

    @Slot()
    def _show_family(self) -> None:
        family = self._workspace.data.family
        ready = family is not None
        for widget in (self.dice, self.split):
            widget.setEnabled(ready)
        self.classes.hide()
        if ready:
            self._say("", "small")
            self.progress.hide()
        elif not self._workspace.ready:
            self._say(self.tr("Loading…"), "small")
        notes = family.notes() if family is not None else ()
        self._show_lines(self.findings, found_in(notes))
        self._show_lines(self.notes, [note for note in notes if not isinstance(note, Finding)])
        self._show_task()

    def _show_lines(self, shown: QLabel, lines: Sequence[str]) -> None:
        """The first few; more of them in the tooltip."""
        shown.setVisible(bool(lines))
        rest = len(lines) - SHOWN_NOTES
        told = list(lines[:SHOWN_NOTES])
        if rest > 0:
            told.append(self.tr("and {0} more").format(rest))
        shown.setText("\n".join(told))
        shown.setToolTip(plain("\n".join(lines[:40])) or shown.accessibleName())

    @Slot()
    def _show_task(self) -> None:
        workspace = self._workspace
        task, family = workspace.in_view.task, workspace.data.family
        self._episode = task.episode() if task is not None and family is not None else None
        self._episode_title.setText(self._title(task) if task is not None else self.tr("Episode"))
        self._episode_title.setToolTip(plain(task.title) if task is not None else "")
        self.episode.show_task(task, self._episode)
        self.away.setVisible(hasattr(self.episode.sight, "sheet"))
        self.split.setCurrentIndex(self.split.findData(workspace.in_view.split))
        self._show_leak()

    def _title(self, task: Any) -> str:
        return self.tr("Episode") if task is None else face.of(task).heading(task)

    @Slot()
    def _show_leak(self) -> None:
        family = self._workspace.data.family
        checked = self._episode is not None and family is not None and not family.spec.collected
        self.leak.setVisible(checked)
        if self._episode is None or not checked:
            return
        shared = overlap(self._episode)
        token = "danger" if shared else "good"
        text = self.tr("support ∩ query = ∅  ✓")
        if shared:
            text = self.tr("in support and query: {0}").format(counts.items(shared))
        self.leak.setText(text)
        self.leak.setStyleSheet(f"color: {theme.current().tokens[token]}")

    @Slot(str, float)
    def _show_progress(self, message: str, fraction: float) -> None:
        busy = self._workspace.data.family is None and bool(message)
        self.progress.setVisible(busy)
        self.progress.setValue(round(1000 * fraction))
        if busy:
            self._say(message, "small")

    @Slot(object)
    def _show_trouble(self, problem: object) -> None:
        if self._workspace.data.family is None and isinstance(problem, BadInput):
            self.progress.hide()
            told = self.tr("The data cannot be used")
            self._say("" if isinstance(problem, Missing) else told, "error")

    @Slot(object)
    def _end_trouble(self, problem: object) -> None:
        if self.message.property("role") == "error":
            self._say("", "small")

    def _say(self, text: str, role: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.message.setProperty("role", role)
        self.message.style().polish(self.message)

    @Slot(str, object)
    def _show_class(self, _split: str, info: Any) -> None:
        self.classes.show_class(self._workspace.data.family, self._workspace.in_view.task, info)

    # --- doing -------------------------------------------------------------------------------

    @Slot()
    def _roll(self) -> None:
        self._workspace.in_view.resample()

    @Slot()
    def _on_split(self) -> None:
        self._choose_split(self.split.currentData())

    @Slot(str)
    def _choose_split(self, split: Any) -> None:
        view = self._workspace.in_view
        if split != view.split:
            view.resample(seed=view.seed, split=split)


def overlap(episode: Episode) -> int:
    """Items of the support set that stand in the query set as well."""
    query = set(_items(episode.query))
    return sum(item in query for item in _items(episode.support))


def _items(batch: Batch) -> Iterator[bytes]:
    """What tells one from another: an input, and where that has values and no class, those too.

    Two measurements at one place are two; a picture under two classes is one.
    """
    values = batch.y.dim() > 1
    for x, y in zip(batch.x, batch.y, strict=True):
        yield x.numpy().tobytes() + (y.numpy().tobytes() if values else b"")
