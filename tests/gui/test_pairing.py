"""The bad pair of Python and PySide6 is refused in words; the installed one is good."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from workbench.core.errors import BadInput
from workbench.gui.shell import qt_version


@pytest.mark.parametrize(
    ("python", "binding", "good"),
    [
        ((3, 11, 7), (6, 11, 3), True),
        ((3, 11, 7), (6, 12, 0), False),
        ((3, 11, 7), (7, 0, 0), False),
        ((3, 12, 0), (6, 12, 0), True),
        ((3, 13, 1), (6, 8, 0), True),
    ],
)
def test_only_the_miscounting_pair_is_refused(
    python: tuple[int, ...], binding: tuple[int, ...], good: bool
) -> None:
    if good:
        qt_version.check(python, binding)
    else:
        with pytest.raises(BadInput, match=r"aborts on Python 3\.11\.7\. Install"):
            qt_version.check(python, binding)


def test_the_installed_pair_is_good() -> None:
    qt_version.check_installed()


def test_the_package_asks_for_a_good_pair() -> None:
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    asked = [line for line in project["dependencies"] if line.startswith("PySide6")]
    assert "PySide6-Essentials>=6.8,<6.12; python_version < '3.12'" in asked
