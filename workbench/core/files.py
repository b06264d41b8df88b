"""Files: writing is all or nothing, reading is within limits and never waits for ever."""

from __future__ import annotations

import contextlib
import json
import math
import os
import stat
import tempfile
import time
from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput, CannotWrite
from workbench.core.marked import marked

MAX_JSON_BYTES = 1_000_000


def write_atomically(path: Path, data: bytes, *, private: bool = False) -> None:
    """Replace the file as a whole: a reader, or a crash, sees the old bytes or the new ones.

    The file may be read by whom the umask allows, as any other file may; a private one by its
    owner alone. Raises `CannotWrite`.
    """
    try:
        _replace(path, data, private)
    except OSError as error:
        raise CannotWrite(path, error, len(data)) from error


def _replace(path: Path, data: bytes, private: bool) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=_TMP)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o600 if private else 0o666 & ~_UMASK)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_directory(path.parent)


_TMP = ".tmp"


def sweep(directory: Path, older_than: float = 0.0) -> None:
    """Remove what writers that were killed left half written, ``older_than`` seconds or more."""
    latest = time.time() - older_than
    for file in directory.glob(f".*{_TMP}"):
        with contextlib.suppress(OSError):
            if file.stat().st_mtime <= latest:
                file.unlink()


def write_json(path: Path, value: Any) -> None:
    """Write JSON atomically, in the form that `plain` gives it."""
    write_atomically(path, as_json(plain(value)).encode() + b"\n")


def as_json(value: Any) -> str:
    """Plain values as `write_json` writes them, without the last end of line."""
    return json.dumps(value, indent=2, allow_nan=False)


def plain(value: Any) -> Any:
    """JSON has no NaN and no infinity: they are written as the words that float() reads back."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return str(value) if isinstance(value, Path) else value


def read_file(path: Path, most: int, where: str = "", remedy: str = "Check the path") -> bytes:
    """The bytes of an ordinary file; raises `BadInput` for anything else, and never waits.

    A pipe, a device, a folder and a file of more than ``most`` bytes are refused. ``where`` names
    the field that the path was given in; without it the file itself is named.
    """
    handle = open_handle(path, most, where, remedy)
    try:
        data = _read(handle, most + 1)
    except OSError as error:
        raise _unreadable(path, error, where, remedy) from error
    finally:
        os.close(handle)
    if len(data) > most:
        raise _too_large(path, most, where, remedy)
    return data


def open_handle(path: Path, most: int, where: str = "", remedy: str = "Check the path") -> int:
    """A handle to an ordinary file of at most ``most`` bytes; to be closed. See `read_file`."""
    try:
        # A pipe without a writer would block an ordinary open for ever.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        raise _unreadable(path, error, where, remedy) from error
    found = os.fstat(handle)
    kind = _kind(found.st_mode)
    if kind or found.st_size > most:
        os.close(handle)
        if not kind:
            raise _too_large(path, most, where, remedy)
        raise BadInput(
            where or str(path),
            marked("{0}is {1}, not a file").format(named(path, where), kind),
            remedy,
        )
    return handle


def named(path: Path, where: str) -> str:
    """The path before what is wrong with it, unless ``where`` says it already."""
    return f"{path} " if where not in ("", str(path)) else ""


def _unreadable(path: Path, error: Exception, where: str, remedy: str) -> BadInput:
    reason = getattr(error, "strerror", None) or str(error)
    return BadInput(
        where or str(path),
        marked("{0}cannot be read ({1})").format(named(path, where), reason),
        remedy,
    )


def _too_large(path: Path, most: int, where: str, remedy: str) -> BadInput:
    return BadInput(
        where or str(path),
        marked("{0}is larger than {1}").format(named(path, where), _size(most)),
        remedy,
    )


def read_text(path: Path, most: int, where: str = "", remedy: str = "Check the path") -> str:
    """The UTF-8 text of an ordinary file, with or without a byte order mark; see `read_file`."""
    return as_text(read_file(path, most, where, remedy), path, where, remedy)


def as_text(data: bytes, path: Path, where: str = "", remedy: str = "Check the path") -> str:
    """The bytes that `read_file` gave as UTF-8 text, for whoever needs both."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            where or str(path),
            marked("{0}is not UTF-8 text (at byte {1})").format(named(path, where), error.start),
            remedy,
        ) from error


def read_json(path: Path, most: int = MAX_JSON_BYTES, remedy: str = "Check the path") -> Any:
    """A JSON file read strictly: no key twice, no NaN; raises `BadInput` with file and line."""
    return parse_json(read_text(path, most, remedy=remedy), str(path))


def parse_json(text: str, where: str, finite: bool = True) -> Any:
    """JSON read strictly, as `read_json` does; ``where`` is what an error names.

    With ``finite`` off NaN and infinities are numbers, as other programs write them.
    """
    try:
        return (_STRICT if finite else _LENIENT).decode(text)
    except json.JSONDecodeError as error:
        raise BadInput(
            marked("{0}, line {1}").format(where, error.lineno),
            marked("is not JSON ({0})").format(error.msg),
        ) from error
    except RecursionError as error:
        raise BadInput(
            where, marked("is nested too deeply"), marked("Write plain objects and lists")
        ) from error
    except ValueError as error:
        raise BadInput(where, marked("cannot be used ({0})").format(error)) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        raise ValueError(f"the key {twice[0]!r} stands twice")
    return result


def _refuse_constant(text: str) -> float:
    raise ValueError(f"{text} is not a finite number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:40]} is too large a number")
    return value


_STRICT = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=_finite
)
_LENIENT = json.JSONDecoder(object_pairs_hook=_unique)


def _read(handle: int, most: int) -> bytes:
    parts: list[bytes] = []
    while most > 0 and (part := os.read(handle, min(most, 2**24))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def _kind(mode: int) -> str:
    """What stands at a path that is no ordinary file; empty for a file."""
    kinds = (
        (stat.S_ISREG, ""),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    return next((name for test, name in kinds if test(mode)), "something else")


def _size(count: int) -> str:
    return f"{count / 1000:,.0f} kB" if count < 1_000_000 else f"{max(count // 2**20, 1)} MB"


def _sync_directory(directory: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    """The process's umask; it can only be read by setting it, so it is read once, at import."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_UMASK = _umask()
