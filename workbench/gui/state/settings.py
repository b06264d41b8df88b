"""What the window remembers between starts."""

from __future__ import annotations

import json
import logging
from typing import Any

from PySide6.QtCore import QSettings

from workbench.core.errors import BadInput
from workbench.core.files import parse_json

log = logging.getLogger(__name__)

ORGANISATION = "maml-workbench"
APPLICATION = "maml-workbench"


def settings() -> QSettings:
    """An INI file, so that tests can put it elsewhere with `QSettings.setPath`."""
    return QSettings(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, ORGANISATION, APPLICATION
    )


def flag(key: str, default: bool) -> bool:
    return bool(settings().value(key, default, type=bool))


def number(key: str, default: int) -> int:
    value = settings().value(key, default, type=int)
    return value if isinstance(value, int) else default


def remember(key: str, value: object) -> None:
    settings().setValue(key, value)


def text(key: str, default: str = "") -> str:
    value = settings().value(key, default)
    return value if isinstance(value, str) else default


def texts(key: str) -> list[str]:
    """A list of texts; empty where there is none."""
    value = settings().value(key)
    if isinstance(value, str):
        return [value]  # what a list of one comes back as
    return [str(one) for one in value] if isinstance(value, list) else []


def remember_one_more(key: str, text: str, most: int) -> None:
    """At the end of `texts`, of which the last ``most`` are kept."""
    remember(key, [*texts(key), text][-most:])


def remember_json(key: str, value: object) -> None:
    """Plain values of any shape, as text."""
    remember(key, json.dumps(value))


def json_of(key: str) -> Any:
    """What `remember_json` kept; None where there is nothing, or it is damaged."""
    text = settings().value(key)
    if not isinstance(text, str):
        return None
    try:
        return parse_json(text, key)
    except BadInput as problem:
        log.info("what was remembered is ignored: %s", problem)
        return None
