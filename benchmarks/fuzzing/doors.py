"""Where files of each kind come in, and how to tell that one was taken for another.

A door is given bytes. It raises `BadInput` where it refuses them, and returns a sentence where what
it read cannot be; what it returns nothing for was sound, or made no difference.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch

from benchmarks.fuzzing import bombs, mutate, samples
from workbench.experiments import budget, scene
from workbench.experiments.config import ExperimentConfig, load_config
from workbench.tasks.pictures import ImageStyle, read_picture

Enter = Callable[[bytes, Path], str]
CHANGED = 40
"""Below this number stand the sound inputs and the cases of a kind, above it changed ones alone."""


@dataclass(frozen=True)
class Door:
    """One kind of file: sound samples, cases of its own, and what reads it."""

    enter: Enter
    sound: tuple[Any, ...]
    cases: Callable[[], dict[str, bytes]] = dict
    named: bool = False
    """Whether the first line is the name of a file, to be left alone."""

    def split(self, data: bytes) -> tuple[bytes, bytes]:
        head, line, rest = data.partition(b"\n") if self.named else (b"", b"", data)
        return head + line, rest

    @cached_property
    def _cases(self) -> dict[str, bytes]:
        return self.cases()

    def make(self, number: int, draws: random.Random) -> tuple[str, bytes]:
        """An input: first the sound ones, then the cases, then changed ones; and its name."""
        if number < len(self.sound):
            return f"sound {number}", _as_bytes(self.sound[number])
        if number < CHANGED:
            cases = sorted(self._cases.items())[number - len(self.sound) :]
            if cases:
                return cases[0]
        sample = draws.choice(self.sound)
        if isinstance(sample, dict) and draws.random() < 0.6:
            return f"changed {number}", mutate.json_of(sample, draws)
        head, data = self.split(_as_bytes(sample))
        return f"changed {number}", head + mutate.bytes_of(data, draws)


def door(kind: str) -> Door:
    return _DOORS[kind]()


def _config() -> Door:
    def enter(data: bytes, folder: Path) -> str:
        config = ExperimentConfig.from_json(load_config(_file(folder, "config.json", data)))
        for problem in budget.problems(config):
            raise problem
        same = ExperimentConfig.from_json(config.to_json()) == config
        return "" if same else "a configuration that does not survive its own file"

    conv = samples.configuration(
        task=samples.GLYPHS, model={"name": "conv4", "filters": 8}, algorithm={"name": "protonet"}
    )
    return Door(enter, (samples.configuration().to_json(), conv.to_json()), bombs.configs)


def _scene() -> Door:
    sound = tuple(samples.scenes())
    families = {s["family"]["name"]: samples.family(s["family"]) for s in sound}

    def enter(data: bytes, folder: Path) -> str:
        opened = scene.read(_file(folder, "a.mlab", data))
        task: Any = opened.open_task(families[opened.family["name"]])
        episode = task.episode()
        if not all(x.isfinite().all() for x in (episode.support.x, episode.query.x)):
            return "a task that is not finite"
        again = opened.open_task(families[opened.family["name"]]).to_json()
        return "" if again == task.to_json() else "a task that changes when it is opened again"

    return Door(enter, sound, bombs.scene_files)


def _image() -> Door:
    style = ImageStyle(28)

    def enter(data: bytes, folder: Path) -> str:
        pixels = read_picture(_file(folder, "a.png", data), style)
        sound = pixels.shape == (1, 28, 28) and bool(((pixels >= 0) & (pixels <= 1)).all())
        return "" if sound else "pixels that are none"

    return Door(enter, tuple(samples.images()), bombs.images)


def _zip() -> Door:
    def enter(data: bytes, folder: Path) -> str:
        root = str(_file(folder, "a.zip", data))
        sizes = {"name": "image_folder", "root": root, "ways": 2, "shots": 1, "queries": 1}
        made = samples.family(sizes)
        drawn = made.draw("train", 0).episode()
        return "" if drawn.support.x.isfinite().all() else "images that are none"

    return Door(enter, (samples.archive(),), bombs.archives)


def _csv() -> Door:
    curve = samples.family(samples.SINUSOID).draw("test", 0)

    def enter(data: bytes, folder: Path) -> str:
        support = curve.with_support_files([_file(folder, "a.csv", data)]).episode().support
        sound = torch.isfinite(support.x).all() and torch.isfinite(support.y).all()
        return "" if sound else "points that are none"

    return Door(enter, tuple(samples.points()), bombs.tables)


def _file(folder: Path, name: str, data: bytes) -> Path:
    file = folder / name
    file.write_bytes(data)
    return file


def _as_bytes(sample: Any) -> bytes:
    return sample if isinstance(sample, bytes) else json.dumps(sample).encode()


def _records(kind: str) -> Callable[[], Door]:
    def made() -> Door:
        from benchmarks.fuzzing import records

        enter, sound = getattr(records, kind)()
        return Door(enter, sound, named=True)

    return made


_DOORS: dict[str, Callable[[], Door]] = {
    "config": _config,
    "scene": _scene,
    "image": _image,
    "zip": _zip,
    "csv": _csv,
    "checkpoint": _records("checkpoint"),
    "run": _records("run"),
}
KINDS = tuple(_DOORS)
