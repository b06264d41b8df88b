"""Zip archives of unknown origin: listed and read within limits, never unpacked.

What an archive says of itself may be false: every member is read no further than its stated size,
and the directory is measured before its entries become objects.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import NamedTuple

from workbench.core.errors import BadInput, brief
from workbench.core.files import open_handle
from workbench.core.marked import marked

MAX_ENTRIES = 100_000
MAX_BYTES = 4 * 2**30
MAX_RATIO = 200
MAX_DIRECTORY = 32 * 2**20
"""Bytes of the list of members."""
_ENTRY = b"PK\x01\x02"
_HEADER = 30
"""Bytes before the name of a member, at least."""
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Ways of packing that can be undone piece by piece: of the others one piece may be gigabytes."""
_REMEDY = marked("Unpack it with a tool you trust, look inside, and choose the folder")


class Member(NamedTuple):
    """A file of an archive, or of a folder."""

    name: str
    """Its place below the root, with slashes."""
    size: int
    read: Callable[[], bytes]
    stamp: str = ""
    """Changes with the content: times of a file, the checksum of a member."""


def members(root: Path, stack: ExitStack) -> list[Member]:
    """The files in an archive, readable until ``stack`` closes; raises `BadInput` at task.root."""
    archive = _open(root, stack)
    found = [info for info in archive.infolist() if not info.is_dir()]
    for problem in _problems(archive, found):
        raise _refused(f"{root} {problem}")
    return [
        Member(_slashed(info), info.file_size, partial(_read, archive, info), f"{info.CRC:08x}")
        for info in found
    ]


class _Measured(io.FileIO):
    """A file that is not read in pieces of more than a directory's size."""

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = size if size is not None and size >= 0 else MAX_DIRECTORY + 1
        data = super().read(min(wanted, MAX_DIRECTORY + 1)) or b""
        if len(data) > MAX_DIRECTORY:
            raise _refused("the archive has a list of members of more than 32 MB")
        if data.count(_ENTRY) > MAX_ENTRIES:
            raise _refused("the archive has more than 100,000 entries")
        return data


def _open(root: Path, stack: ExitStack) -> zipfile.ZipFile:
    remedy = marked("Choose a folder or a .zip archive")
    handle = open_handle(root, MAX_BYTES, "task.root", remedy)
    stream = stack.enter_context(_Measured(handle))
    try:
        return stack.enter_context(zipfile.ZipFile(stream))
    except BadInput:
        raise
    except Exception as error:
        # Damaged archives are answered with exceptions of every kind.
        raise BadInput(
            "task.root", marked("{0} cannot be read ({1})").format(root, error), remedy
        ) from error


def _problems(archive: zipfile.ZipFile, found: Sequence[zipfile.ZipInfo]) -> Iterator[str]:
    """What is wrong with the archive as a whole."""
    if sum(info.file_size for info in found) > MAX_BYTES:
        yield "holds more than 4 GB"
    names = [_slashed(info) for info in found]
    for info, name in zip(found, names, strict=True):
        if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
            yield f"names a file outside of itself: {brief(name)}"
        if info.file_size > MAX_RATIO * max(info.compress_size, 1):
            yield f"holds an archive bomb: {brief(name)}"
    if len(set(names)) < len(names):
        yield "holds two files of one name"
    yield from _overlaps(archive, found)


def _overlaps(archive: zipfile.ZipFile, found: Sequence[zipfile.ZipInfo]) -> Iterator[str]:
    """Members that share bytes: a small archive that is a large one."""
    ordered = sorted(found, key=lambda info: info.header_offset)
    ends = [*(info.header_offset for info in ordered[1:]), archive.start_dir]
    for info, end in zip(ordered, ends[-len(ordered) :], strict=True):
        if info.header_offset + _HEADER + info.compress_size > end:
            yield f"holds members that overlap: {brief(info.filename)}"


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A member, and no byte more than it is said to have."""
    if info.flag_bits & 1:
        raise ValueError("is behind a password: unpack the archive, and choose the folder")
    if info.compress_type not in _PACKED:
        raise ValueError("is packed in a way that is not read here")
    with archive.open(info) as stream:
        data = stream.read(info.file_size)
        if len(data) < info.file_size or stream.read(1):
            raise ValueError("is not as long as the archive says")
    return data


def _slashed(info: zipfile.ZipInfo) -> str:
    return info.filename.replace("\\", "/")


def _refused(problem: str) -> BadInput:
    return BadInput("task.root", problem, _REMEDY)
