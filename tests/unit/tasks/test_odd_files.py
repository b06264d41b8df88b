"""Pipes, devices, folders, sockets, links in circles, files without end: refused at once."""

from __future__ import annotations

import itertools
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.tasks.conftest import Prepare, fill, noise
from workbench.core.errors import BadInput
from workbench.experiments import scene
from workbench.experiments.config import load_config
from workbench.tasks.curve_file import read_points
from workbench.tasks.images import ImageFamily
from workbench.tasks.pictures import read_picture

NAMES = [f"class{n}" for n in range(10)]
SIZES = {"ways": 2, "shots": 1, "queries": 1}
KINDS = (
    "pipe",
    "zero",
    "random",
    "folder",
    "socket",
    "circle",
    "endless",
    "missing",
    "long",
    "nul",
)


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Path]]:
    """One path of every kind that is no file to read."""
    places = {kind: tmp_path / kind for kind in KINDS}
    os.mkfifo(places["pipe"])
    places["zero"], places["random"] = Path("/dev/zero"), Path("/dev/urandom")
    places["folder"].mkdir()
    places["circle"].symlink_to(places["circle"])
    with places["endless"].open("wb") as stream:
        stream.truncate(10 * 2**30)
    places["long"], places["nul"] = Path("x" * 300), Path("a\0b")
    monkeypatch.chdir(tmp_path)  # the address of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        yield places


READERS: dict[str, Callable[[Path, ImageFamily], object]] = {
    "picture": lambda file, family: read_picture(file, family.style),
    "points": lambda file, family: read_points(file),
    "scene": lambda file, family: scene.read(file),
    "config": lambda file, family: load_config(file),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reader", READERS)
def test_what_is_no_file_is_refused_at_once(
    odd: dict[str, Path], prepare: Prepare, reader: str, kind: str
) -> None:
    family, start = prepare("glyphs"), time.process_time()
    with pytest.raises(BadInput) as caught:
        READERS[reader](odd[kind], family)
    assert time.process_time() - start < 2
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("kind", [k for k in KINDS if k not in ("long", "nul")])
@pytest.mark.parametrize("name", ["image_folder", "omniglot"])
def test_a_root_that_is_no_folder_is_refused_at_once(
    odd: dict[str, Path], prepare: Prepare, name: str, kind: str
) -> None:
    start = time.process_time()
    with pytest.raises(BadInput) as caught:
        prepare(name, root=odd[kind], **SIZES)
    assert time.process_time() - start < 2
    assert caught.value.where == "task.root"


def test_what_is_no_image_in_a_folder_is_skipped_and_counted(
    prepare: Prepare, tmp_path: Path
) -> None:
    root = fill(tmp_path / "root", NAMES, 3)
    os.mkfifo(root / "class0" / "pipe.png")
    (root / "class1" / "zero.png").symlink_to("/dev/zero")
    (root / "class2" / "broken.png").symlink_to("nowhere")
    (root / "class3" / "self.png").symlink_to("self.png")
    (root / "class4" / "folder.png").mkdir()
    start = time.process_time()
    family = prepare("image_folder", root=root, **SIZES)
    assert time.process_time() - start < 5
    told = " · ".join(family.notes())
    assert "4 files were skipped" in told
    for words in ("pipe.png: ", "is a pipe", "is a device", "No such file", "Too many levels"):
        assert words in told
    assert len(family.pool.images) == 30


def test_links_that_multiply_end(prepare: Prepare, tmp_path: Path) -> None:
    """Six levels of twenty links each would be 64 million folders."""
    root = fill(tmp_path / "root", NAMES, 3)
    levels = [tmp_path / f"level{n}" for n in range(7)]
    for here, there in itertools.pairwise(levels):
        here.mkdir()
        for number in range(20):
            (here / f"link{number}").symlink_to(there)
    levels[-1].mkdir()
    (root / "maze").symlink_to(levels[0])
    start = time.process_time()
    assert len(prepare("image_folder", root=root, **SIZES).pool.class_names) == 10
    assert time.process_time() - start < 5


def test_a_class_with_classes_below_it_keeps_its_images(prepare: Prepare, tmp_path: Path) -> None:
    """In the order of their paths the images of a class would not stand together."""
    root = fill(tmp_path / "root", NAMES, 3)
    (root / "class1" / "1a").mkdir()
    for number in range(3):
        noise(900 + number).save(root / "class1" / "1a" / f"{number}.png")
    family = prepare("image_folder", root=root, **SIZES)
    apart = prepare("image_folder", root=fill(tmp_path / "apart", NAMES, 3), **SIZES)
    mine, theirs = (f.pool.class_names.index("class1") for f in (family, apart))
    assert family.pool.count(mine) == 3
    for index in range(3):
        assert family.pool.image(mine, index).equal(apart.pool.image(theirs, index))


def test_names_that_are_no_text_are_shown_escaped(prepare: Prepare, tmp_path: Path) -> None:
    root = fill(tmp_path / "root", [f"class{n}" for n in range(9)], 3)
    (root / "class0").rename(root / os.fsdecode(b"caf\xe9\x1b"))
    names = prepare("image_folder", root=root, **SIZES).pool.class_names
    assert "caf\\xe9\\x1b" in names and all(name.isprintable() for name in names)
