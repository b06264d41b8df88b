"""The task of scenes that is in view, and the boxes that a learner finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtGui import QImage

from workbench.gui.lab import type_names
from workbench.gui.lab.state import LabState
from workbench.gui.style.images import ImageCache, to_image

if TYPE_CHECKING:
    from workbench.tasks.detection.scene import Scene
    from workbench.tasks.detection.task import SceneTask

SCENES = "workbench.tasks.detection.task.SceneTask"
"""The type of task that is shown here."""

Box = tuple[float, float, float, float]
"""Centre, width and height, as shares of the scene's sides."""


class Told(NamedTuple):
    """A box that a learner finds, and how sure it is of it."""

    sure: float
    box: Box


def scenes_in_view(state: LabState) -> SceneTask | None:
    """The task looked at, where it is one of scenes."""
    return state.task if type_names.is_a(state.task, SCENES) else None  # type: ignore[return-value]


def image_of(scene: Scene) -> QImage:
    """Drawn once for a scene."""
    key = (scene.name, scene.pixels.data_ptr())
    return _images.get(key, lambda: to_image(scene.pixels))


_images = ImageCache(512)


def told_in(outputs: Any) -> list[Told]:
    """Of a row of outputs, as a person reads them, the boxes that are sure enough; surest first."""
    from workbench.core.detection import cells_of
    from workbench.core.found_boxes import surest

    return [Told(sure, (x, y, w, h)) for sure, (x, y, w, h) in surest(cells_of(outputs))]


def heat_of(outputs: Any) -> list[float]:
    """How sure every cell is that something lies there, row by row."""
    from workbench.core.detection import cells_of

    found: list[float] = cells_of(outputs)[:, 0].tolist()
    return found
