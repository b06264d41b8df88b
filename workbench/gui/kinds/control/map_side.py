"""The map of the lab with what is done on it: goal, trajectories, playing back, driving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.kinds.control import sheets, strokes
from workbench.gui.kinds.control.drive_bar import DriveBar
from workbench.gui.kinds.control.driving import Driving
from workbench.gui.kinds.control.goal import GoalEditing
from workbench.gui.kinds.control.map_view import MapView, Scene
from workbench.gui.kinds.control.maps import Place, WorldMap, map_of, paths
from workbench.gui.kinds.control.picking import Picking
from workbench.gui.kinds.control.play_bar import PlayBar
from workbench.gui.kinds.control.playback import Playback
from workbench.gui.kinds.control.sketch import Stroke
from workbench.gui.kinds.control.task import control_in_view, lengths, lived_at
from workbench.gui.lab.state import LabState
from workbench.gui.style import paint, theme
from workbench.gui.takeaway.drawing import Drawn
from workbench.gui.takeaway.sheet import Key, Sheet

if TYPE_CHECKING:
    from workbench.tasks.control.rollouts import Lived
    from workbench.tasks.control.task import ControlTask

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
        for signal in (state.taskChanged, state.stepsChanged, state.cursorChanged):
            signal.connect(self.refresh)

    @property
    def support(self) -> bool:
        return bool(self.shown.currentData() == LEARNED)

    # --- showing -----------------------------------------------------------------------------

    @Slot()
    def refresh(self) -> None:
        task, world = control_in_view(self._state), map_of(self._state.task)
        if task is None or world is None:
            self.map.show_scene(None)
            return
        lived = lived_at(self._state.current, self.support)
        self.playback.blockSignals(True)
        self.playback.set_length(0 if lived is None else max(lengths(lived), default=0))
        self.playback.blockSignals(False)
        self.play.refresh()
        self.map.show_scene(self._scene(world, task, lived))

    def _scene(self, world: WorldMap, task: ControlTask, lived: Lived | None) -> Scene:
        if self.driving.on:
            path = self.driving.path(world)
            color = strokes.hand_color()
            own = Stroke(path, color, 3.0)
            return Scene(world, task, (own,), ((self.driving.place(world), color),))
        if lived is not None and not self.playback.whole:
            return self._moment(world, task, lived)
        return Scene(world, task, [*self._strokes(world, task), *self._chosen(world, task)])

    def _strokes(self, world: WorldMap, task: ControlTask) -> list[Stroke]:
        steps, cursor = self._state.steps, self._state.cursor
        if self.support:
            return strokes.learned_from(world, task, steps, cursor)
        return [
            *strokes.judged_on(world, task, steps, cursor),
            *strokes.driven(world, task, steps),
        ]

    def _chosen(self, world: WorldMap, task: ControlTask) -> list[Stroke]:
        """The support trajectory that is chosen in the list, on top of all."""
        number, lived = self._picking.chosen, lived_at(self._state.current, support=True)
        if number is None or lived is None or number >= len(lived.rewards):
            return []
        return [Stroke(paths(world, task, lived)[number], paint.colors().text, 2.0, dashed=True)]

    def _moment(self, world: WorldMap, task: ControlTask, lived: Lived) -> Scene:
        """All trajectories of the set up to the time that is played."""
        time, last = self.playback.time, len(self._state.steps) - 1
        color = strokes.step_color(self._state.cursor, last)
        trail = QColor(color)
        trail.setAlphaF(0.4)
        ways = [way[: time + 1] for way in paths(world, task, lived)[: strokes.MOST]]
        walkers: list[tuple[Place, QColor]] = [((w[-1][0], w[-1][1]), color) for w in ways]
        return Scene(world, task, [Stroke(way, trail, 1.2) for way in ways], walkers)

    @Slot()
    def _on_driving(self) -> None:
        if self.driving.on != self.map.driving:
            self.map.set_driving(self.driving.on)
        self.play.setEnabled(not self.driving.on and self.playback.length > 0)
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
