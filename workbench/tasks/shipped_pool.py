"""Images that come drawn with the program: the first start need not draw them.

And they are the same on every machine, whatever its arithmetic makes of the last bit of a curve.
"""

from __future__ import annotations

import logging
import zipfile
import zlib
from pathlib import Path

import numpy as np
import torch

from workbench.core import resources
from workbench.tasks.image_pool import ImagePool

log = logging.getLogger(__name__)


def place(name: str) -> Path:
    return resources.path("pools", f"{name}.npz")


def load(name: str) -> ImagePool | None:
    """The pool of that name; nothing if none comes with the program, or if it is damaged."""
    file = place(name)
    if not file.exists():
        return None
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
            images, names, starts = kept["images"], kept["names"], kept["starts"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        log.warning("%s is drawn again (%s)", file, error)
        return None
    return ImagePool(torch.from_numpy(images), tuple(names.tolist()), tuple(starts.tolist()))


def write(name: str, pool: ImagePool) -> None:
    """For the makers of a release: see benchmarks/shipped_glyphs.py."""
    file = place(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        file, images=pool.images.numpy(), names=np.array(pool.class_names), starts=pool.starts
    )
