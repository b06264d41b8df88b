"""``runs rename``, ``note``, ``tag``, ``delete``, ``restore`` and ``empty-trash``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from workbench import terminal
from workbench.cli import comparison
from workbench.cli.arguments import add_json
from workbench.cli.asking import agreed
from workbench.cli.table import print_table, print_text
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.experiments.labbook import trash
from workbench.experiments.labbook.entry import Entry
from workbench.experiments.labbook.finding import entry_at, find_run
from workbench.experiments.labbook.notes import change_notes, read_notes
from workbench.experiments.labbook.trash import Deleted

Answer = tuple[dict[str, Any], int]
_RUN = "run directory or name"


def add(commands: Any) -> None:
    comparison.add(commands)
    rename = _command(commands, "rename", "give a run a name, or with '' take it away", _rename)
    rename.add_argument("recorded", metavar="RUN", help=_RUN)
    rename.add_argument("name", metavar="NAME", help="at most 120 characters")
    note = _command(commands, "note", "write a note on a run, or show the one there is", _note)
    note.add_argument("recorded", metavar="RUN", help=_RUN)
    note.add_argument("text", metavar="TEXT", nargs="?", help="in place of the note there is")
    tag = _command(commands, "tag", "add tags to a run, or take them away", _tag)
    tag.add_argument("recorded", metavar="RUN", help=_RUN)
    tag.add_argument("tags", metavar="TAG", nargs="*", help="words without blanks")
    tag.add_argument("--remove", action="store_true", help="take these tags away")
    delete = _command(commands, "delete", "move runs to the trash", _delete)
    delete.add_argument("recorded", metavar="RUN", nargs="+", help=_RUN)
    restore = _command(
        commands, "restore", "bring runs back; without one, list the trash", _restore
    )
    restore.add_argument("names", metavar="RUN", nargs="*", help="name of a deleted run")
    empty = _command(commands, "empty-trash", "take away for good what was deleted", _empty)
    empty.add_argument("--yes", action="store_true", help="do not ask")


def said(entry: Entry) -> dict[str, Any]:
    """What is said of a run, for ``--json``."""
    notes = entry.notes
    return {"called": entry.title, "note": notes.note, "tags": list(notes.tags)}


def print_notes(entry: Entry) -> None:
    """Name, tags and note, where there are any."""
    notes = entry.notes
    told = {"name": notes.name, "tags": " ".join(notes.tags), "note": notes.note}
    for title, text in told.items():
        if text:
            print_text(f"{title}: {text}")


def _command(
    commands: Any, name: str, help: str, answer: Callable[[argparse.Namespace], Answer]
) -> Any:
    parser = commands.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
    add_json(parser)
    parser.set_defaults(run=answer)
    return parser


def _rename(given: argparse.Namespace) -> Answer:
    run = find_run(given.recorded)
    change_notes(run, name=given.name)
    return _told(given, run)


def _note(given: argparse.Namespace) -> Answer:
    run = find_run(given.recorded)
    if given.text is not None:
        change_notes(run, note=given.text)
    return _told(given, run)


def _tag(given: argparse.Namespace) -> Answer:
    run = find_run(given.recorded)
    if given.tags:
        before = read_notes(run).tags
        kept = tuple(tag for tag in before if tag not in given.tags)
        change_notes(run, tags=kept if given.remove else (*before, *given.tags))
    return _told(given, run)


def _told(given: argparse.Namespace, run: Path) -> Answer:
    """What is now said of the run; raises `BadInput` where its notes are damaged."""
    read_notes(run)
    entry = entry_at(run)
    if not given.json:
        print_text(f"{run.name}: {entry.title}")
        print_notes(entry)
    return {"run": str(run.resolve()), **said(entry)}, 0


def _delete(given: argparse.Namespace) -> Answer:
    runs = list(dict.fromkeys(find_run(called) for called in given.recorded))
    moved = trash.delete(runs)
    if not given.json:
        for one in moved:
            print_text(f"moved to the trash: {one.name}; `runs restore {one.name}` brings it back")
    return {"deleted": [one.name for one in moved]}, 0


def _restore(given: argparse.Namespace) -> Answer:
    if not given.names:
        return _list_trash(given)
    back = trash.restore([trash.find(name) for name in dict.fromkeys(given.names)])
    if not given.json:
        for run in back:
            print_text(f"brought back: {run.name}")
    return {"restored": [str(run) for run in back]}, 0


def _list_trash(given: argparse.Namespace) -> Answer:
    rows = [{"name": one.name, "deleted": _when(one)} for one in trash.deleted_runs()]
    if not given.json and rows:
        print_table(("name", "deleted"), [(row["name"], row["deleted"]) for row in rows])
    elif not given.json:
        terminal.write("the trash is empty")
    return {"trash": rows}, 0


def _when(one: Deleted) -> str:
    return f"{datetime.fromtimestamp(one.when):%Y-%m-%d %H:%M}"


def _empty(given: argparse.Namespace) -> Answer:
    lying = trash.deleted_runs()
    count = len(lying)
    runs = "1 run" if count == 1 else f"{count:,} runs"
    asked = f"Take away {runs} for good? Nothing brings them back."
    if count and not (given.yes or agreed(asked)):
        raise BadInput(
            "empty-trash",
            marked("nobody has agreed to lose what lies in the trash"),
            marked("Give --yes where there is nobody to ask"),
        )
    trash.empty(lying)
    if not given.json:
        terminal.write(f"gone for good: {runs}" if count else "the trash is empty")
    return {"emptied": count}, 0
