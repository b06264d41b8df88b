"""Whose code may run: the files and packages that this user has trusted, by their SHA-256.

They are kept in the user's own settings and nowhere else: what a run, a configuration or a scene
says of its own file is no trust.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench.core import places
from workbench.core.errors import BadInput, printable
from workbench.core.files import read_json, write_atomically
from workbench.core.marked import marked

FORMAT = 1
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_HINT = marked("Delete it, or mend it; it lists what you have trusted")

_writing = threading.Lock()
_for_now: set[str] = set()
"""Trusted by this process, until it ends or `for_now` does."""


def file() -> Path:
    return places.config("trusted.json")


def is_trusted(sha256: str) -> bool:
    """Whether this user has trusted exactly this content. What cannot be read trusts nothing."""
    if sha256 in _for_now:
        return True
    try:
        return sha256 in _read()
    except BadInput:
        return False


def damage() -> str:
    """Why the file of what is trusted is not believed; empty when it is sound or not there."""
    try:
        _read()
    except BadInput as problem:
        return str(problem)
    return ""


def remember(sha256: str, path: Path | str) -> None:
    """Trust this content from now on; ``path`` is noted for whoever reads the file.

    Of a package it is name and version.

    Raises `BadInput` when it cannot be kept; then it holds until the program ends.
    """
    _for_now.add(sha256)
    with _writing:
        kept = _read_or_nothing()
        when = datetime.now(UTC).isoformat(timespec="seconds")
        kept[sha256] = {"path": printable(path), "when": when}
        text = json.dumps({"format": FORMAT, "trusted": kept}, indent=2)
        try:
            file().parent.mkdir(parents=True, exist_ok=True)
            write_atomically(file(), text.encode() + b"\n", private=True)
        except OSError as error:
            raise BadInput(
                str(file()),
                marked("cannot be written ({0}), so the trust holds until the program ends").format(
                    error.strerror
                ),
                marked("Make it writable to be asked once only"),
            ) from error


def given_now() -> tuple[str, ...]:
    """What this process trusts beside what the file lists, for another process of this one's."""
    return tuple(sorted(_for_now))


def give_now(sha256s: Iterable[str]) -> None:
    """Trust these contents until this process ends."""
    _for_now.update(sha256s)


@contextmanager
def for_now(sha256: str) -> Iterator[None]:
    """Trust this content without keeping that; for one command."""
    added = {sha256} - _for_now
    _for_now.update(added)
    try:
        yield
    finally:
        _for_now.difference_update(added)


def as_sha256(text: str, where: str) -> str:
    """A SHA-256 as it is written here; raises `BadInput` for anything else."""
    found = text.strip().lower()
    if not _SHA256.fullmatch(found):
        raise BadInput(
            where,
            marked("{0!r} is not a SHA-256").format(text),
            marked("Give its 64 hexadecimal digits"),
        )
    return found


def _read() -> dict[str, Any]:
    if not file().exists():
        return {}
    values = read_json(file(), remedy=_HINT)
    kept = values.get("trusted") if isinstance(values, dict) else None
    if not isinstance(kept, dict) or values.get("format") != FORMAT:
        raise BadInput(str(file()), marked("is not a list of trusted files"), _HINT)
    wrong = next((key for key in kept if not _SHA256.fullmatch(key)), None)
    if wrong is not None:
        raise BadInput(str(file()), marked("{0!r} is not a SHA-256").format(wrong), _HINT)
    return kept


def _read_or_nothing() -> dict[str, Any]:
    """A damaged file is replaced: it trusts nothing."""
    try:
        return _read()
    except BadInput:
        return {}
