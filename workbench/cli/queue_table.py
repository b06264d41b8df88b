"""The entries of the queue as rows: for a person, and for a script."""

from __future__ import annotations

from typing import Any

from workbench import terminal
from workbench.cli.table import print_table, print_text
from workbench.core.errors import printable
from workbench.experiments.queue.entry import Entry
from workbench.experiments.queue.folder import ExperimentQueue
from workbench.experiments.queue.naming import kind_of, length_of, names_of


def rows_of(queue: ExperimentQueue) -> list[dict[str, Any]]:
    """In their order; ``place`` counts from 1 among those that wait."""
    entries = queue.entries()
    waiting = [one.id for one in entries if one.pending]
    return [
        {
            "id": one.id,
            "place": waiting.index(one.id) + 1 if one.pending else None,
            "name": name,
            "kind": kind_of(one),
            "state": str(one.state),
            "length": "" if one.work is None else length_of(one.work.config),
            "config": None if one.work is None else one.work.config.to_json(),
            "run": None if one.path is None else str(one.path.resolve()),
            "told": one.told,
        }
        for one, name in zip(entries, names_of(entries), strict=True)
    ]


def print_entries(rows: list[dict[str, Any]]) -> None:
    """The table; below it, why entries failed and cannot be read."""
    if not rows:
        terminal.write("nothing waits: `queue add` lines an experiment up")
        return
    header = ("", "id", "name", "state", "what", "length")
    cells = [
        (
            str(row["place"] or ""),
            *(row[name] for name in ("id", "name", "state", "kind", "length")),
        )
        for row in rows
    ]
    print_table(header, cells)
    for row in rows:
        if row["told"]:
            print_text(f"{row['id']}: {printable(row['told'])}")


def told_of(entry: Entry) -> str:
    """How its turn has ended, in a line."""
    said = f": {printable(entry.told)}" if entry.told else ""
    return f"{entry.id} {entry.state}{said}"
