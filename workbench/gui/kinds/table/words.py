"""What the table says, in the user's language, and how it writes numbers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

NUMBERS = 6
"""Of one input or output that are written out."""


def tr(text: str) -> str:
    return QCoreApplication.translate("TableFace", text)


def written(values: Sequence[float]) -> str:
    """The first few numbers, rounded."""
    shown = ", ".join(_short(value) for value in values[:NUMBERS])
    more = len(values) - NUMBERS
    return shown if more <= 0 else f"{shown} … (+{more})"


def _short(value: float) -> str:
    """Two digits: a cell is narrow, and its tooltip has all of them."""
    return f"{value:.2g}" if abs(value) < 10 else f"{value:.4g}"
