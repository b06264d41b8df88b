"""Own pictures on the disk: decoded once, whatever happens to what was kept."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch import Generator

from tests.unit.tasks.conftest import Prepare
from workbench.core import places
from workbench.tasks import image_trees, kept_pixels
from workbench.tasks.image_folder import ImageFolder
from workbench.tasks.image_trees import ImageFile, load_pool
from workbench.tasks.own import cache_room, picture_cache
from workbench.tasks.own.source import opened
from workbench.tasks.pictures import ImageStyle, decode

SIZES = {"ways": 2, "shots": 1, "queries": 1, "image_size": 8}
Decoded = list[bytes]


class Cancelled(Exception):
    """By whoever waited."""


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> Decoded:
    """What is decoded from now on."""
    seen = Decoded()

    def counted(data: bytes, style: ImageStyle) -> torch.Tensor:
        seen.append(data)
        return decode(data, style)

    monkeypatch.setattr(image_trees, "decode", counted)
    return seen


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six classes of three pictures, and a cache of its own."""
    monkeypatch.setattr(places, "cache", lambda *parts: tmp_path.joinpath("cache", *parts))
    draws = random.Random(0)
    for number in range(6):
        folder = tmp_path / "data" / f"class{number}"
        folder.mkdir(parents=True)
        for item in range(3):
            picture(folder / f"{item}.png", draws)
    return tmp_path / "data"


def picture(file: Path, draws: random.Random) -> None:
    Image.frombytes("L", (8, 8), draws.randbytes(64)).save(file)


def cache(root: Path) -> Path:
    return root.parent / "cache" / "pictures"


def made(prepare: Prepare, root: Path) -> ImageFolder:
    family = prepare("image_folder", root=root, **SIZES)
    assert isinstance(family, ImageFolder)
    return family


def test_the_second_start_decodes_nothing_and_is_the_same(
    prepare: Prepare, root: Path, decoded: Decoded
) -> None:
    (root / "class0" / "broken.png").write_bytes(b"no picture")
    first = made(prepare, root)
    assert len(decoded) == 19
    again = made(prepare, root)
    assert len(decoded) == 19
    assert torch.equal(first.pool.images, again.pool.images)
    assert first.notes() == again.notes() and "broken.png" in " ".join(again.notes())
    assert (first.fingerprint, first.classes) == (again.fingerprint, again.classes)
    tasks = [f.episodes("test", 2, Generator().manual_seed(1)).query.x for f in (first, again)]
    assert torch.equal(*tasks)


def test_kept_pictures_are_those_that_are_decoded_into_memory(prepare: Prepare, root: Path) -> None:
    """Pixels, tasks and fingerprint, so that runs of older versions find their data unchanged."""
    family = made(prepare, root)
    with opened(root, Path(), {}, lambda message, share: None) as found:
        pool, _ = load_pool(found.files, family.style, lambda message, share: None)
    rest = b"anything"
    assert family.pool.kept is not None and pool.kept is None
    assert torch.equal(family.pool.images, pool.images)
    assert family.pool.fingerprint(rest) == pool.fingerprint(rest)
    assert (family.pool.class_names, family.pool.starts) == (pool.class_names, pool.starts)


@pytest.mark.parametrize("change", ["other", "more", "less"])
def test_a_change_of_the_files_is_seen(
    prepare: Prepare, root: Path, decoded: Decoded, change: str
) -> None:
    before = made(prepare, root).fingerprint
    file = root / "class3" / "1.png"
    if change == "less":
        file.unlink()
    else:
        picture(file if change == "other" else root / "class3" / "9.png", random.Random(1))
    assert made(prepare, root).fingerprint != before and len(decoded) > 18 + 16


def damaged(cache: Path, how: str) -> None:
    (pixels,), (facts,) = cache.glob("*.pixels"), cache.glob("*.json")
    if how == "short":
        pixels.write_bytes(pixels.read_bytes()[:-1])
    elif how == "zeros":
        pixels.write_bytes(bytes(pixels.stat().st_size))
    elif how == "picture":
        data = bytearray(pixels.read_bytes())
        data[70] ^= 1
        pixels.write_bytes(data)
    elif how == "facts":
        facts.write_text(facts.read_text().replace("class3", "class9"))
    elif how == "gone":
        pixels.unlink()
    elif how == "halved":
        facts.unlink()


@pytest.mark.parametrize("how", ["short", "zeros", "picture", "facts", "gone", "halved"])
def test_damage_costs_time_and_nothing_else(
    prepare: Prepare, root: Path, decoded: Decoded, how: str
) -> None:
    first = made(prepare, root)
    sound = first.pool.images.clone()
    damaged(cache(root), how)
    again = made(prepare, root)
    assert len(decoded) == 36 and torch.equal(again.pool.images, sound)
    assert made(prepare, root).classes == first.classes and len(decoded) == 36


def files_of(root: Path) -> list[ImageFile]:
    with opened(root, Path(), {}, lambda message, share: None) as found:
        return found.files


def test_whoever_cancels_leaves_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(message: str, share: float) -> None:
        if share > 0.5:
            raise Cancelled

    monkeypatch.setattr(image_trees, "REPORT_EVERY", 4)
    with pytest.raises(Cancelled):
        picture_cache.load(root, files_of(root), ImageStyle(8), stop)
    assert list(cache(root).iterdir()) == []


def test_without_room_pictures_are_held_in_memory_and_it_is_said(
    prepare: Prepare, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_room, "MOST", 100)
    family = made(prepare, root)
    assert family.pool.kept is None and not list(cache(root).iterdir())
    assert any("has room for 100 bytes" in note for note in family.notes())


def test_a_home_that_cannot_be_written_is_said(prepare: Prepare, root: Path) -> None:
    (root.parent / "cache").write_text("")
    family = made(prepare, root)
    assert family.pool.kept is None
    assert any("cannot be written" in note for note in family.notes())


def test_what_was_not_used_for_longest_goes(
    prepare: Prepare, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(prepare, root)
    (old,) = cache(root).glob("*.json")
    os.utime(old, (1, 1))
    monkeypatch.setattr(cache_room, "MOST", 18 * (16 * 16 + 8))
    prepare("image_folder", root=root, **{**SIZES, "image_size": 16})
    assert not old.exists() and len(list(cache(root).iterdir())) == 2


def test_pages_that_were_given_back_hold_the_same(
    prepare: Prepare, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = made(prepare, root)
    whole = family.pool.images.clone()
    monkeypatch.setattr(kept_pixels, "RESIDENT", 1)
    places = torch.arange(18)
    assert all(torch.equal(family.pool.at(places), whole) for _ in range(3))
