"""Further processes of this program: they import the same package, wherever they are begun."""

from __future__ import annotations

import os
from pathlib import Path

import workbench

PROGRAM = "from workbench.start.main import program; program()"
"""What Python is told with ``-c``; the words of the command line follow."""


def environment() -> dict[str, str]:
    """This process's own, with the package before whatever else is imported from."""
    tree = str(Path(workbench.__file__).parents[1])
    paths = os.pathsep.join(filter(None, (tree, os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": paths}
