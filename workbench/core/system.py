"""What this program asks of the system it runs on."""

from __future__ import annotations

import os
import sys

QT_LIBRARIES = (
    "On Debian: apt-get install libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 "
    "libxcb-cursor0"
)
"""What to say where Qt's own system libraries are missing."""


def has_display() -> bool:
    """Whether a window could be seen; only Linux may have none."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
