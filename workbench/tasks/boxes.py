"""The user's own pictures with boxes: Pascal VOC, COCO or YOLO, split by class."""

from __future__ import annotations

import hashlib
from collections.abc import Collection as Names
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Generator

from workbench.core.errors import BadInput, Missing
from workbench.core.findings import Finding, Mend
from workbench.core.marked import marked
from workbench.core.params import param, recorded
from workbench.core.registry import register
from workbench.core.seeds import generator
from workbench.core.task import SPLITS, ClassInfo, Report, Split, TaskFamily
from workbench.tasks import split_record
from workbench.tasks.annotated import collection as annotated
from workbench.tasks.annotated import dealing
from workbench.tasks.annotated.collection import Collection
from workbench.tasks.annotated.dealing import Classes, Dealt
from workbench.tasks.classes import of_at_most
from workbench.tasks.detection.family import SceneFamily, SceneParams
from workbench.tasks.detection.scene import Scene
from workbench.tasks.split_record import Found, SplitRecord


class BoxesParams(SceneParams):
    name: Literal["boxes"] = "boxes"
    root: Path = param(
        Path(),
        marked("Folder or .zip of pictures with annotations: Pascal VOC, COCO or YOLO."),
        more=marked(
            "An .xml file a picture, one .json file, or a .txt file a picture with the names of "
            "classes in data.yaml or classes.txt. What it is is found by what lies there."
        ),
    )
    form: Literal["found", "voc", "coco", "yolo"] = param(
        "found", marked("Which annotations are read, where there are several."), advanced=True
    )
    picture_size: Literal["64", "128"] = param(
        "64", marked("Pictures are resized to this many pixels a side."), unit="px"
    )
    colour: Literal["grey", "rgb"] = param("rgb", marked("Keep one channel or three."))
    val_share: float = param(
        0.2, marked("Share of the classes kept for validation."), ge=0.05, le=0.6, advanced=True
    )
    test_share: float = param(
        0.2, marked("Share of the classes kept for the test."), ge=0.05, le=0.6, advanced=True
    )
    split_seed: int = param(
        0,
        marked("Settles which classes are for training, validation and test."),
        ge=0,
        advanced=True,
    )
    new_classes: Literal["none", "train", "val", "test"] = param(
        "none",
        marked("The split that classes take which came after the run whose splits are kept."),
        advanced=True,
    )
    record: SplitRecord | None = recorded()

    @property
    def settled_by(self) -> str:
        """What settles a split, so that a record of another one is known from it."""
        return f"{self.val_share:g}/{self.test_share:g} {self.split_seed}"


@register("task", "boxes", title=marked("My boxes"), params=BoxesParams)
class Boxes(SceneFamily):
    """Find things of one class in your own pictures, given a few with boxes round them."""

    params: BoxesParams
    keeps_splits = True
    held: Collection

    def __init__(self, params: BoxesParams) -> None:
        super().__init__(params)
        self.side, self.channels = int(params.picture_size), 1 if params.colour == "grey" else 3
        self._notes: tuple[str, ...] = ()

    def prepare(self, report: Report) -> None:
        if hasattr(self, "classes"):
            return
        params = self.params
        if params.root == Path():
            raise Missing(
                "task.root",
                marked("no folder is chosen"),
                marked("Choose a folder of pictures with boxes, or drop it anywhere"),
            )
        self.held, notes = annotated.read(params.root, params.form, self.style, report)
        self._dealt = Dealt.of(self.held, self._divided())
        self._notes = (*notes, *self._dealt.findings(self.held, self.items), *self._of_record())
        self._cut()

    def _cut(self) -> None:
        """The classes with pictures enough; raises `BadInput` where a split has none."""
        self.classes = self._dealt.large(self.items)
        lacking = next((split for split in SPLITS if not self.classes[split]), None)
        if lacking is None:
            return
        most = max((len(self._dealt.pictures[c]) for c in self._dealt.split[lacking]), default=0)
        problem = marked(
            "no class of the {0} split has {1} pictures without one of a later split; at most {2}"
        )
        raise BadInput(
            "task.queries",
            problem.format(lacking, self.items, most),
            marked("Lower shots or queries, draw another split_seed, or give more pictures"),
            *(of_at_most(most, self.params) if most > 1 else ()),
            Mend("task.split_seed", self.params.split_seed + 1),
        )

    def varied(self, **sizes: int) -> TaskFamily:
        other = super().varied(**sizes)
        if isinstance(other, Boxes) and hasattr(other, "_dealt"):
            other._cut()
        return other

    @property
    def fingerprint(self) -> str:
        digest = hashlib.sha256(self.held.pixels.numpy().tobytes())
        digest.update(repr((self.held.class_names, self.held.names, self.held.boxes)).encode())
        digest.update(repr(self._dealt.split).encode())
        return digest.hexdigest()

    def class_info(self, class_index: int) -> ClassInfo:
        count = len(self._dealt.pictures[class_index])
        return ClassInfo(class_index, self.held.class_names[class_index], count)

    def scenes_of(
        self, split: Split, class_index: int, count: int, draws: Generator, besides: Names[str]
    ) -> tuple[Scene, ...]:
        pictures = self._dealt.pictures[class_index]
        free = [at for at in pictures if self.held.names[at] not in besides]
        if len(free) < count:
            raise BadInput(
                marked("Support set"),
                marked("the class has no other {0} pictures").format(count),
                marked("Give more pictures of it, or lower shots or queries"),
            )
        order = torch.randperm(len(free), generator=draws)[:count].tolist()
        return tuple(self._scene(class_index, free[at]) for at in order)

    def scene_named(self, split: Split, class_index: int, name: str) -> Scene:
        for at in self._dealt.pictures[class_index]:
            if self.held.names[at] == name:
                return self._scene(class_index, at)
        raise BadInput("task", marked("{0} is no picture of this class").format(name))

    def _scene(self, class_index: int, at: int) -> Scene:
        return Scene(self.held.names[at], self.held.pixels[at], self.held.boxes[at][class_index])

    # --- which class is in which split -------------------------------------------------------

    def _divided(self) -> Classes:
        params, record = self.params, self._record
        if record is not None:
            return Found(self.held.class_names).placed(record, params.new_classes)
        draws = generator(params.split_seed, "boxes", "split")
        return dealing.drawn(self.held, params.val_share, params.test_share, self.items, draws)

    @property
    def _record(self) -> SplitRecord | None:
        """What a run has recorded, where it is of this data and of these settings."""
        params = self.params
        return split_record.of_this(params.record, params.settled_by, self.held.class_names)

    def _of_record(self) -> tuple[str, ...]:
        if self.params.record is None:
            return ()
        return (split_record.KEPT if self._record else Finding(split_record.NOT_OF_THIS),)

    def settled(self) -> dict[str, Any]:
        names, settled_by = self.held.class_names, self.params.settled_by
        return {"record": split_record.recorded(names, self._dealt.split, settled_by)}

    def departures(self) -> str:
        if self._record is None:
            return ""
        return "; ".join(Found(self.held.class_names).departures(self._dealt.split, self._record))

    def notes(self) -> tuple[str, ...]:
        return self._notes
