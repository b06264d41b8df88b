"""Omniglot as people have it: unpacked, zipped, official, partial, damaged, or not at all."""

from __future__ import annotations

import hashlib
import shutil
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch

from tests.unit.tasks.conftest import Prepare, quiet
from workbench.core import vision
from workbench.core.errors import BadInput
from workbench.core.registry import get
from workbench.tasks.images import ImageFamily

SIZES = {"ways": 2, "shots": 1, "queries": 1}
SETS = ("images_background", "images_evaluation")


def zipped(tree: Path, file: Path, prefix: str) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(tree.rglob("*.png")):
            archive.write(path, f"{prefix}/{path.relative_to(tree)}")
    return file


def halves(tree: Path, root: Path) -> Path:
    """The tree as the two official sets, five alphabets each, unpacked."""
    for number, alphabet in enumerate(sorted(tree.iterdir())):
        shutil.copytree(alphabet, root / SETS[number % 2] / alphabet.name)
    return root


def test_every_layout_gives_the_same_pictures(prepare: Prepare, tree: Path, tmp_path: Path) -> None:
    roots = [
        tree,
        zipped(tree, tmp_path / "any name.zip", "images_background"),
        halves(tree, tmp_path / "both"),
        halves(tree, tmp_path / "torchvision" / "omniglot-py").parent,
    ]
    made = [prepare("omniglot", root=root, **SIZES) for root in roots]
    assert {len(family.pool.class_names) for family in made} == {40}
    assert all(torch.equal(f.pool.images, made[0].pool.images) for f in made)
    assert {f.fingerprint for f in made} == {made[0].fingerprint}


