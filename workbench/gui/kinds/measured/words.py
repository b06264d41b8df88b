"""What the face of measurements says, in the user's language, and how it writes numbers."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication


def tr(text: str) -> str:
    return QCoreApplication.translate("Measured", text)


def short(value: float) -> str:
    """Four digits; nothing for what is not known."""
    return "" if math.isnan(value) else f"{value:.4g}"


def whole(value: float) -> str:
    """As it is edited: with all digits that a file would have."""
    return "" if math.isnan(value) else f"{value:.9g}"
