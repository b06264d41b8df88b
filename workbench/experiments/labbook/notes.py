"""What a person says of a run: a name, a note and tags, in ``notes.json`` beside its record.

The record itself is never touched. A damaged file is told, and hides no run.
"""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workbench.core.errors import BadInput, brief
from workbench.core.marked import marked
from workbench.core.sealed import read_sealed, write_sealed
from workbench.core.strict import Strict, strictly
from workbench.experiments.record.lock import WRITER, being_written, is_held

FILE = "notes.json"
MAX_NAME, MAX_NOTE, MAX_TAG, MAX_TAGS = 120, 20_000, 40, 30
"""Characters of a name, a note and a tag; tags of one run."""
_TAG = re.compile(r"\w[\w.+/-]*")
_REMEDY = marked("Delete the file to begin anew; the run itself is not touched")


@dataclass(frozen=True)
class Notes:
    """All empty for a run that nobody has said anything of."""

    name: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()

    def changed(self, **fields: Any) -> Notes:
        """A copy with some fields changed and checked; raises `BadInput` naming the field."""
        new = replace(self, **fields)
        tags = tuple(dict.fromkeys(_tag(tag) for tag in new.tags))
        if len(tags) > MAX_TAGS:
            raise BadInput("tags", marked("a run has at most {0} tags").format(MAX_TAGS))
        return Notes(_name(new.name), _note(new.note), tags)


NOTHING_SAID = Notes()


class _File(Strict):
    schema_version: int
    name: str
    note: str
    tags: list[str]


def read_notes(run: Path) -> Notes:
    """What is said of a run; raises `BadInput` naming the file where it is damaged."""
    file = run / FILE
    if not os.path.lexists(file):
        return NOTHING_SAID
    found = strictly(_File, read_sealed(file, remedy=_REMEDY), str(file))
    return Notes(found.name, found.note, tuple(found.tags))


def write_notes(run: Path, notes: Notes) -> None:
    """Replace what is said of a run; raises `BadInput` while another process writes the run.

    And `CannotWrite` where the disk takes none.
    """
    refuse_foreign_writer(run)
    if notes == NOTHING_SAID:
        (run / FILE).unlink(missing_ok=True)
    else:
        told = {"name": notes.name, "note": notes.note, "tags": list(notes.tags)}
        write_sealed(run / FILE, {"schema_version": 1, **told})


def change_notes(run: Path, **fields: Any) -> Notes:
    """Read, change, check and write; returns what is then said of the run."""
    notes = read_notes(run).changed(**fields)
    write_notes(run, notes)
    return notes


def refuse_foreign_writer(run: Path) -> None:
    """Raise `BadInput` where a process other than this one writes the run."""
    if is_held(run) and not _is_own(run):
        raise being_written(run)


def _is_own(run: Path) -> bool:
    try:
        facts = read_sealed(run / WRITER)
    except BadInput:
        return False
    return (facts.get("process"), facts.get("host")) == (os.getpid(), socket.gethostname())


def _name(text: str) -> str:
    name = " ".join(text.split())
    if len(name) > MAX_NAME or not name.isprintable():
        raise BadInput(
            "name",
            marked("{0} is no name for a run").format(brief(name)),
            marked("Use at most {0} characters that can be shown").format(MAX_NAME),
        )
    return name


def _note(text: str) -> str:
    note = text.strip()
    if len(note) > MAX_NOTE:
        raise BadInput("note", marked("a note has at most {0} characters").format(MAX_NOTE))
    if not all(line.replace("\t", " ").isprintable() for line in note.split("\n")):
        raise BadInput("note", marked("holds characters that cannot be shown"))
    return note


def _tag(text: str) -> str:
    tag = text.strip()
    if len(tag) > MAX_TAG or not _TAG.fullmatch(tag):
        raise BadInput(
            "tags",
            marked("{0} is no tag").format(brief(tag)),
            marked("Use letters, digits and . + / - without blanks, such as paper-1"),
        )
    return tag
