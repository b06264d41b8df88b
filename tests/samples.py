"""Small problems for whatever is registered: sizes, data where a family needs some, a model."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.unit.tasks import boxes_kit
from tests.unit.tasks.conftest import fill
from workbench.core.params import describe
from workbench.core.registry import Entry, get, names
from workbench.core.task import ProblemSpec
from workbench.experiments import catalog

catalog.load()

SIZES: dict[str, Any] = {
    "ways": 3, "shots": 2, "queries": 2, "horizon": 5, "test_grid": 20, "image_size": 12,
    "filters": 4, "hidden": [8], "width": 8, "features": 256, "adapted": "all",
}  # fmt: skip
"""Of every part that has such a parameter."""
CLASSES = [f"Alphabet{a}/character{c:02}" for a in range(10) for c in range(7)]
"""So many that Omniglot's proportions leave four for validation."""


def pictures(folder: Path) -> Path:
    return fill(folder / "pictures", CLASSES, 4)


def sentences(folder: Path) -> Path:
    """A table of texts with labels; each label has a word of its own."""
    file = folder / "sentences.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["text", "label"])
        for label in range(40):
            for number in range(12):
                table.writerow([f"please tell word{label} of thing{number}", f"label{label}"])
    return file


def boxes(folder: Path) -> Path:
    """Pictures of six kinds of things with boxes."""
    return boxes_kit.as_voc(folder / "boxes", boxes_kit.shown())


def ratings(folder: Path) -> Path:
    """Forty users with twelve ratings each of thirty items."""
    file = folder / "ratings.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["userId", "itemId", "rating"])
        for user in range(40):
            for number in range(12):
                item = (7 * user + 11 * number) % 30
                table.writerow([f"u{user}", f"i{item}", 1 + (user + item) % 5])
    return file


def measurements(folder: Path) -> Path:
    """Two inputs and two outputs of 30 ids, each with slopes of its own."""
    file = folder / "measurements.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["id", "x1", "x2", "y1", "y2"])
        for number in range(30):
            for row in range(12):
                x1, x2 = row - 5.5, (row * 7 % 5) / 2
                table.writerow([f"unit {number}", x1, x2, 100 + number * x1, x2 - number * x1])
    return file


DATA: dict[str, Callable[[Path], Path]] = {
    "curves_csv.root": measurements,
    "image_folder.root": pictures,
    "omniglot.root": pictures,
    "ratings.root": ratings,
    "text.root": sentences,
    "boxes.root": boxes,
}
"""By the parameter that says where the user's data lies."""


def places(entry: Entry) -> list[str]:
    """The parameters of a part that lead to files it cannot do without."""
    found = (info for info in describe(entry.params) if info.kind == "path" and not info.advanced)
    return [f"{entry.name}.{info.name}" for info in found]


@dataclass
class Samples:
    """Makes each kind of data once, below a folder."""

    folder: Path
    known = frozenset(DATA)

    def __post_init__(self) -> None:
        self._made: dict[str, Path] = {}

    def task(self, name: str) -> dict[str, Any]:
        """The settings of a small family with its data; KeyError for data that nobody makes."""
        entry = get("task", name)
        found = {place.split(".")[1]: str(self._data(place)) for place in places(entry)}
        return {"name": name, **_sizes(entry), **found}

    def problem(self, family: str) -> dict[str, dict[str, Any]]:
        """A family and a model that can take it, as sections of a configuration."""
        values = self.task(family)
        entry = get("task", family)
        spec = entry.build(entry.params.model_validate(values)).spec
        return {"task": values, "model": model_for(spec)}

    def _data(self, place: str) -> Path:
        make = DATA[place]
        if make.__name__ not in self._made:
            self._made[make.__name__] = make(self.folder)
        return self._made[make.__name__]


def model_for(spec: ProblemSpec) -> dict[str, Any]:
    """The first model that takes such inputs and needs no file."""
    parts = (get("model", name) for name in names("model"))
    entry = next(part for part in parts if not (part.unfit(spec) or places(part)))
    return {"name": entry.name, **_sizes(entry)}


def _sizes(entry: Entry) -> dict[str, Any]:
    return {name: size for name, size in SIZES.items() if name in entry.params.model_fields}


def kinds() -> dict[tuple[Any, ...], list[str]]:
    """Families by what a model and an algorithm can see of them."""
    found: dict[tuple[Any, ...], list[str]] = {}
    for name in names("task"):
        entry = get("task", name)
        spec = entry.build(entry.params()).spec
        seen = (spec.metric, spec.labels, len(spec.input_shape), spec.vocabulary > 0)
        found.setdefault(seen, []).append(name)
    return found
