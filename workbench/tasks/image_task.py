"""One draw: N classes with the images to learn from and those to be judged on, and its editing."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Generator, Tensor

from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked
from workbench.core.task import Slot, Task
from workbench.tasks import image_shape
from workbench.tasks.image_draw import ImageDraw
from workbench.tasks.image_pool import Entries, Entry, Picture, identity
from workbench.tasks.pictures import read_picture


class ImageTask(ImageDraw, Task):
    """N classes with the images to learn from and those to be judged on."""

    @property
    def title(self) -> str:
        return f"{len(self.classes)}-way {len(self.support[0])}-shot"

    @property
    def class_names(self) -> tuple[str, ...]:
        """Without their turns: a class turned is the same class of the data."""
        return tuple(self.pool.class_names[chosen.class_index] for chosen in self.classes)

    @property
    def class_titles(self) -> tuple[str, ...]:
        """As a person has named them, label by label; else as in the data."""
        return tuple(map(self.class_title, range(len(self.classes))))

    @property
    def slots(self) -> set[Slot]:
        return {(way, shot) for way, row in enumerate(self.support) for shot in range(len(row))}

    def to_json(self) -> dict[str, Any]:
        named = [c.name for c in self.classes]
        return {
            "classes": [[c.class_index, c.rotation] for c in self.classes],
            **({"names": named} if any(named) else {}),
            "support": [[entry.to_json() for entry in row] for row in self.support],
            "query": [[entry.to_json() for entry in row] for row in self.query],
        }

    def another_support(self, draws: Generator) -> ImageTask:
        rows = []
        for way, row in enumerate(self.support):
            among = self.candidates(way)
            order = torch.randperm(len(among), generator=draws)[: len(row)]
            rows.append(tuple(among[place] for place in order.tolist()))
        return replace(self, support=tuple(rows))

    def redrawn(self, fresh: Task, locked: Collection[Slot], draws: Generator) -> ImageTask:
        assert isinstance(fresh, ImageTask)
        return image_shape.redrawn(self, fresh, locked, draws)

    def without(self, slot: Slot) -> ImageTask:
        return image_shape.without_shot(self, *slot)

    def with_item(self, slot: Slot, item: Entry) -> ImageTask:
        """The task with one support image replaced.

        Raises `BadInput` when the image already stands in the query set or elsewhere in the
        support set: a learner must not be judged on what it was shown.
        """
        way, shot = slot
        if isinstance(item, Picture):
            self.refuse_asked(f"support image {shot + 1} of class {way + 1}", item)
        self._refuse_overlap(way, shot, item)
        rows = [list(row) for row in self.support]
        rows[way][shot] = item
        return replace(self, support=tuple(tuple(row) for row in rows))

    def with_name(self, way: int, name: str) -> ImageTask:
        """The task with a class called by another name; by an empty one, as in the data again.

        Raises `BadInput` where another class is called so.
        """
        name = printable(name.strip())
        others = {self.class_title(at) for at in range(len(self.classes)) if at != way}
        if name in others or (not name and self.data_title(way) in others):
            raise BadInput(
                f"class {way + 1}",
                marked("another class is called {0}").format(name or self.data_title(way)),
                marked("Choose another name"),
            )
        classes = list(self.classes)
        classes[way] = replace(classes[way], name="" if name == self.data_title(way) else name)
        return replace(self, classes=tuple(classes))

    def with_support_files(self, files: Sequence[Path]) -> ImageTask:
        """Replace the whole support set by N*K image files in class order."""
        shots = len(self.support[0])
        needed = len(self.classes) * shots
        if len(files) != needed:
            raise BadInput(
                "--support",
                marked("{0} files were given, {1} needs {2}").format(
                    len(files), self.title, needed
                ),
                marked("Give the images of the first class first"),
            )
        pictures = [Picture(read_picture(f, self.style), printable(f.name)) for f in files]
        for file, picture in zip(files, pictures, strict=True):
            self.refuse_asked(str(file), picture)
        rows = [pictures[start : start + shots] for start in range(0, needed, shots)]
        return replace(self, support=tuple(tuple(row) for row in rows))

    def episode(self) -> Episode:
        return Episode(self._batch(self.support), self._batch(self.query))

    def _batch(self, entries: Entries) -> Batch:
        pixels = torch.stack([self.image(entry) for row in entries for entry in row])
        y = torch.tensor([way for way, row in enumerate(entries) for _ in row])
        return Batch(self.style.inputs(pixels), y)

    def refuse_asked(self, where: str, picture: Picture) -> None:
        """A file can hold the very image that the learner is to be judged on."""
        if _shown(picture.pixels) in self._asked:
            problem = marked("{0} shows an image of the query set").format(picture.label)
            raise BadInput(where, problem, marked("Choose another one"))

    @cached_property
    def _asked(self) -> frozenset[bytes]:
        return frozenset(_shown(self.image(entry)) for row in self.query for entry in row)

    def _refuse_overlap(self, way: int, shot: int, entry: Entry) -> None:
        places = {"query": self.query, "support": self.support}
        for name, rows in places.items():
            for row_way, row in enumerate(rows):
                for position, other in enumerate(row):
                    if name == "support" and (row_way, position) == (way, shot):
                        continue
                    if identity(other) == identity(entry):
                        raise BadInput(
                            marked("support image {0} of class {1}").format(shot + 1, way + 1),
                            marked("this image already stands in the {0} set").format(name),
                            marked("Choose another one"),
                        )


def _shown(pixels: Tensor) -> bytes:
    """Equal for equal images."""
    return hashlib.sha256(pixels.float().contiguous().numpy().tobytes()).digest()
