"""The fields of a configuration that name a file of the user's code, and the record beside each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core import user_code
from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked
from workbench.core.params import param
from workbench.core.user_code import UserCode

MODEL = "user_module"
"""The model whose parameters name such a file."""
Values = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Place:
    """Where a configuration names a file of the user's, and where it keeps the content's hash."""

    section: str
    path: str
    sha256: str

    @property
    def where(self) -> str:
        return f"{self.section}.{self.path}"

    def names(self, fields: Mapping[str, Any]) -> bool:
        """Whether a section names a file: that of a model is needed, any other may be left out."""
        if self.section == "model":
            return bool(fields.get("name") == MODEL)
        return self._file(fields) != Path()

    def code(self, fields: Mapping[str, Any]) -> UserCode | None:
        """The code that a section names, if the user has trusted it; None if it names none.

        Raises `Untrusted` for any other content, and `BadInput` in safe mode.
        """
        if not self.names(fields):
            return None
        return user_code.trusted(self._file(fields), self._recorded(fields), self.where)

    def changed(self, fields: Mapping[str, Any]) -> str:
        """A sentence when the code is no longer what the section was recorded with; else empty."""
        code, before = self.code(fields), self._recorded(fields)
        if code is None or not before or before == code.sha256:
            return ""
        return printable(
            f"{code.path} has changed since it was recorded: its SHA-256 was {before}, "
            f"and is {code.sha256}"
        )

    def record(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Place and content, for a new run to keep; nothing where no file is named."""
        code = self.code(fields)
        if code is None:
            return {}
        return {self.path: str(code.path.resolve()), self.sha256: code.sha256}

    def _file(self, fields: Mapping[str, Any]) -> Path:
        return Path(str(fields.get(self.path) or ""))

    def _recorded(self, fields: Mapping[str, Any]) -> str:
        return str(fields.get(self.sha256) or "").strip().lower()


MODEL_FILE = Place("model", "path", "sha256")
LOSS_FILE = Place("training", "loss_file", "loss_sha256")
ENVIRONMENT_FILE = Place("task", "path", "sha256")
PLACES = (MODEL_FILE, LOSS_FILE, ENVIRONMENT_FILE)


def content_hash() -> Any:
    """Declare the field that records the content of a file that is named beside it."""
    return param(
        "",
        marked("SHA-256 of the file as it was used; a record, filled in when a run is made."),
        advanced=True,
        more=marked(
            "It trusts nothing: whether the file may run is asked of you and kept in your settings."
        ),
    )


def refused(values: Values) -> tuple[BadInput, ...]:
    """Why files that a configuration names must not run, `Untrusted` among the reasons."""
    found = []
    for place in PLACES:
        try:
            place.code(values.get(place.section, {}))
        except BadInput as error:
            found.append(error)
    return tuple(found)


def names_any(values: Values) -> bool:
    """Whether a configuration names a file of the user's code at all."""
    return any(place.names(values.get(place.section, {})) for place in PLACES)
