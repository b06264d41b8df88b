"""What an image task holds: its classes and, of each, the images of the two sets."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.tasks.image_pool import Entries, Entry, ImagePool, Item, Picture, TaskClass, identity
from workbench.tasks.pictures import ImageStyle


@dataclass(frozen=True, eq=False)
class ImageDraw:
    """N classes of a pool; ``support`` and ``query`` hold a row of images a class."""

    pool: ImagePool
    style: ImageStyle
    classes: tuple[TaskClass, ...]
    support: Entries
    query: Entries

    def class_title(self, way: int) -> str:
        """What a class is called: by the name that a person gave it, else as in the data."""
        return self.classes[way].name or self.data_title(way)

    def data_title(self, way: int) -> str:
        """The name of a class in the data, with its turn in degrees."""
        chosen = self.classes[way]
        turn = f" · {90 * chosen.rotation}°" if chosen.rotation else ""
        return self.pool.class_names[chosen.class_index] + turn

    def image(self, entry: Entry) -> Tensor:
        """``[C, H, W]``, float in [0, 1]."""
        if isinstance(entry, Picture):
            return entry.pixels
        pixels = self.pool.image(entry.class_index, entry.index).float() / 255
        return torch.rot90(pixels, entry.rotation, (1, 2))

    def candidates(self, way: int) -> tuple[Item, ...]:
        """The images of a class that may stand in its support set: all but the query's."""
        chosen = self.classes[way]
        taken = {identity(entry) for row in self.query for entry in row}
        items = (
            Item(chosen.class_index, index, chosen.rotation)
            for index in range(self.pool.count(chosen.class_index))
        )
        return tuple(item for item in items if identity(item) not in taken)
