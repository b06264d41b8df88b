"""What one learner of a comparison finds in the query scenes, small."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QImage

from workbench.gui.kinds.boxes import sheets
from workbench.gui.kinds.boxes.queries import QueryScenes
from workbench.gui.takeaway.drawing import Drawn
from workbench.gui.takeaway.sheet import Sheet

if TYPE_CHECKING:
    from workbench.core.episode import Episode


class SmallScenes(QueryScenes):
    """A column's query scenes."""

    def __init__(self, name: str) -> None:
        super().__init__(name, asks=False)

    def show_task(
        self, task: Any, episode: Episode | None = None, images: Sequence[QImage] = ()
    ) -> None:
        super().show_task(task)

    def sheet(self) -> Sheet | None:
        if not self.told:
            return None
        table = sheets.found(self.scenes, self.told)
        return Sheet("boxes", self.accessibleName(), Drawn(self), table)
