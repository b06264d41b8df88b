"""Zip archives that lie: refused or passed over, never unpacked into memory."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from benchmarks.fuzzing import bombs, samples
from tests.unit.tasks.conftest import Prepare
from workbench.core.errors import BadInput

SIZES = {"ways": 2, "shots": 1, "queries": 1}
SAYS = {
    "a size that lies": "a/b.png: cannot be unpacked (Bad CRC-32",
    "encrypted": "class0/0.png: is behind a password",
    "packed with bzip2": "is packed in a way that is not read here",
    "packed with lzma": "is packed in a way that is not read here",
    "out of itself": "names a file outside of itself",
    "absolute": "names a file outside of itself",
    "backslashes": "names a file outside of itself",
    "a control character": "holds no class folders with readable images",
    "deep": "holds no class folders with readable images",
    "a zip of zips": "holds no class folders with readable images",
    "300,000 entries": "has more than 100,000 entries",
    "entries that overlap": "holds members that overlap",
    "no end": "cannot be read (File is not a zip file)",
    "half a directory": "cannot be read",
}


@pytest.fixture(scope="module")
def hostile() -> dict[str, bytes]:
    return bombs.archives()


def test_every_case_has_its_words(hostile: dict[str, bytes]) -> None:
    assert SAYS.keys() == hostile.keys()


@pytest.mark.parametrize("name", SAYS)
def test_a_hostile_archive_is_refused_at_the_root(
    prepare: Prepare, tmp_path: Path, hostile: dict[str, bytes], name: str
) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(hostile[name])
    with pytest.raises(BadInput) as caught:
        prepare("image_folder", root=file, **SIZES)
    assert caught.value.where == "task.root"
    assert SAYS[name] in str(caught.value) and str(caught.value).isprintable()


def test_a_directory_of_gigabytes_is_not_read(prepare: Prepare, tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    end = bytearray(samples.archive()[-22:])
    end[12:16] = (50 * 2**20).to_bytes(4, "little")
    file.write_bytes(bytes(50 * 2**20) + end)
    with pytest.raises(BadInput, match="more than 32 MB"):
        prepare("image_folder", root=file, **SIZES)


def test_two_files_of_one_name_are_refused(prepare: Prepare, tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("a/0.png", b"x")
        made.writestr("a\\0.png", b"y")
    file = tmp_path / "a.zip"
    file.write_bytes(stream.getvalue())
    with pytest.raises(BadInput, match="two files of one name"):
        prepare("image_folder", root=file, **SIZES)


def test_backslashes_part_folders(prepare: Prepare, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(samples.archive())) as sound:
        members = {info.filename: sound.read(info) for info in sound.infolist()}
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as made:
        for name, data in members.items():
            made.writestr(name.replace("/", "\\"), data)
    assert len(prepare("image_folder", root=file, **SIZES).pool.class_names) == 9


_READ = """
import resource, sys
from pathlib import Path
from workbench.core.errors import BadInput
from workbench.core.registry import get
from workbench.experiments import catalog

catalog.load()
entry = get("task", "image_folder")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    entry.build(entry.params(root=Path(sys.argv[1]))).prepare(lambda *_: None)
except BadInput:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in kB on Linux alone")
@pytest.mark.parametrize("name", ["a size that lies", "300,000 entries"])
def test_memory_is_bounded(tmp_path: Path, hostile: dict[str, bytes], name: str) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(hostile[name])
    command = [sys.executable, "-c", _READ, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[3])
    assert int(done.stdout) < 256 * 1024, done.stderr
