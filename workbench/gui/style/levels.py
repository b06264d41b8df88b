"""How grave a trouble is, and how it looks: an error, a finding that stops nothing, a wish."""

from __future__ import annotations

from typing import NamedTuple

from workbench.core.errors import Missing
from workbench.core.findings import Finding


class Level(NamedTuple):
    """``name`` is the banner of the style sheet, ``role`` that of its labels."""

    name: str
    role: str
    icon: str
    token: str


ERROR = Level("error", "error", "error", "danger")
WARNING = Level("warning", "warning", "warning", "warning")
WISH = Level("info", "small", "info", "accent")


def level_of(trouble: object) -> Level:
    if isinstance(trouble, Finding):
        return WARNING
    return WISH if isinstance(trouble, Missing) else ERROR
