"""Decoded and generated images are kept on disk, so that the second start takes no time."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import Tensor

from workbench.core import places
from workbench.core.errors import BadInput
from workbench.core.files import read_file, sweep, write_atomically
from workbench.core.marked import marked
from workbench.core.strict import Strict, strictly
from workbench.core.tensors import header, load_tensors
from workbench.tasks.image_pool import ImagePool

log = logging.getLogger(__name__)
LEFT_SECONDS = 3600.0
"""Half-written files older than this are nobody's any more: several processes share the cache."""

FORMAT = 2
"""Raised whenever an older program's files would not be understood."""
MAX_BYTES = 4 * 2**30


class PoolFile(Strict):
    """What the file says beside the images."""

    pool: str
    """Names and starts, as JSON."""
    sha256: str
    """Of the images and of ``pool``."""


class Classes(Strict):
    names: list[str]
    starts: list[int]


def load(key: object) -> ImagePool | None:
    """The pool kept under an equal key; nothing if there is none, or if it is damaged."""
    file = _place(key)
    try:
        return _read(file)
    except BadInput as fault:
        if not isinstance(fault.__cause__, FileNotFoundError):
            log.warning("the cache is made again: %s", fault)
        return None


def keep(key: object, pool: ImagePool) -> None:
    """Keep a pool for the next start; a disk that cannot be written costs time, not the run."""
    file = _place(key)
    classes = json.dumps({"names": pool.class_names, "starts": pool.starts})
    facts = {"pool": classes, "sha256": _digest(pool.images, classes)}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        sweep(file.parent, older_than=LEFT_SECONDS)
        write_atomically(file, save({"images": pool.images}, facts))
    except OSError as error:
        log.warning("the cache %s cannot be written (%s)", file, error)


def _place(key: object) -> Path:
    name = hashlib.sha256(repr((FORMAT, key)).encode()).hexdigest()[:24]
    return places.cache("pools", f"{name}.safetensors")


def _read(file: Path) -> ImagePool:
    data = read_file(file, MAX_BYTES)
    facts = strictly(PoolFile, header(data, str(file)).get("__metadata__"), str(file))
    images = load_tensors(data, str(file)).get("images")
    if images is None or _digest(images, facts.pool) != facts.sha256:
        raise BadInput(str(file), marked("is damaged: its SHA-256 is not the recorded one"))
    classes = strictly(Classes, _parsed(facts.pool, file), str(file))
    if images.dtype != torch.uint8 or images.dim() != 4 or classes.starts[-1:] != [len(images)]:
        raise BadInput(str(file), marked("holds no pool of images"))
    return ImagePool(images, tuple(classes.names), tuple(classes.starts))


def _parsed(text: str, file: Path) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadInput(str(file), marked("is damaged ({0})").format(error)) from error


def _digest(images: Tensor, classes: str) -> str:
    digest = hashlib.sha256(images.numpy().tobytes())
    digest.update(classes.encode())
    return digest.hexdigest()
