"""How pictures of one's own come in: read from files and folders on a thread, or drawn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.gui.kinds.pictures.canvas import Strokes
from workbench.gui.kinds.pictures.drawing import DrawingPopup
from workbench.gui.kinds.pictures.own.held import Own, OwnPictures
from workbench.gui.lab.state import LabState
from workbench.gui.threads.background import Job, Report

if TYPE_CHECKING:
    from workbench.tasks.own.example_sets import Asked

MOST = 200
"""Pictures that are held at once; more are for the command line."""


class OwnAdding(QObject):
    """`said` carries what was passed over, `failed` why nothing could be read at all."""

    said = Signal(str)
    failed = Signal(object)

    def __init__(self, state: LabState, pictures: OwnPictures, parent: QWidget) -> None:
        super().__init__(parent)
        self._state, self._pictures, self._above = state, pictures, parent
        self.drawing = DrawingPopup(parent)
        self.job: Job | None = None

    # --- files -------------------------------------------------------------------------------

    @Slot()
    def choose_files(self) -> None:
        title, kinds = self.tr("Pictures to be predicted"), self.tr("All files (*)")
        chosen, _ = QFileDialog.getOpenFileNames(self._above, title, "", kinds)
        self.read([Path(file) for file in chosen])

    @Slot()
    def choose_folder(self) -> None:
        title = self.tr("A folder of pictures to be predicted")
        chosen = QFileDialog.getExistingDirectory(self._above, title)
        self.read([Path(chosen)] if chosen else [])

    def read(self, places: Sequence[Path]) -> None:
        """Pictures in a folder named as a class are of that class."""
        task: Any = self._state.workspace.in_view.task
        if task is None or not places:
            return
        titles = task.class_titles
        labels = tuple(map(task.data_title, range(len(task.classes))))
        left = MOST - len(self._pictures.fitting(task.style))
        self.job = Job(
            partial(_read, tuple(places), task.style, titles, left),
            partial(self._on_read, task.style, labels),
            self.failed.emit,
            parent=self,
        )

    def _on_read(self, style: Any, labels: tuple[str, ...], found: Asked) -> None:
        rows = zip(found.pixels, found.files, found.labels, strict=True)
        self._pictures.add(
            tuple(
                Own(pixels, style, file, None if way is None else labels[way])
                for pixels, file, way in rows
            )
        )
        if found.notes:
            self.said.emit("\n".join(found.notes))

    # --- the pen -----------------------------------------------------------------------------

    def draw(self, at: QPoint, own: Own | None = None) -> None:
        """A new picture, or one that was drawn, with every stroke."""
        if self._state.workspace.data.family is None:
            return
        sheet = _Sheet(self._state, self._pictures, own)
        strokes = own.strokes if own is not None else ()
        heading = self.tr("Draw a picture to be predicted")
        self.drawing.open_for(heading, strokes, at, sheet.draw, sheet.wipe)


class _Sheet:
    """The picture that grows with the strokes of one sheet."""

    def __init__(self, state: LabState, pictures: OwnPictures, own: Own | None) -> None:
        self._state, self._pictures, self._own = state, pictures, own

    def draw(self, ink: Any, strokes: Strokes) -> None:
        family: Any = self._state.workspace.data.family
        before, held = self._own, self._pictures.held
        pixels = (255 * family.picture_from_ink(ink, strokes).pixels).round().byte()
        label = before.label if before is not None else None
        own = Own(pixels, family.style, "drawn", label, strokes)
        if before is not None and before in held:
            self._pictures.replace(before, own)
        else:
            self._pictures.add((own,))
        self._own = own

    def wipe(self) -> None:
        if self._own is not None:
            self._pictures.remove((self._own,))


def _read(
    places: tuple[Path, ...], style: Any, titles: tuple[str, ...], most: int, report: Report
) -> Asked:
    from workbench.tasks.own.example_sets import read_dropped

    return read_dropped(places, style, titles, most, report)
