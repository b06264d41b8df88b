"""What can be done with the chosen runs: buttons above the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from workbench.gui.runs.away import AwayMenu
from workbench.gui.state.workspace import Workspace
from workbench.gui.style import theme

if TYPE_CHECKING:
    from workbench.experiments.labbook.entry import Entry

BY_ICON = ("resume", "goOn", "away", "delete", "trash", "reload")
"""Buttons whose icon says enough: a small window has no room for the words of all."""


class Buttons(QWidget):
    """Acts on what `tell` said is chosen; what the panel itself must do it only asks for."""

    deleteWanted = Signal()
    trashWanted = Signal()
    reloadWanted = Signal()
    labWanted = Signal()
    trainWanted = Signal()
    tasksWanted = Signal(object, object, object)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._chosen: list[Entry] = []
        self.buttons = self._make()
        self.away = AwayMenu(self)
        self.buttons["away"].setMenu(self.away)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addStretch(1)
        for button in self.buttons.values():
            row.addWidget(button)
        workspace.training.stateChanged.connect(self._refresh)

    def tell(self, chosen: list[Entry]) -> None:
        self._chosen = chosen
        self._refresh()

    @property
    def _one(self) -> Entry | None:
        """The run that most buttons act on: a single one."""
        return self._chosen[0] if len(self._chosen) == 1 else None

    def _make(self) -> dict[str, QPushButton]:
        table: tuple[tuple[str, str, str, Any], ...] = (
            ("open", self.tr("Open in Lab"), "lab", self.open),
            ("measure", self.tr("Measure…"), "star", self._on_measure),
            ("tasks", self.tr("Tasks"), "search", self._on_tasks),
            ("resume", self.tr("Resume"), "play", self._on_resume),
            ("goOn", self.tr("Go on…"), "train", self._on_go_on),
            ("away", self.tr("Take away"), "export", None),
            ("delete", self.tr("Delete"), "trash", self.deleteWanted),
            ("trash", self.tr("Trash…"), "restore", self.trashWanted),
            ("reload", self.tr("Reload"), "reset", self.reloadWanted),
        )
        buttons = {}
        for name, text, icon, slot in table:
            button = QPushButton("" if name in BY_ICON else text, self)
            button.setObjectName(f"runs.{name}")
            button.setProperty("iconOnly", name in BY_ICON)
            button.setAccessibleName(text)
            button.setToolTip(self._help(name))
            theme.current().set_icon(button, icon)
            if slot is not None:
                button.clicked.connect(slot)
            buttons[name] = button
        return buttons

    def _help(self, name: str) -> str:
        return {
            "open": self.tr("Adapt with this run's best weights, and show its curves"),
            "measure": self.tr("Measure it on held-out tasks, of its own data or of another's"),
            "tasks": self.tr(
                "See every task of a measurement: hardest, easiest, which classes fail"
            ),
            "resume": self.tr("Go on from the newest checkpoint"),
            "goOn": self.tr("Train it further, or branch off with the settings of the form"),
            "away": self.tr(
                "Weights, an adapted model, curves, a script, its command line, its folder"
            ),
            "delete": self.tr("Move the chosen runs to the trash (Del)"),
            "trash": self.tr("What was deleted: bring it back, or empty the trash"),
            "reload": self.tr("Read the directory of runs again"),
        }[name]

    @Slot()
    def _refresh(self) -> None:
        entry = self._one
        usable = entry is not None and not entry.run.problem
        self.buttons["open"].setEnabled(usable)
        self.away.tell(entry)
        self.buttons["away"].setEnabled(entry is not None)
        for name in ("measure", "tasks"):
            self.buttons[name].setEnabled(usable)
        free = not self._workspace.training.busy
        self._tell_resume(free)
        self.buttons["goOn"].setEnabled(free and entry is not None and entry.run.has_more)
        self.buttons["delete"].setEnabled(bool(self._chosen))

    def _tell_resume(self, free: bool) -> None:
        """What is trained elsewhere is taken up; without a checkpoint it can only begin anew."""
        run, button = None if self._one is None else self._one.run, self.buttons["resume"]
        again = run is not None and run.repeatable
        drivable = run is not None and run.drivable
        possible = run is not None and (run.resumable or again or drivable)
        button.setEnabled(free and possible)
        name, tip = self.tr("Resume"), self._help("resume")
        if again:
            name = self.tr("Start again")
            tip = self.tr("It kept no checkpoint: start again with the same settings, as a new run")
        elif drivable:
            name = self.tr("Take it up")
            tip = self.tr("A process of its own trains it: watch and drive it from here")
        button.setAccessibleName(name)
        button.setToolTip(tip)
        theme.current().set_icon(button, "reset" if again else "play")

    @Slot()
    def open(self) -> None:
        """Use the chosen run's best weights in the lab."""
        entry = self._one
        if entry is not None and not entry.run.problem:
            self._workspace.open_run(entry.path)
            self.labWanted.emit()

    @Slot()
    def _on_measure(self) -> None:
        entry = self._one
        if entry is not None and entry.run.config is not None and not entry.run.problem:
            from workbench.gui.runs.measure.dialog import MeasureDialog

            dialog = MeasureDialog(self._workspace, entry.path, entry.run.config, self.window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.tasksWanted.connect(self.tasksWanted)
            dialog.show()

    @Slot()
    def _on_tasks(self) -> None:
        entry = self._one
        if entry is not None and entry.run.config is not None and not entry.run.problem:
            self.tasksWanted.emit(entry.path, entry.run.config, None)

    @Slot()
    def _on_resume(self) -> None:
        entry = self._one
        if entry is None:
            return
        from workbench.experiments.runs import summary_of

        run = summary_of(entry.path)  # it may have got a checkpoint since it was listed
        if run.drivable:
            self._workspace.take_up(entry.path)
        elif run.repeatable and run.config is not None:
            self._workspace.start_again(run.config)
        else:
            self._workspace.continue_run(entry.path)
        self.trainWanted.emit()

    @Slot()
    def _on_go_on(self) -> None:
        entry = self._one
        if entry is not None and entry.run.has_more:
            from workbench.gui.runs.going_on import GoOnDialog

            dialog = GoOnDialog(self._workspace, entry.run, self.window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(self.trainWanted)
            dialog.open()
