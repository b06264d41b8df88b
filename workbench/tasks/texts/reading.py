"""Labelled sentences of the user's: a table, a JSON file, or a folder of text files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from workbench.core.errors import BadInput, brief, printable
from workbench.core.files import as_text, parse_json, read_file
from workbench.core.marked import marked
from workbench.core.task import Report
from workbench.tasks.folders import members
from workbench.tasks.texts.corpus import Labelled
from workbench.tasks.texts.table import Columns, table_rows

MAX_BYTES = 256 * 2**20
TABLES = (".csv", ".tsv", ".tab")
FORMS = marked(
    "Give a CSV or TSV file with columns for text and label, a "
    "JSON file of [text, label] pairs or of label: [texts], or a "
    "folder of .txt files"
)
_UTF8 = "Save it as UTF-8 text"
OUT_OF_SCOPE = "oos"
"""Splits and labels of CLINC150 that begin so hold sentences of no class."""


@dataclass(frozen=True)
class Read:
    rows: list[Labelled]
    notes: tuple[str, ...] = ()


def read(root: Path, columns: Columns, report: Report) -> Read:
    """What stands at a place; raises `BadInput` at ``task.root`` or at a column's field."""
    if root.is_dir():
        return Read(list(_folder(root, report)))
    report("Reading sentences", 0.0)
    kind = root.suffix.lower()
    if kind not in (*TABLES, ".json"):
        raise BadInput("task.root", _what_it_is(root), FORMS)
    text = text_of(root, "task.root")
    if not text.strip():
        raise BadInput("task.root", marked("{0} is empty").format(root), FORMS)
    if kind == ".json":
        return _json(root, parse_json(text, str(root)), columns)
    return Read(list(table_rows(root, text, columns)))


def text_of(path: Path, where: str) -> str:
    """A UTF-8 text file of at most `MAX_BYTES`; raises `BadInput` at the field ``where``."""
    return as_text(read_file(path, MAX_BYTES, where, FORMS), path, where, _UTF8)


def _what_it_is(root: Path) -> str:
    try:
        root.stat()
    except OSError as error:
        return f"{root} cannot be read ({error.strerror})"
    if root.suffix.lower() == ".txt":
        return f"{root} is one text file, and a class is told from another by its file"
    return f"{root} is not a kind of file that sentences are read from"


def _folder(root: Path, report: Report) -> Iterator[Labelled]:
    """A file for each class, or a folder for each class; a sentence a line."""

    def looking(message: str, fraction: float) -> None:
        report("Reading text files", fraction)

    files = [f for f in members(root, looking, _is_text) if f.name.count("/") <= 1]
    if not files:
        raise BadInput("task.root", marked("{0} holds no .txt files").format(root), FORMS)
    for file in files:
        place = PurePosixPath(file.name)
        label = place.stem if len(place.parts) == 1 else place.parent.name
        for line in as_text(file.read(), root / file.name, "task.root", _UTF8).splitlines():
            if line.strip():
                yield Labelled(line, label)


def _is_text(place: PurePosixPath) -> bool:
    return place.suffix.lower() == ".txt"


def _json(root: Path, held: Any, columns: Columns) -> Read:
    if isinstance(held, list):
        return Read([_pair(root, f"entry {at}", row, columns) for at, row in enumerate(held, 1)])
    if not isinstance(held, dict) or not all(isinstance(rows, list) for rows in held.values()):
        raise _shapeless(root, "the file", held)
    if any(isinstance(row, (list, dict)) for rows in held.values() for row in rows):
        return _splits(root, held, columns)
    return Read(
        [
            Labelled(_text(root, f"{printable(label, 60)}, entry {at}", row), label)
            for label, rows in held.items()
            for at, row in enumerate(rows, 1)
        ]
    )


def _splits(root: Path, held: dict[str, list[Any]], columns: Columns) -> Read:
    """As CLINC150 has it: splits of sentences, not of classes, so that they are pooled."""
    kept = {name: rows for name, rows in held.items() if not name.startswith(OUT_OF_SCOPE)}
    rows = [
        _pair(root, f"{printable(name, 60)}, entry {at}", row, columns)
        for name, entries in kept.items()
        for at, row in enumerate(entries, 1)
    ]
    notes = [f"The sentences of {', '.join(printable(name, 60) for name in kept)} were pooled"]
    if len(kept) < len(held):
        count = sum(len(held[name]) for name in held.keys() - kept.keys())
        notes.append(f"{count:,} sentences of no class (oos) left out")
    return Read(rows, tuple(notes))


def _pair(root: Path, at: str, row: Any, columns: Columns) -> Labelled:
    if isinstance(row, dict):
        values = [row.get(name, "") if name else "" for name in columns]
    elif isinstance(row, list) and len(row) == 2:
        values = [*row, "", ""]
    else:
        raise _shapeless(root, at, row)
    if not all(isinstance(value, str) for value in values):
        raise _shapeless(root, at, row)
    return Labelled(*values)


def _text(root: Path, at: str, row: Any) -> str:
    if not isinstance(row, str):
        raise _shapeless(root, at, row)
    return row


def _shapeless(root: Path, at: str, value: Any) -> BadInput:
    problem = marked("{0}: {1} is {2}, neither a sentence nor a [text, label] pair").format(
        root, at, brief(value)
    )
    return BadInput("task.root", problem, FORMS)
