"""Deleting moves runs to a trash inside the folder of runs; only emptying it takes them away.

Every run lies in a folder of its own, ``.trash/<id>/run``, beside ``from.json``, which says where
it stood. That is written first, so that a kill at any moment leaves the run at one of two places.
"""

from __future__ import annotations

import contextlib
import shutil
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from workbench.core.errors import BadInput, CannotWrite, printable
from workbench.core.marked import marked
from workbench.core.sealed import read_sealed, write_sealed
from workbench.core.strict import Strict, strictly
from workbench.experiments.record.lock import being_written, is_held
from workbench.experiments.runs import TRASH
from workbench.experiments.store import default_root

_FROM, _RUN = "from.json", "run"


class _Origin(Strict):
    schema_version: int
    name: str
    deleted: float


@dataclass(frozen=True)
class Deleted:
    """A run in the trash."""

    folder: Path
    """Its own, inside the trash."""
    name: str
    """What it was listed as: its directory, below that of its race if it has one."""
    when: float
    """Seconds since 1970."""


def delete(runs: Sequence[Path], root: Path | None = None) -> list[Deleted]:
    """Move runs to the trash: all of them, or none where one cannot go.

    Raises `BadInput` for a run that is being written or is none of the stored ones, and
    `CannotWrite`.
    """
    root = root or default_root()
    names = [_name(run, root) for run in runs]
    for run in runs:
        if is_held(run):
            raise being_written(run)
    moved: list[Deleted] = []
    try:
        for run, name in zip(runs, names, strict=True):
            moved.append(_move(run, name, root))
    except OSError:
        restore(moved, root)
        raise
    return moved


def restore(deleted: Iterable[Deleted], root: Path | None = None) -> list[Path]:
    """Put runs back where they stood; raises `BadInput` where another run stands there now."""
    root, back = root or default_root(), []
    for one in deleted:
        target = root / one.name
        if target.exists() or target.is_symlink():
            raise BadInput(
                str(target), marked("is there already"), marked("Move it to another place first")
            )
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            (one.folder / _RUN).rename(target)
        except OSError as error:
            raise CannotWrite(target, error) from error
        shutil.rmtree(one.folder, ignore_errors=True)
        back.append(target)
    return back


def deleted_runs(root: Path | None = None) -> list[Deleted]:
    """What lies in the trash, newest first; what cannot be read is passed over."""
    folders = ((root or default_root()) / TRASH).glob("*")
    found = [one for folder in folders if (one := _deleted(folder)) is not None]
    return sorted(found, key=lambda one: one.when, reverse=True)


def find(name: str, root: Path | None = None) -> Deleted:
    """The run of that name that was deleted last; raises `BadInput` where there is none."""
    for one in deleted_runs(root):
        if name in (one.name, PurePosixPath(one.name).name):
            return one
    raise BadInput(
        name, marked("does not lie in the trash"), marked("See `runs restore` for what does")
    )


def empty(lying: Sequence[Deleted], root: Path | None = None) -> None:
    """Take these runs away for good, which cannot be undone; raises `CannotWrite`.

    Nothing else in the trash is touched: another window may be moving a run there just now.
    """
    trash = (root or default_root()) / TRASH
    try:
        for one in lying:
            if one.folder.exists():
                shutil.rmtree(one.folder)
        with contextlib.suppress(OSError):  # others lie there
            trash.rmdir()
    except OSError as error:
        raise CannotWrite(trash, error) from error


def _name(run: Path, root: Path) -> str:
    try:
        name = run.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        name = "."
    if name == "." or name.startswith(TRASH):
        raise BadInput(
            str(run),
            marked("is none of the stored runs"),
            marked("Delete its folder yourself, or name one of `runs`"),
        )
    return name


def _move(run: Path, name: str, root: Path) -> Deleted:
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    folder = root / TRASH / f"{stamp}-{uuid.uuid4().hex[:8]}"
    when = time.time()
    try:
        folder.mkdir(parents=True)
        write_sealed(folder / _FROM, {"schema_version": 1, "name": name, "deleted": when})
        run.rename(folder / _RUN)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise CannotWrite(folder, error) from error
    return Deleted(folder, name, when)


def _deleted(folder: Path) -> Deleted | None:
    file = folder / _FROM
    try:
        told = strictly(_Origin, read_sealed(file), str(file))
    except BadInput:
        return None
    place = PurePosixPath(told.name)
    inside = not place.is_absolute() and ".." not in place.parts and (folder / _RUN).is_dir()
    return Deleted(folder, printable(told.name), told.deleted) if inside else None