def test_the_second_start_reads_no_picture(
    prepare: Prepare, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = prepare("omniglot", root=tree, **SIZES)
    monkeypatch.setattr("PIL.Image.open", lambda *_, **__: pytest.fail("a picture is read"))
    assert prepare("omniglot", root=tree, **SIZES).fingerprint == first.fingerprint


def test_a_changed_picture_is_read_again(prepare: Prepare, tree: Path, tmp_path: Path) -> None:
    file = zipped(tree, tmp_path / "a.zip", "x")
    first = prepare("omniglot", root=file, **SIZES)
    with zipfile.ZipFile(file, "w") as archive:
        for number, path in enumerate(sorted(tree.rglob("*.png"), reverse=True)):
            archive.write(path, f"x/A/character{number // 8:02}/{number % 8}.png")
    assert prepare("omniglot", root=file, **SIZES).fingerprint != first.fingerprint


def test_the_whole_of_omniglot_is_split_as_in_the_paper(
    prepare: Prepare, tree: Path, tmp_path: Path
) -> None:
    drawings = sorted(tree.rglob("*.png"))[:2]
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for number in range(1623):
            for drawing in drawings:
                archive.write(drawing, f"x/A/character{number}/{drawing.name}")
    family = prepare("omniglot", root=tmp_path / "all.zip", **SIZES)
    assert [info.classes for info in family.splits().values()] == [1100, 100, 423]


def test_the_real_background_set(prepare: Prepare, omniglot_zip: Path) -> None:
    family = prepare("omniglot", root=omniglot_zip)
    assert family.pool.images.shape == (19_280, 1, 28, 28)
    assert sum(info.classes or 0 for info in family.splits().values()) == 964
    assert any("964" in note for note in family.notes())
    ink = float(family.pool.images.float().mean()) / 255
    assert ink == pytest.approx(0.081, abs=0.003), "ink is 1, paper is 0"


def refused(prepare: Prepare, root: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        prepare("omniglot", root=root, **SIZES)
    assert caught.value.where == "task.root" and caught.value.remedy
    assert str(root) in str(caught.value)
    return caught.value


def test_nothing_there_is_refused_with_the_remedy(prepare: Prepare, tmp_path: Path) -> None:
    assert "download" in refused(prepare, tmp_path / "none").remedy
    refused(prepare, tmp_path)
    with pytest.raises(BadInput, match="download") as caught:
        prepare("omniglot", **SIZES)
    assert caught.value.where == "task.root"


@pytest.mark.parametrize("data", [b"", b"no archive", b"PK\x03\x04 half an archive"])
def test_a_damaged_archive_is_refused(prepare: Prepare, tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "omniglot.zip"
    file.write_bytes(data)
    refused(prepare, file)


OUTSIDE = ["../A/c/0.png", "/A/c/0.png", "x/../../A/c/0.png", "C:/A/c/0.png"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_an_archive_that_reaches_out_is_refused(
    prepare: Prepare, tree: Path, tmp_path: Path, name: str
) -> None:
    file = zipped(tree, tmp_path / "slip.zip", "x")
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, b"")
    assert "outside" in refused(prepare, file).problem


def test_an_archive_bomb_is_refused(prepare: Prepare, tmp_path: Path) -> None:
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/A/c/0.png", bytes(5 * 2**20))
    assert "bomb" in refused(prepare, file).problem


def test_a_damaged_member_is_skipped_and_named(
    prepare: Prepare, tree: Path, tmp_path: Path
) -> None:
    file = zipped(tree, tmp_path / "bad.zip", "x")
    with zipfile.ZipFile(file) as archive:
        info = archive.infolist()[7]
    data = bytearray(file.read_bytes())
    data[info.header_offset + 30 + len(info.filename) + 60] ^= 1
    file.write_bytes(data)
    family = prepare("omniglot", root=file, **SIZES)
    assert len(family.pool.images) == 319
    assert any(Path(info.filename).name in note for note in family.notes())


def test_a_drawing_that_lies_there_twice_counts_once(
    prepare: Prepare, tree: Path, tmp_path: Path
) -> None:
    file = tmp_path / "twice.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for path in sorted(tree.rglob("*.png")):
            for part in ("images_background", "images_background_small1"):
                archive.write(path, f"{part}/{path.relative_to(tree)}")
    family = prepare("omniglot", root=file, **SIZES)
    assert len(family.pool.images) == 320


@pytest.fixture
def served(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A server here with two small archives that torchvision takes for the official ones."""
    folder = tmp_path / "server"
    both = halves(tree, tmp_path / "both")
    folder.mkdir()
    omniglot = vision.torchvision().datasets.Omniglot
    sums = {}
    for name in SETS:
        archive = zipped(both / name, folder / f"{name}.zip", name)
        sums[name] = hashlib.md5(archive.read_bytes(), usedforsecurity=False).hexdigest()
    handler = partial(_Quiet, directory=str(folder))
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(omniglot, "download_url_prefix", address)
        monkeypatch.setattr(omniglot, "zips_md5", sums)
        yield folder
        server.shutdown()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = False


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


def downloading(root: Path) -> ImageFamily:
    entry = get("task", "omniglot")
    values = {"root": root, "download": True, **SIZES}
    family: ImageFamily = entry.build(entry.params.model_validate(values))
    return family


def test_a_download_is_checked_read_and_not_repeated(served: Path, tmp_path: Path) -> None:
    said: list[str] = []
    family = downloading(tmp_path / "root")
    family.prepare(lambda message, fraction: said.append(message))
    assert len(family.pool.class_names) == 40
    assert any("ownload" in message for message in said)
    for archive in served.iterdir():
        archive.unlink()
    again = downloading(tmp_path / "root")
    again.prepare(quiet)
    assert again.fingerprint == family.fingerprint


@pytest.mark.parametrize("reply", [None, b"<html>an error page</html>"])
def test_a_failed_download_says_so_and_leaves_nothing(
    served: Path, tmp_path: Path, reply: bytes | None
) -> None:
    archive = served / "images_evaluation.zip"
    archive.unlink()
    if reply:
        archive.write_bytes(reply)
    with pytest.raises(BadInput) as caught:
        downloading(tmp_path / "root").prepare(quiet)
    assert caught.value.where == "task.download" and caught.value.remedy
    assert not list((tmp_path / "root").rglob("images_evaluation*"))


def test_a_zip_that_is_given_needs_no_download(
    prepare: Prepare, tree: Path, tmp_path: Path
) -> None:
    file = zipped(tree, tmp_path / "mine.zip", "x")
    assert prepare("omniglot", root=file, download=True, **SIZES)


def test_cancelling_a_download_leaves_nothing(served: Path, tmp_path: Path) -> None:
    def report(message: str, fraction: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        downloading(tmp_path / "root").prepare(report)
    assert not list((tmp_path / "root").rglob("*.zip"))


def test_half_an_archive_of_an_earlier_day_is_fetched_again(served: Path, tmp_path: Path) -> None:
    folder = tmp_path / "root" / "omniglot-py"
    folder.mkdir(parents=True)
    (folder / "images_background.zip").write_bytes(b"PK half")
    family = downloading(tmp_path / "root")
    family.prepare(quiet)
    assert len(family.pool.class_names) == 40
