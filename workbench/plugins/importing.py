"""Importing what a trusted package names: whatever it raises or prints stays its own."""

from __future__ import annotations

import importlib
import sys
import traceback
from contextlib import redirect_stdout

from workbench.core import registry
from workbench.core.errors import printable
from workbench.core.interrupts import Stopped
from workbench.plugins.package import Package, Part
from workbench.plugins.soundness import Unsound, check


def take_parts(package: Package) -> None:
    """Import the modules of its parts; all of them are then in the registry, or none.

    Raises `Unsound`.
    """
    with registry.coming_from(package.origin) as fresh:
        for part in package.parts:
            if part.kind is not None:
                take(package, part)
        try:
            check(package, fresh())
        except Unsound:
            raise
        except Exception as error:
            raise Unsound(f"cannot be used ({_told(error)})") from error


def take(package: Package, part: Part) -> None:
    """Import the module of one part. Raises `Unsound`.

    The package must be trusted. What the import prints goes to standard error.
    """
    if not all(name.isidentifier() for name in part.module.split(".")):
        raise Unsound(f"names {printable(part.module, 100)!r} for its {part}, which is no module")
    if not package.owns(part.module):
        raise Unsound(f"names the module {part.module} for its {part}, which is none of its own")
    try:
        with redirect_stdout(sys.stderr):
            importlib.import_module(part.module)
    except Stopped:
        raise
    except BaseException as error:
        raise Unsound(f"cannot be imported ({_told(error)})") from error


def _told(error: BaseException) -> str:
    """The error, and the last line that it passed through."""
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "<frozen" not in f.filename]
    where = f"; {frames[-1].filename}, line {frames[-1].lineno}" if frames[1:] else ""
    return printable(f"{what}{where}", 400)
