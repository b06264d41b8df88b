"""Images and labels as NumPy keeps them: one ``.npz`` file, or one a split.

    images, labels          names such as x and y, data and targets too
    train_images, train_labels, val_images, ...    (MedMNIST)
    train.npz, val.npz, test.npz, each as the first

Nothing in it is run: an array of Python objects is refused, and so is a pickle, which is a program.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath

import numpy as np

from workbench.core.capacity import in_words, memory
from workbench.core.errors import BadInput, printable
from workbench.core.files import open_handle
from workbench.core.marked import marked
from workbench.core.task import Split
from workbench.tasks.archives import MAX_BYTES
from workbench.tasks.deep_pixels import Pixels, to_bytes
from workbench.tasks.image_trees import ImageFile
from workbench.tasks.own.sorted_files import SortedFiles, together
from workbench.tasks.split_names import split_of

SUFFIX = ".npz"
PICKLES = (".pkl", ".pickle", ".p")
IMAGES = ("images", "image", "x", "data", "image_data")
LABELS = ("labels", "label", "y", "targets", "target")
_REMEDY = marked("Give images [M, H, W] or [M, H, W, 3] and labels [M]")

Arrays = dict[str, Pixels]


def refuse_pickle(root: Path) -> None:
    """A pickle is a program that runs when it is read: say how to take the arrays out of it."""
    if root.suffix.lower() in PICKLES:
        raise BadInput(
            "task.root",
            marked("{0} is a pickle, which runs whatever is in it when it is read").format(root),
            marked(
                "If you trust it, convert it in Python: import numpy, pickle; "
                "d = pickle.load(open({0}, 'rb')); "
                "numpy.savez({1}, images=d['images'], labels=d['labels'])"
            ).format(repr(root.name), repr(f"{root.stem}.npz")),
        )


def read(root: Path, mapping: Mapping[str, Split]) -> SortedFiles:
    """The images of a file, or of a folder's files; raises `BadInput` at ``task.root``."""
    files = sorted(root.glob(f"*{SUFFIX}")) if root.is_dir() else [root]
    found: list[ImageFile] = []
    for file in files:
        own = _split_of(file.stem, mapping) if len(files) > 1 else ""
        for split, images, labels in _pairs(file, _arrays(file), own, mapping):
            found += _images(file, split, images, labels)
    return SortedFiles(together(found))


def _arrays(file: Path) -> Arrays:
    handle = open_handle(file, MAX_BYTES, "task.root", _REMEDY)
    try:
        with os.fdopen(handle, "rb") as stream:
            _refuse_large(file, zipfile.ZipFile(stream).infolist())
            stream.seek(0)
            with np.load(stream, allow_pickle=False) as held:
                return {str(name).casefold(): held[name] for name in held.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        reason = marked("it holds Python objects") if "allow_pickle" in str(error) else error
        raise BadInput(
            "task.root", marked("{0} cannot be read ({1})").format(file, reason), _REMEDY
        ) from error


def _refuse_large(file: Path, members: Sequence[zipfile.ZipInfo]) -> None:
    size = sum(info.file_size for info in members)
    if size > min(memory(), MAX_BYTES):
        problem = marked("{0} holds {1} of arrays").format(file, in_words(size))
        raise BadInput("task.root", problem, marked("Give fewer or smaller images"))


def _pairs(
    file: Path, held: Arrays, own: str, mapping: Mapping[str, Split]
) -> Iterator[tuple[str, Pixels, Pixels]]:
    """Split, images and labels of each pair of arrays."""
    found = False
    for name, images in held.items():
        word, kind = _parted(name, IMAGES)
        if not kind:
            continue
        labels = next((a for n, a in held.items() if _parted(n, LABELS) == (word, True)), None)
        if labels is None:
            continue
        found = True
        split = _split_of(word, mapping) if word else own
        yield split, *_checked(file, images, labels)
    if not found:
        there = ", ".join(f"{printable(name)} {array.shape}" for name, array in held.items())
        problem = marked("{0} has no images with labels; it has {1}").format(file, there)
        raise BadInput("task.root", problem, _REMEDY)


def _parted(name: str, kinds: Sequence[str]) -> tuple[str, bool]:
    """``train_images`` and ``x_train`` as the word beside the kind, and whether there is a kind."""
    parts = name.replace("-", "_").split("_")
    for kind in kinds:
        own = kind.split("_")
        if parts[-len(own) :] == own:
            return "_".join(parts[: -len(own)]), True
        if parts[: len(own)] == own:
            return "_".join(parts[len(own) :]), True
    return name, False


def _split_of(word: str, mapping: Mapping[str, Split]) -> str:
    """Of a whole name, or of its last part: ``mini-imagenet-cache-train``."""
    last = word.replace("_", "-").rpartition("-")[-1]
    return split_of(word, mapping) or split_of(last, mapping) or ""


def _checked(file: Path, images: Pixels, labels: Pixels) -> tuple[Pixels, Pixels]:
    """``[M, H, W]`` or ``[M, H, W, 3]`` and ``[M]``; raises `BadInput`."""
    labels = labels.reshape(len(labels), -1) if labels.ndim else labels
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if images.ndim == 4 and images.shape[1] in (1, 3) and images.shape[-1] not in (1, 3):
        images = images.transpose(0, 2, 3, 1)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    colour = images.ndim == 4 and images.shape[-1] == 3
    sound = images.dtype.kind in "uifb" and labels.dtype.kind in "uiUb"
    if not sound or not (colour or images.ndim == 3) or labels.shape != images.shape[:1]:
        problem = marked("{0} has images {1} of {2} and labels {3} of {4}").format(
            file, images.shape, images.dtype, labels.shape, labels.dtype
        )
        raise BadInput("task.root", problem, _REMEDY)
    return images, labels


def _images(file: Path, split: str, images: Pixels, labels: Pixels) -> Iterator[ImageFile]:
    scaled = images if images.dtype == np.uint8 else _scaled(images)
    for at, label in enumerate(labels):
        place = PurePosixPath(split, printable(label), f"{at:09}")
        yield ImageFile(place, -1, partial(_netpbm, scaled, at), printable(label), split)


def _scaled(images: Pixels) -> Pixels:
    """As bytes: numbers from 0 to 1 as they are, others by the range of all images together."""
    unit = images.dtype.kind == "f" and images.size and images.min() >= 0 and images.max() <= 1
    return (images * 255).round().astype(np.uint8) if unit else to_bytes(images)


def _netpbm(images: Pixels, at: int) -> bytes:
    """An image as the plainest of formats, which is read like every other file."""
    pixels = images[at]
    kind = b"P6" if pixels.ndim == 3 else b"P5"
    size = f"{pixels.shape[1]} {pixels.shape[0]}".encode()
    return b"%s\n%s\n255\n%s" % (kind, size, np.ascontiguousarray(pixels).tobytes())
