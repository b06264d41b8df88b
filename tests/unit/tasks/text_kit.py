"""Small corpora in every form that the family `text` reads."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from workbench.core.registry import get
from workbench.experiments import catalog
from workbench.tasks.text import OwnText

catalog.load()
SIZES = {"ways": 2, "shots": 1, "queries": 2, "features": 256}
CLASSES = tuple(f"class {number}" for number in range(10))


def sentences(label: str, count: int = 6) -> list[str]:
    """Different sentences that share the words of their label, with a comma and a quote in each."""
    return [f'Say "{label}", number {number}' for number in range(count)]


def pairs(classes: Iterable[str] = CLASSES, count: int = 6) -> list[tuple[str, str]]:
    return [(text, label) for label in classes for text in sentences(label, count)]


def write_csv(
    path: Path,
    rows: Iterable[Sequence[str]],
    names: Sequence[str] = ("text", "label"),
    delimiter: str = ",",
) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, delimiter=delimiter).writerows([names, *rows])
    return path


def write_json(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def own(root: Path, **values: object) -> OwnText:
    """The family of a file, prepared."""
    entry = get("task", "text")
    family = entry.build(entry.params.model_validate({**SIZES, "root": str(root), **values}))
    family.prepare(lambda message, fraction: None)
    assert isinstance(family, OwnText)
    return family
