"""The query set of the lab: scenes, what their lines stand for, and the switch of the heat map."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from workbench.gui.kinds.boxes import sheets
from workbench.gui.kinds.boxes.queries import QueryScenes
from workbench.gui.kinds.boxes.task import scenes_in_view
from workbench.gui.lab.state import LabState
from workbench.gui.style.widgets import label
from workbench.gui.takeaway.drawing import Drawn
from workbench.gui.takeaway.sheet import Key, Sheet


class QuerySide(QWidget):
    """Follows the lab."""

    def __init__(self, state: LabState) -> None:
        super().__init__()
        self._state = state
        self.scenes = QueryScenes("lab.boxes.query", asks=True)
        self.heat = QCheckBox(self.tr("How sure each cell is"))
        self.heat.setObjectName("lab.boxes.heat")
        self.heat.setToolTip(self.tr("Colour each of the 8 x 8 cells by its objectness"))
        self.heat.toggled.connect(self.scenes.set_heated)
        legend = label(
            self.tr("Dashed: annotated. Solid: found, with how sure in %."), "small", wrap=True
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.scenes, 1)
        layout.addWidget(self.heat)
        layout.addWidget(legend)
        state.taskChanged.connect(self._on_task)
        for signal in (state.stepsChanged, state.cursorChanged):
            signal.connect(self._on_step)
        self._on_task()

    @Slot()
    def _on_task(self) -> None:
        task = scenes_in_view(self._state)
        if task is not None:
            self.scenes.show_task(task)
            self._on_step()

    @Slot()
    def _on_step(self) -> None:
        if scenes_in_view(self._state) is not None:
            step = self._state.current
            self.scenes.show_outputs(None if step is None else step.query_outputs)

    def sheet(self) -> Sheet | None:
        task = scenes_in_view(self._state)
        if task is None or not self.scenes.told:
            return None
        title = self.tr("{0} found at step {1}").format(task.title, self._state.cursor)
        legend = (Key(self.tr("annotated"), "text", dashed=True), Key(self.tr("found"), "accent"))
        table = sheets.found(task.query, self.scenes.told)
        return Sheet("boxes", title, Drawn(self.scenes), table, (), legend)
