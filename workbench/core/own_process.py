"""Further processes of this program: they import the same package, wherever they are begun."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import workbench

PROGRAM = "from workbench.start.main import program; program()"
"""What Python is told with ``-c``; the words of the command line follow."""


def environment() -> dict[str, str]:
    """This process's own, and it finds its modules where this one does, plug-ins among them."""
    tree = str(Path(workbench.__file__).parents[1])
    paths = dict.fromkeys(filter(None, (tree, *sys.path)))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
