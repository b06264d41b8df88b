"""The door for a user's own code: a file is read once, and runs only when its content is trusted.

What was hashed is what runs and what a person is shown: nothing else opens the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core import safe_mode, trust
from workbench.core.errors import BadInput, printable
from workbench.core.files import as_text, read_file
from workbench.core.marked import marked

MODEL = "user_module"
"""The model whose parameters name such a file."""
MAX_BYTES = 1_000_000
_REMEDY = marked("Choose a .py file")


@dataclass(frozen=True)
class UserCode:
    """A Python file as it was when it was read."""

    path: Path
    source: str
    sha256: str

    @property
    def shown(self) -> str:
        """The source for a person to judge: what cannot be seen is written as an escape.

        A character that turns the direction of writing could show another program than runs.
        """
        lines = self.source.replace("\r\n", "\n").split("\n")
        return "\n".join(_visible(line) for line in lines)


class Untrusted(BadInput):
    """The file may not run until the user agrees to exactly this content."""

    def __init__(self, code: UserCode, recorded: str = "", where: str = "model.path") -> None:
        said = f"{printable(code.path, 300)} (SHA-256 {code.sha256}) has not been trusted by you"
        if recorded and recorded != code.sha256:
            said += ", has changed since it was recorded"
        said += ", and it would run with your rights"
        damage = trust.damage()
        super().__init__(
            where,
            f"{said}; {damage}" if damage else said,
            "Read it, then trust exactly this content or choose another",
        )
        self.code, self.recorded = code, recorded


def read(path: Path, where: str = "model.path") -> UserCode:
    """The file's content; raises `BadInput` at ``where`` for what is no text file."""
    if path == Path():
        raise BadInput(where, marked("no file is chosen"), _REMEDY)
    try:
        found = path.expanduser()
    except RuntimeError as error:
        raise BadInput(where, marked("{0} is in nobody's home").format(path), _REMEDY) from error
    data = read_file(found, MAX_BYTES, where, _REMEDY)
    source = as_text(data, found, where, _REMEDY)
    return UserCode(found, source, hashlib.sha256(data).hexdigest())


def trusted(path: Path, recorded: str = "", where: str = "model.path") -> UserCode:
    """The content, if the user has trusted it; raises `Untrusted` otherwise.

    ``recorded`` is the SHA-256 of the content that was used before, for the words alone.
    Raises `BadInput` in safe mode.
    """
    if safe_mode.on():
        raise BadInput(
            where,
            marked("no file of yours runs in {0}").format(safe_mode.NAME),
            safe_mode.REMEDY,
        )
    code = read(path, where)
    if not trust.is_trusted(code.sha256):
        raise Untrusted(code, recorded, where)
    return code


def named_by(model: Mapping[str, Any]) -> UserCode | None:
    """The trusted code that the model section of a configuration names; None if it names none.

    Raises `BadInput`, `Untrusted` among them, when it must not run.
    """
    if model.get("name") != MODEL:
        return None
    return trusted(Path(str(model.get("path") or "")), _recorded(model))


def changed_since(model: Mapping[str, Any]) -> str:
    """A sentence when the trusted code that a record names is no longer what it was made with."""
    code, before = named_by(model), _recorded(model)
    if code is None or not before or before == code.sha256:
        return ""
    return printable(
        f"{code.path} has changed since it was recorded: its SHA-256 was {before}, "
        f"and is {code.sha256}"
    )


def _recorded(model: Mapping[str, Any]) -> str:
    return str(model.get("sha256") or "").strip().lower()


def _visible(line: str) -> str:
    return "\t".join(printable(part, MAX_BYTES) for part in line.split("\t"))
