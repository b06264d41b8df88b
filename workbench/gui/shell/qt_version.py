"""The one pair of Python and Qt binding that must not run together; see docs/adr/0002.

On Python before 3.12 `None` is counted, and PySide6 6.12 drops a reference to it at every void
call: a window with live plots aborts within seconds. It is refused before the first widget.
"""

from __future__ import annotations

import sys

from workbench.core.errors import BadInput
from workbench.core.marked import marked

IMMORTAL_NONE = (3, 12)
MISCOUNTING_QT = (6, 12)


def check(python: tuple[int, ...], binding: tuple[int, ...]) -> None:
    """Raise `BadInput` for a pair that would abort; versions as tuples, e.g. ``(3, 11, 7)``."""
    if python[:2] < IMMORTAL_NONE and binding[:2] >= MISCOUNTING_QT:
        raise BadInput(
            "PySide6",
            marked("version {0} aborts on Python {1}").format(_dotted(binding), _dotted(python)),
            marked("Install 'PySide6-Essentials<6.12', or use Python 3.12"),
        )


def check_installed() -> None:
    """Check the versions this process runs with."""
    import PySide6

    check(sys.version_info[:3], PySide6.__version_info__[:3])


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
