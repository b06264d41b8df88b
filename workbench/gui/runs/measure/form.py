"""What to measure: on which data, how many tasks, by which protocol."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFormLayout, QHBoxLayout, QToolButton, QWidget

from workbench.core import entries
from workbench.core.errors import BadInput
from workbench.core.limits import MAX_STEPS
from workbench.gui.forms.editors import ChoiceEditor
from workbench.gui.forms.text_editor import TextEditor
from workbench.gui.style import theme, words

if TYPE_CHECKING:
    from workbench.experiments.config import ExperimentConfig
    from workbench.experiments.measuring import Question

OWN = ""
"""The choice of the run's own data."""
MOST = 1_000_000
LEAST_WAYS = 2


class QuestionForm(QWidget):
    """`changed` comes with every edit; ``iterations`` are those that checkpoints were kept of."""

    changed = Signal()

    def __init__(
        self, config: ExperimentConfig, iterations: Sequence[int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._config = config
        self.weights = self._choice("weights", self.tr("Weights"), self._kept(iterations))
        self.family = self._choice("family", self.tr("Data"), self._families())
        self.split = self._choice(
            "split",
            self.tr("Split"),
            (("test", self.tr("Test")), ("val", self.tr("Validation"))),
        )
        self.root = self._text("root", self.tr("Place"), self.tr("As recorded"))
        self.tasks = self._text("tasks", self.tr("Tasks"), "600")
        self.seed = self._text("seed", self.tr("Seed"), str(config.training.seed))
        self.steps = self._text("steps", self.tr("Steps"), self.tr("As usual"))
        self.ways = self._text("ways", self.tr("Ways"), str(getattr(config.task, "ways", "")))
        self.new_head = QCheckBox(self.tr("New head"), self)
        self.new_head.setObjectName("measure.newHead")
        self.new_head.setToolTip(
            self.tr("Start the head anew where it has outputs for another number of classes")
        )
        self.alone = QCheckBox(self.tr("One query item at a time"), self)
        self.alone.setObjectName("measure.alone")
        self.alone.setToolTip(
            self.tr("Predict each query item beside the support set alone: not transductive")
        )
        for box in (self.new_head, self.alone):
            box.clicked.connect(self.changed)
        self._lay_out()
        self._refresh()

    def question(self) -> Question:
        """What the fields say; raises `BadInput` naming the field."""
        from workbench.experiments.measuring import Question

        foreign = self.family.currentData() or None
        steps = self._config.takes_steps and self.steps.text().strip()
        ways = self.ways.text().strip()
        return Question(
            split="test" if foreign else self.split.currentData(),
            tasks=self._whole(self.tasks, 600, 2),
            seed=self._whole(self.seed, self._config.training.seed, 0),
            steps=self._whole(self.steps, 0, 0, MAX_STEPS) if steps else None,
            one_at_a_time=self.alone.isChecked(),
            family=foreign,
            root=Path(self.root.text().strip()) if self.root.text().strip() else None,
            ways=self._whole(self.ways, 0, LEAST_WAYS) if ways else None,
            new_head=bool(ways) and self.new_head.isChecked(),
            checkpoint=self.weights.currentData(),
        )

    def _kept(self, iterations: Sequence[int]) -> tuple[tuple[int | None, str], ...]:
        after = self.tr("After iteration {0}")
        kept = [(n, after.format(words.thousands(n))) for n in reversed(iterations)]
        return ((None, self.tr("Best on validation")), *kept)

    def _families(self) -> tuple[tuple[str, str], ...]:
        from workbench.core.registry import get
        from workbench.experiments.elsewhere import image_families

        own = get("task", self._config.task.name)
        choices = [(OWN, self.tr("{family}, its own data").format(family=own.title))]
        if self._config.task.name in image_families():
            choices += [(name, get("task", name).title) for name in image_families()]
        return tuple(choices)

    def _choice(self, name: str, title: str, choices: tuple[tuple[Any, str], ...]) -> ChoiceEditor:
        box = ChoiceEditor(self)
        box.setObjectName(f"measure.{name}")
        box.setAccessibleName(title)
        box.offer(choices)
        box.setCurrentIndex(0)
        box.edited.connect(self._refresh)
        return box

    def _text(self, name: str, title: str, usual: str) -> TextEditor:
        line = TextEditor(self)
        line.setObjectName(f"measure.{name}")
        line.setAccessibleName(title)
        line.setPlaceholderText(usual)
        line.edited.connect(self.changed)
        return line

    def _lay_out(self) -> None:
        self._browse = QToolButton(self)
        theme.current().set_icon(self._browse, "folder", "muted")
        self._browse.setToolTip(self.tr("Browse for a folder"))
        self._browse.setAccessibleName(self._browse.toolTip())
        self._browse.clicked.connect(self.browse)
        place = QWidget(self)
        row = QHBoxLayout(place)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.root, 1)
        row.addWidget(self._browse)
        form = self._form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(8)
        heads = QWidget(self)
        row = QHBoxLayout(heads)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.ways, 1)
        row.addWidget(self.new_head)
        form.addRow(self.tr("Weights"), self.weights)
        form.addRow(self.tr("Data"), self.family)
        form.addRow(self.tr("Place"), place)
        form.addRow(self.tr("Split"), self.split)
        form.addRow(self.tr("Tasks"), self.tasks)
        form.addRow(self.tr("Seed"), self.seed)
        form.addRow(self.tr("Steps"), self.steps)
        form.addRow(self.tr("Ways"), heads)
        form.addRow("", self.alone)
        form.setRowVisible(heads, hasattr(self._config.task, "ways"))
        form.setRowVisible(self.alone, self._config.training.transductive)
        self._place = place

    @Slot()
    def _refresh(self) -> None:
        """Only what means something for the data chosen."""
        from workbench.core.registry import get

        foreign = self.family.currentData() or self._config.task.name
        own = not self.family.currentData()
        self._form.setRowVisible(self._place, "root" in get("task", foreign).params.model_fields)
        self._form.setRowVisible(self.split, own)
        self._form.setRowVisible(self.steps, self._config.takes_steps)
        self.root.setPlaceholderText(
            self.tr("As recorded") if own else self.tr("Folder or .zip; empty for the usual place")
        )
        self.changed.emit()

    @Slot()
    def browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder"))
        if chosen:
            self.root.setText(chosen)
            self.changed.emit()

    def _whole(self, line: TextEditor, usual: int, least: int, most: int = MOST) -> int:
        text = line.text().strip()
        if not text:
            return usual
        try:
            return entries.whole_within(text, least, most)
        except ValueError as error:
            raise BadInput(line.accessibleName(), str(error)) from error
