"""What every family of image classes shares: its splits, and the tasks drawn from them.

The protocol is that of the MAML authors (C. Finn et al., ICML 2017, section 5.2): classes are split
before they are rotated; where rotations are on, a class is a character turned by k * 90 degrees and
the turn is drawn for each class of each task; the order of labels is shuffled for every task.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from workbench.core.episode import Batch, Episode
from workbench.core.errors import printable
from workbench.core.objective import CLASSIFICATION
from workbench.core.task import SPLITS, ClassInfo, ProblemSpec, Split
from workbench.tasks import class_sizes, image_task_file
from workbench.tasks.augmentation import augmentation_of
from workbench.tasks.classes import ClassFamily
from workbench.tasks.image_fit import in_style
from workbench.tasks.image_params import ImageParams
from workbench.tasks.image_pool import (
    ImagePool,
    Item,
    Picture,
    Stroke,
    TaskClass,
)
from workbench.tasks.image_task import ImageTask
from workbench.tasks.pictures import ImageStyle, read_picture
from workbench.tasks.pixel_scale import ScaleRecord, measured


class ImageFamily(ClassFamily):
    """Tasks of N classes out of a pool; a family of its own only says where the pool comes from.

    `prepare` fills ``pool`` and ``classes``, the class indices of each split that are large enough
    for a task.
    """

    style: ImageStyle
    pool: ImagePool
    classes: dict[Split, tuple[int, ...]]

    def __init__(self, params: Any) -> None:
        super().__init__(params)
        self.augmentation = augmentation_of(params)
        """Of what is meta-trained on."""
        self._divided: dict[Split, tuple[int, ...]] = {}
        """All classes of each split, those too, that are too small for a task."""
        self._foreign: ImageStyle | None = None
        if self._scaling is not None and self._scaling.pixels is not None:
            self.style = replace(self.style, scale=self._scaling.pixels.scale)

    def for_test_alone(self, style: ImageStyle) -> ImageFamily:
        """The same data for a learner of other data, to be prepared: all classes are for the test.

        Images come in the ``style`` of those that the learner was trained on.
        """
        other = copy.copy(self)
        other._foreign = style
        return other

    @property
    def spec(self) -> ProblemSpec:
        ways, style = self.params.ways, self.style
        return ProblemSpec(CLASSIFICATION, style.shape, ways, scale=style.scale)

    def class_info(self, class_index: int) -> ClassInfo:
        name, count = self.pool.class_names[class_index], self.pool.count(class_index)
        return ClassInfo(class_index, name, count)

    def thumbnail(self, class_index: int, index: int) -> Tensor:
        """``[C, H, W]``, uint8."""
        return self.pool.image(class_index, index)

    def read_picture(self, path: Path) -> Picture:
        """An image file in the size and polarity of this family; raises `BadInput`."""
        return Picture(read_picture(path, self.style), printable(path.name))

    def picture_from_ink(self, ink: Any, strokes: tuple[Stroke, ...] = ()) -> Picture:
        """A square canvas ``[H, W]`` with ink = 1 as an image of this family."""
        canvas = torch.as_tensor(ink, dtype=torch.float32)[None, None]
        small = F.interpolate(canvas, self.style.shape[1:], mode="area")[0].clamp(0, 1)
        light = small if self.style.ink_is_one else 1 - small
        return Picture(light.expand(self.style.shape).contiguous(), "drawn", strokes)

    @cached_property
    def fingerprint(self) -> str:
        return self.pool.fingerprint(repr((self.pool.starts, self._divided)).encode())

    def task_from_json(self, values: dict[str, Any], split: Split) -> ImageTask:
        return image_task_file.opened(values, self.pool, self.style, self._divided[split], split)

    def sample(self, split: Split, draws: Generator) -> ImageTask:
        classes, turns, picked = self._draw(split, draws)
        shots = self.params.shots
        rows = [
            [Item(c, i, turn) for i in items]
            for c, turn, items in zip(
                classes.tolist(), turns.tolist(), picked.tolist(), strict=True
            )
        ]
        return ImageTask(
            pool=self.pool,
            style=self.style,
            classes=tuple(
                TaskClass(c, t) for c, t in zip(classes.tolist(), turns.tolist(), strict=True)
            ),
            support=tuple(tuple(row[:shots]) for row in rows),
            query=tuple(tuple(row[shots:]) for row in rows),
        )

    def episodes(self, split: Split, count: int, draws: Generator) -> Episode:
        drawn = [self._draw(split, draws) for _ in range(count)]
        classes, turns, picked = (torch.stack(parts) for parts in zip(*drawn, strict=True))
        starts = torch.tensor(self.pool.starts)[classes]
        images = self.pool.at(starts[:, :, None] + picked)
        images = _turned(images, turns)
        if split == "train":
            images = self.augmentation.of(images, draws)
        shots = self.params.shots
        return Episode(self._stacked(images[:, :, :shots]), self._stacked(images[:, :, shots:]))

    def varied(self, **sizes: int) -> ImageFamily:
        other = super().varied(**sizes)
        assert isinstance(other, ImageFamily)
        other._leave_out_small()
        if self._foreign is None:  # else nobody trains on it
            other._check(("train",))
        return other

    def notes(self) -> tuple[str, ...]:
        return (
            *super().notes(),
            *class_sizes.left_out(self.pool, self._divided, self.params),
        )

    @property
    def joint_classes(self) -> int:
        """A turned character is a class of its own, as it is in a task."""
        return len(self._divided["train"]) * (4 if self.params.rotations else 1)

    def joint(self, tasks: int, draws: Generator) -> Batch:
        among, params = torch.tensor(self._divided["train"]), self.params
        size = (tasks, params.ways * (params.shots + params.queries))
        places = torch.randint(len(among), size, generator=draws)
        turns = torch.zeros(size, dtype=torch.long)
        if params.rotations:
            turns = torch.randint(4, size, generator=draws)
        starts = torch.tensor(self.pool.starts)
        chosen = among[places]
        first, end = starts[chosen], starts[chosen + 1]
        picked = first + (torch.rand(size, generator=draws) * (end - first)).long()
        images = self.augmentation.of(_turned(self.pool.at(picked), turns), draws)
        return Batch(self.style.inputs(images.float().div_(255)), places + len(among) * turns)

    def _stacked(self, images: Tensor) -> Batch:
        """uint8 ``[T, N, K, C, H, W]`` to float ``[T, N*K, C, H, W]`` with labels ``[T, N*K]``."""
        tasks, ways, shots = images.shape[:3]
        labels = torch.arange(ways).repeat_interleave(shots).expand(tasks, -1)
        return Batch(self.style.inputs(images.flatten(1, 2).float().div_(255)), labels)

    def _draw(self, split: Split, draws: Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Classes ``[N]`` in random order, their turns ``[N]``, their items ``[N, K + Q]``."""
        among, params = self.classes[split], self.params
        order = torch.randperm(len(among), generator=draws)[: params.ways]
        classes = torch.tensor(among)[order]
        turns = torch.zeros(params.ways, dtype=torch.long)
        if params.rotations:
            turns = torch.randint(4, (params.ways,), generator=draws)
        picked = [
            torch.randperm(self.pool.count(c), generator=draws)[: self._needed]
            for c in classes.tolist()
        ]
        return classes, turns, torch.stack(picked)

    def _divide(self, split: Callable[[], dict[Split, tuple[int, ...]]]) -> None:
        """Give every class of the pool its split, and refuse sizes that cannot be drawn."""
        if self._foreign is None:
            self._divided = split()
            self._leave_out_small()
            self._check()
            self._scale()
            return
        self.pool = in_style(self.pool, self.style, self._foreign)
        self.style = self._foreign
        every = tuple(range(len(self.pool.class_names)))
        self._divided = {"train": (), "val": (), "test": every}
        self._leave_out_small()
        self._check(("test",))

    def _scale(self) -> None:
        """Give inputs the scale that a run has recorded, or that of the meta-train pictures."""
        if self._scaling is not None:
            kept = self._scaling.recorded_scale(self.style)
            found = measured(self.pool, self._divided["train"]) if kept is None else kept.scale
            self.style = replace(self.style, scale=found)

    def settled(self) -> dict[str, Any]:
        scaling, scale = self._scaling, self.style.scale
        if scaling is None or scale is None or self._foreign is not None:
            return {}
        settled_by = scaling.scale_settled_by(self.style)
        return {"pixels": ScaleRecord(settled_by=settled_by, scale=scale)}

    @property
    def _scaling(self) -> ImageParams | None:
        """The parameters, where they ask for scaled inputs."""
        asks = isinstance(self.params, ImageParams) and self.params.scales
        return self.params if asks else None

    def _leave_out_small(self) -> None:
        """Tasks of these sizes are drawn of the classes that have images enough for one."""
        self.classes = class_sizes.large(self.pool, self._divided, self._needed)

    @property
    def _needed(self) -> int:
        """Images of a class in one task."""
        return int(self.params.shots + self.params.queries)

    def _check(self, splits: Sequence[Split] = SPLITS) -> None:
        """Refuse sizes that this data cannot give; raises `BadInput` at the field."""
        class_sizes.refuse_too_few(self.pool, self._divided, self.params, splits)


def split_classes(
    count: int, val: int, test: int, draws: Generator
) -> dict[Split, tuple[int, ...]]:
    """Shuffle class indices and cut them: train gets what validation and test leave."""
    order = torch.randperm(count, generator=draws).tolist()
    cut, end = count - val - test, count - test
    return {
        "train": tuple(sorted(order[:cut])),
        "val": tuple(sorted(order[cut:end])),
        "test": tuple(sorted(order[end:])),
    }


def _turned(images: Tensor, turns: Tensor) -> Tensor:
    """Images ``[*sizes, ..., C, H, W]`` by quarter turns ``[*sizes]``; changed in place."""
    for turn in range(1, 4):
        chosen = turns == turn
        images[chosen] = torch.rot90(images[chosen], turn, (-2, -1))
    return images
