"""Kinds of pictures, archives, and what else lies about."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.situations.kit import (
    LETTERS,
    TWELVE,
    Situation,
    beside,
    classes,
    deep,
    encoded,
    numbered,
    zipped,
)
from tests.unit.tasks.conftest import noise

ALL = (8, 2, 2)


def of_kind(suffix: str, kind: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        for number, name in enumerate(LETTERS):
            (folder / name).mkdir()
            for index in range(2):
                noise(10 * number + index, 16).save(folder / name / f"{index}.{suffix}", kind)
        return folder

    return make


def locked(folder: Path) -> Path:
    """One picture of the archive says of itself that it is behind a password."""
    file = zipped(folder)
    data = bytearray(file.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    file.write_bytes(bytes(data))
    return file


def in_a_circle(folder: Path) -> Path:
    TWELVE(folder)
    (folder / LETTERS[0] / "again").symlink_to(folder)
    (folder / "all").symlink_to(folder)
    return folder


def deeper(folder: Path) -> Path:
    TWELVE(folder)
    numbered(folder / "class00" / "old" / "raw", ["2019"], 2, 90)
    return folder


SITUATIONS = (
    Situation("16-bit grey PNG", partial(deep, dtype="uint16", kind="png", high=4095), {}, ALL),
    Situation("16-bit grey TIFF", partial(deep, dtype="uint16", kind="tif", high=65535), {}, ALL),
    Situation(
        "32-bit integer TIFF", partial(deep, dtype="int32", kind="tif", high=100_000), {}, ALL
    ),
    Situation(
        "float TIFF from 0 to 1", partial(deep, dtype="float32", kind="tif", high=1), {}, ALL
    ),
    Situation("PGM", of_kind("pgm", "PPM"), {}, ALL),
    Situation("JFIF", of_kind("jfif", "JPEG"), {}, ALL),
    Situation("AVIF", of_kind("avif", "AVIF"), {}, ALL),
    Situation("WebP", of_kind("webp", "WEBP"), {}, ALL),
    Situation("PNG named .JPG", of_kind("JPG", "PNG"), {}, ALL),
    Situation(
        "HEIC beside them",
        beside(TWELVE, "class00/photo.heic"),
        {},
        ALL,
        "photo.heic: is HEIC, which is read after pip install",
    ),
    Situation(
        "an empty picture", beside(TWELVE, "class00/none.png", b""), {}, ALL, "none.png: is empty"
    ),
    Situation(
        "half a picture",
        beside(TWELVE, "class00/half.png", encoded("PNG")[:90]),
        {},
        ALL,
        "half.png",
    ),
    Situation(
        "a text named .jpg",
        beside(TWELVE, "class00/text.jpg", b"hello"),
        {},
        ALL,
        "is no image of a known format",
    ),
    Situation(
        "a picture in no class folder",
        beside(TWELVE, "cover.png", encoded("PNG")),
        {},
        ALL,
        "cover.png: lies in no class folder",
    ),
    Situation(
        "pictures deeper than group/class", deeper, {}, ALL, "lies deeper than group/class/file"
    ),
    Situation(
        "@eaDir of a server", beside(TWELVE, "class00/@eaDir/0.png", encoded("PNG")), {}, ALL
    ),
    Situation(
        ".DS_Store and Thumbs.db", beside(beside(TWELVE, "class00/Thumbs.db"), ".DS_Store"), {}, ALL
    ),
    Situation("links in a circle", in_a_circle, {}, ALL),
    Situation("a zip", zipped, {}, ALL),
    Situation("a zip of one folder", partial(zipped, prefix="my pictures/"), {}, ALL),
    Situation(
        "a zip, two levels down, with images/",
        partial(zipped, prefix="my pictures/images/"),
        {},
        ALL,
    ),
    Situation("a zip with backslashes", partial(zipped, slash="\\"), {}, ALL),
    Situation("a zip with __MACOSX", partial(zipped, prefix=""), {}, ALL),
    Situation("a zip with a picture behind a password", locked, {}, ALL, "is behind a password"),
    Situation("pictures that are no squares, cropped", TWELVE, {"resize": "crop"}, ALL),
    Situation("colour asked of grey pictures", classes(*[2] * 12), {"colour": "rgb"}, ALL),
)
