"""The map of the lab with what is done on it: goal, trajectories, playing back, driving."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.kinds.control import scene, sheets
from workbench.gui.kinds.control.drive_bar import DriveBar
from workbench.gui.kinds.control.driving import Driving
from workbench.gui.kinds.control.goal import GoalEditing
from workbench.gui.kinds.control.map_view import MapView
from workbench.gui.kinds.control.picking import Picking
from workbench.gui.kinds.control.play_bar import PlayBar
from workbench.gui.kinds.control.playback import Playback
from workbench.gui.kinds.control.scene import Scene
from workbench.gui.kinds.control.task import lengths, lived_at
from workbench.gui.lab.state import LabState
from workbench.gui.style import theme
from workbench.gui.takeaway.drawing import Drawn
from workbench.gui.takeaway.sheet import Key, Sheet

JUDGED, LEARNED = "query", "support"


class MapSide(QWidget):
    """Follows the lab; what is drawn is made anew with every change."""

    def __init__(self, state: LabState, picking: Picking) -> None:
        super().__init__()
        self._state, self._picking = state, picking
        self.goal = GoalEditing(state, self)
        self.driving = Driving(state, self)
        self.playback = Playback(self)
        self.map = MapView()
        self.play, self.drive = PlayBar(self.playback), DriveBar(self.driving)
        self.shown = self._choice()
        self._lay_out()
        self._connect()
        theme.current().follow(self.refresh)
        self.refresh()

    def _choice(self) -> QComboBox:
        shown = QComboBox()
        shown.setObjectName("lab.control.shown")
        shown.setAccessibleName(self.tr("Which trajectories are drawn"))
        shown.setToolTip(self.tr("What the policy is judged on, or what this step learns from"))
        shown.addItem(self.tr("Query: judged on"), JUDGED)
        shown.addItem(self.tr("Support: learned from"), LEARNED)
        return shown

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.shown)
        row.addStretch(1)
        row.addWidget(self.play.told)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(self.map, 1)
        layout.addWidget(self.play)
        layout.addWidget(self.drive)

    def _connect(self) -> None:
        state = self._state
        self.map.dropped.connect(self.goal.drop)
        self.map.dragged.connect(self.goal.drag)
        self.map.keyed.connect(self.drive.on_key)
        self.map.focused.connect(self.map.update)
        self.drive.keyboardWanted.connect(self._give_keyboard)
        self.driving.changed.connect(self._on_driving)
        self.driving.ended.connect(self._picking.keep_drive)
        self.playback.changed.connect(self.refresh)
        self.shown.activated.connect(self.refresh)
        self._picking.chosenChanged.connect(self.refresh)
        for signal in (state.taskChanged, state.cursorChanged):
            signal.connect(self.refresh)
        state.stepsChanged.connect(state.turns.take(self.refresh))

    @property
    def support(self) -> bool:
        return bool(self.shown.currentData() == LEARNED)

    # --- showing -----------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        lived = lived_at(self._state.current, self.support)
        with QSignalBlocker(self.playback):
            self.playback.set_length(0 if lived is None else max(lengths(lived), default=0))
        self.play.refresh()
        self.play.setEnabled(not self.driving.on and self.playback.length > 0)
        self.map.show_scene(self._scene())

    def _scene(self) -> Scene | None:
        if self.driving.on:
            return scene.driven(self.driving)
        if self.playback.whole:
            return scene.whole(self._state, self.support, self._picking.chosen)
        return scene.played(self._state, self.support, self.playback.time)

    @Slot()
    def _on_driving(self) -> None:
        if self.driving.on != self.map.driving:
            self.map.set_driving(self.driving.on)
        self.refresh()

    @Slot()
    def _give_keyboard(self) -> None:
        self.map.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- taking away -------------------------------------------------------------------------

    def sheet(self) -> Sheet | None:
        lived = lived_at(self._state.current, self.support)
        if lived is None or self.map.scene is None:
            return None
        title = self.tr("{0}, trajectories at step {1}")
        title = title.format(self.map.scene.task.title, self._state.cursor)
        legend = (
            Key(self.tr("before adapting"), "before"),
            Key(self.tr("after the last step"), "accent"),
            Key(self.tr("driven by hand"), "third"),
        )
        table = sheets.trajectories(lived)
        return Sheet("trajectories", title, Drawn(self.map), table, (), legend)
