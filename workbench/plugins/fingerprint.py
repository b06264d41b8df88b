"""What the trust in a package is bound to: its name, its version and its files."""

from __future__ import annotations

import hashlib
from importlib import metadata
from pathlib import Path

CODE = (".py", ".pth", ".so", ".pyd", ".dll", ".dylib")
RECORDS = ("RECORD", "entry_points.txt", "METADATA")


def fingerprint(distribution: metadata.Distribution, edited_in: str) -> str:
    """A SHA-256 over name, version, records and every file of code as it is on the disk.

    Files of data count as ``RECORD`` describes them, so that a package with gigabytes of them is
    read in no time. Of a package that is edited where it lies (``edited_in``) the folder counts.
    """
    found = hashlib.sha256()
    for text in (distribution.metadata["Name"], distribution.version, edited_in):
        _add(found, str(text).encode())
    for name in RECORDS:
        _add(found, (distribution.read_text(name) or "").encode())
    for file in sorted(map(str, distribution.files or ())):
        if file.endswith(CODE):
            _add(found, file.encode())
            _add(found, _digest(Path(str(distribution.locate_file(file)))))
    return found.hexdigest()


def _add(found: hashlib._Hash, part: bytes) -> None:
    """With its length, so that no two lists of parts read the same."""
    found.update(len(part).to_bytes(8, "big") + part)


def _digest(file: Path) -> bytes:
    """Of the content; a file that is not there has none."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest()
    except OSError:
        return b""
