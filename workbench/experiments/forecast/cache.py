"""What was measured on this machine, kept until the machine or the settings are others."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Literal

from workbench.core import places
from workbench.core.errors import BadInput
from workbench.core.sealed import read_sealed, write_sealed
from workbench.core.strict import Strict, strictly
from workbench.experiments.forecast.measured import Measured

log = logging.getLogger(__name__)

MOST = 200
"""The oldest give way."""


class _File(Strict):
    schema_version: Literal[1]
    measured: dict[str, Measured]
    """By key, the newest last."""


def file() -> Path:
    return places.cache("forecast.json")


def kept(key: str) -> Measured | None:
    """What was measured under this key, if it was."""
    return _read().get(key)


def keep(key: str, found: Measured) -> None:
    """For the next time; a cache that cannot be written is done without."""
    known = _read()
    known.pop(key, None)
    newest = dict([*known.items(), (key, found)][-MOST:])
    values: dict[str, Any] = _File(schema_version=1, measured=newest).model_dump(mode="json")
    try:
        file().parent.mkdir(parents=True, exist_ok=True)
        write_sealed(file(), values)
    except (BadInput, OSError) as problem:
        log.info("the forecast is not kept: %s", problem)


def _read() -> dict[str, Measured]:
    """Nothing of a file that is damaged, or of another version: it is measured again."""
    if not file().is_file():
        return {}
    try:
        return strictly(_File, read_sealed(file()), str(file())).measured
    except BadInput as problem:
        log.info("what was measured before is passed over: %s", problem)
        return {}
