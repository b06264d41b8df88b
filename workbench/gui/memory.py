"""What the window remembers between starts."""

from __future__ import annotations

from PySide6.QtCore import QSettings

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
