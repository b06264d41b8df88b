"""Pictures of plain rectangles with their boxes, written as Pascal VOC, COCO and YOLO."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

SIZE = (80, 60)
CLASSES = ("ant", "Bee", "cat", "dog", "elk", "fox")

Edges = tuple[int, int, int, int]


@dataclass(frozen=True)
class Shown:
    """A picture by its name, and what it shows."""

    name: str
    boxes: tuple[tuple[str, Edges], ...]


def shown(each: int = 5, classes: tuple[str, ...] = CLASSES, seed: int = 0) -> list[Shown]:
    """``each`` pictures of every class, of that class alone; in some of them twice."""
    draws = np.random.default_rng(seed)
    found = []
    for label in classes:
        for number in range(each):
            columns = [(2, 30), (44, 72)][: 1 + number % 2]
            boxes = []
            for low, high in columns:
                left, top = int(draws.integers(low, high - 14)), int(draws.integers(2, 30))
                right, bottom = left + int(draws.integers(10, 14)), top + int(draws.integers(9, 25))
                boxes.append((label, (left, top, right, bottom)))
            found.append(Shown(f"{label.lower()}{number}.png", tuple(boxes)))
    return found


def paint(folder: Path, pictures: list[Shown]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for at, one in enumerate(pictures):
        sheet = np.full((SIZE[1], SIZE[0], 3), 20 + at % 50, dtype=np.uint8)
        for label, (left, top, right, bottom) in one.boxes:
            tone = [60 + 30 * (ord(letter) % 7) for letter in label.lower()[:3]]
            sheet[top:bottom, left:right] = tone
        Image.fromarray(sheet).save(folder / one.name)


def voc_text(name: str, boxes: Any, size: tuple[int, int] = SIZE) -> str:
    objects = "".join(
        f"<object><name>{label}</name><bndbox><xmin>{e[0]}</xmin><ymin>{e[1]}</ymin>"
        f"<xmax>{e[2]}</xmax><ymax>{e[3]}</ymax></bndbox></object>"
        for label, e in boxes
    )
    size_text = f"<size><width>{size[0]}</width><height>{size[1]}</height></size>"
    return f"<annotation><filename>{name}</filename>{size_text}{objects}</annotation>"


def as_voc(root: Path, pictures: list[Shown]) -> Path:
    paint(root / "JPEGImages", pictures)
    (root / "Annotations").mkdir()
    for one in pictures:
        file = (root / "Annotations" / one.name).with_suffix(".xml")
        file.write_text(voc_text(one.name, one.boxes), encoding="utf-8")
    return root


def coco_of(pictures: list[Shown]) -> dict[str, Any]:
    labels = sorted({label for one in pictures for label, _ in one.boxes})
    categories = [{"id": 3 * at + 1, "name": label} for at, label in enumerate(labels)]
    ids = {label: 3 * at + 1 for at, label in enumerate(labels)}
    images, annotations = [], []
    for at, one in enumerate(pictures):
        images.append({"id": 100 + at, "file_name": one.name, "width": SIZE[0], "height": SIZE[1]})
        for label, (left, top, right, bottom) in one.boxes:
            box = [left, top, right - left, bottom - top]
            annotations.append(
                {
                    "id": len(annotations),
                    "image_id": 100 + at,
                    "category_id": ids[label],
                    "bbox": box,
                    "iscrowd": 0,
                }
            )
    return {"images": images, "annotations": annotations, "categories": categories}


def as_coco(root: Path, pictures: list[Shown]) -> Path:
    paint(root / "images", pictures)
    text = json.dumps(coco_of(pictures))
    (root / "annotations.json").write_text(text, encoding="utf-8")
    return root


def as_yolo(root: Path, pictures: list[Shown]) -> Path:
    paint(root / "images", pictures)
    (root / "labels").mkdir()
    labels = sorted({label for one in pictures for label, _ in one.boxes})
    names = "\n".join(f"  {at}: {label}" for at, label in enumerate(labels))
    (root / "data.yaml").write_text(f"train: images\nnames:\n{names}\nnc: 6\n", encoding="utf-8")
    for one in pictures:
        lines = []
        for label, (left, top, right, bottom) in one.boxes:
            w, h = (right - left) / SIZE[0], (bottom - top) / SIZE[1]
            cx, cy = (left + right) / 2 / SIZE[0], (top + bottom) / 2 / SIZE[1]
            lines.append(f"{labels.index(label)} {cx:.6f} {cy:.6f} {w:.6f} {h:.6f}")
        file = (root / "labels" / one.name).with_suffix(".txt")
        file.write_text("\n".join(lines), encoding="utf-8")
    return root
