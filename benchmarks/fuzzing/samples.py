"""Sound files of every kind, to be made wrong, and files that are wrong in a way of their own."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from typing import Any

import numpy as np
import torch
from PIL import Image

from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.scene import Scene
from workbench.experiments.session import build_family
from workbench.tasks.image_pool import Picture

GLYPHS = {"name": "glyphs", "ways": 3, "shots": 2, "queries": 2}
SINUSOID = {"name": "sinusoid", "shots": 5, "queries": 5, "test_grid": 20}


def configuration(**changes: dict[str, Any]) -> ExperimentConfig:
    """A small experiment on curves."""
    model = {"name": "mlp", "hidden": [8, 8]}
    base = catalog.preset("sinusoid").config
    small = base.replaced({"task": SINUSOID, "model": model, "training": {"iterations": 3}})
    return small.replaced(changes) if changes else small


def family(task: dict[str, Any]) -> Any:
    """Prepared; glyphs come with the program."""
    model = {"name": "mlp", "hidden": [8]}
    made = build_family(configuration(task=task, model=model))
    made.prepare(lambda message, fraction: None)
    return made


def scenes() -> list[dict[str, Any]]:
    """One of a curve and one of characters, as their files hold them."""
    found = []
    for task in (SINUSOID, GLYPHS):
        made = family(task)
        drawn: Any = made.draw("test", 4)
        if task is GLYPHS:
            own = Picture(torch.rand(1, 28, 28), "drawn", (((0.1, 0.2), (0.3, 0.4)),))
            drawn = drawn.with_item((1, 1), own)
        scene = Scene.of(made, drawn, "test", 4, 3, {"a": torch.ones(2)}, ((0, 1),))
        values = {"format": 1, **vars(scene), "locked": [[0, 1]]}
        found.append(json.loads(json.dumps(values)))
    return found


def picture(seed: int, size: int = 20) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (size, size), dtype=np.uint8)
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def images() -> list[bytes]:
    kinds = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
    plain = [encoded(picture(1, 40).convert("RGB"), kind) for kind in kinds]
    exif = Image.Exif()
    exif[0x0112] = 6
    return [
        *plain,
        encoded(picture(2, 40).convert("RGBA"), "PNG"),
        encoded(picture(3, 40), "JPEG", progressive=True, exif=exif),
        encoded(picture(4, 40), "TIFF", compression="tiff_lzw"),
        encoded(picture(5), "GIF", save_all=True, append_images=[picture(6), picture(7)]),
    ]


def archive(packing: int = zipfile.ZIP_DEFLATED, classes: int = 9) -> bytes:
    """Nine classes of four pictures: 2-way 1-shot tasks can be drawn from them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as made:
        for name in range(classes):
            for index in range(4):
                data = encoded(picture(10 * name + index, 12), "PNG")
                made.writestr(f"class{name}/{index}.png", data)
    return stream.getvalue()


def points() -> list[bytes]:
    rows = [f"{x / 3:.3f},{np.sin(x):.4f}" for x in range(-9, 9)]
    return ["\n".join(rows).encode(), ("x,y\r\n" + "\r\n".join(rows) + "\r\n").encode()]


def chunk(name: bytes, data: bytes) -> bytes:
    """A piece of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    """One that says it has so many grey pixels."""
    start = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + start + b"".join(chunks) + chunk(b"IEND", b"")
