"""The faces that come with the program."""

from __future__ import annotations

from workbench.gui.kinds.control.face import ControlFace
from workbench.gui.kinds.curves.face import CurvesFace
from workbench.gui.kinds.measured.face import MeasuredFace
from workbench.gui.kinds.pictures.face import PicturesFace
from workbench.gui.kinds.ratings.face import RatingsFace
from workbench.gui.kinds.table.face import TableFace
from workbench.gui.kinds.text.face import TextFace
from workbench.gui.lab import face


def register() -> None:
    """Make them known to the window; harmless when it is done again."""
    faces = (
        PicturesFace(),
        CurvesFace(),
        MeasuredFace(),
        TextFace(),
        ControlFace(),
        RatingsFace(),
        TableFace(),
    )
    for one in faces:
        face.register(one)
