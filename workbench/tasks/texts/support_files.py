"""A support set of the user's: a text file for each class, or one table of all classes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.core.errors import BadInput, brief
from workbench.core.files import read_text
from workbench.core.marked import marked
from workbench.tasks.texts.reading import TABLES
from workbench.tasks.texts.table import Columns, table_rows

MAX_BYTES = 2**20
MAX_SENTENCES = 1_000
"""Of one class."""
WHERE = "--support"
_REMEDY = marked("Give UTF-8 text: a .txt file for each class with a sentence a line, or one .csv")


def read(files: Sequence[Path], classes: Sequence[str]) -> list[list[str]]:
    """The sentences of each class; raises `BadInput` naming the file or the class at fault."""
    tables = [file for file in files if file.suffix.lower() in TABLES]
    if tables and len(files) > 1:
        raise BadInput(
            WHERE,
            marked("{0} is a table, and stands beside other files").format(tables[0]),
            _REMEDY,
        )
    rows = _of_table(files[0], classes) if tables else _of_files(files, len(classes))
    for name, row in zip(classes, rows, strict=True):
        if not row:
            raise BadInput(WHERE, marked("there is no sentence of class {0}").format(name), _REMEDY)
        if len(row) > MAX_SENTENCES:
            raise BadInput(
                WHERE, marked("class {0} has more than {1:,} sentences").format(name, MAX_SENTENCES)
            )
    return rows


def _of_files(files: Sequence[Path], ways: int) -> list[list[str]]:
    if len(files) != ways:
        problem = marked("{0} files were given, and the task has {1} classes").format(
            len(files), ways
        )
        raise BadInput(WHERE, problem, marked("Give a .txt file for each class, in class order"))
    return [sentences(file) for file in files]


def sentences(file: Path) -> list[str]:
    """Of a text file, a sentence a line."""
    text = read_text(file, MAX_BYTES, remedy=_REMEDY)
    return [line for line in text.splitlines() if line.strip()]


def _of_table(file: Path, classes: Sequence[str]) -> list[list[str]]:
    text = read_text(file, MAX_BYTES, remedy=_REMEDY)
    if not text.strip():
        raise BadInput(str(file), marked("is empty"), _REMEDY)
    rows: dict[str, list[str]] = {name: [] for name in classes}
    for row in table_rows(file, text, Columns(), WHERE):
        if row.label.strip() not in rows:
            remedy = marked("The classes of this task are {0}").format(", ".join(classes[:30]))
            raise BadInput(
                str(file), marked("{0} is no class of the task").format(brief(row.label)), remedy
            )
        rows[row.label.strip()].append(row.text)
    return list(rows.values())
