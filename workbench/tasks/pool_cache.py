"""Decoded and generated images are kept on disk, so that the second start takes no time."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from workbench import places
from workbench.core.files import write_atomically
from workbench.tasks.image_pool import ImagePool

log = logging.getLogger(__name__)


def load(key: object) -> ImagePool | None:
    """The pool kept under an equal key; nothing if there is none, or if it is damaged."""
    return _read(_place(key))


def keep(key: object, pool: ImagePool) -> None:
    """Keep a pool for the next start; a disk that cannot be written costs time, not the run."""
    _write(_place(key), pool)


def _place(key: object) -> Path:
    name = hashlib.sha256(repr(key).encode()).hexdigest()[:24]
    return places.cache("pools", f"{name}.safetensors")


def _read(file: Path) -> ImagePool | None:
    if not file.exists():
        return None
    try:
        with safe_open(file, framework="pt") as stored:
            images, facts = stored.get_tensor("images"), stored.metadata() or {}
    except (OSError, SafetensorError) as error:
        log.warning("the cache %s is made again (%s)", file, error)
        return None
    digest = hashlib.sha256(images.numpy().tobytes()).hexdigest()
    if digest != facts.get("sha256"):
        log.warning("the cache %s is damaged and made again", file)
        return None
    pool = json.loads(facts["pool"])
    return ImagePool(images, tuple(pool["names"]), tuple(pool["starts"]))


def _write(file: Path, pool: ImagePool) -> None:
    facts = {
        "pool": json.dumps({"names": pool.class_names, "starts": pool.starts}),
        "sha256": hashlib.sha256(pool.images.numpy().tobytes()).hexdigest(),
    }
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, save({"images": pool.images}, facts))
    except OSError as error:
        log.warning("the cache %s cannot be written (%s)", file, error)
