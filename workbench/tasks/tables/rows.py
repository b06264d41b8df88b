"""Rows of cells out of text: what parts the cells is seen, and every row has its number."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path

from workbench.core.errors import BadInput
from workbench.core.marked import marked

DELIMITERS = ("\t", ";", "|", ",")
"""What may part cells; of two that part them equally well the earlier, so that a comma within the
cells of a file of semicolons is a decimal comma."""
MAX_COLUMNS = 10_000
OFFERED = 3
"""Columns that are a click away where another one was named."""
LOOKED_AT = 30
"""Rows that settle what parts the cells."""
_SAMPLE = 2**16
_CUT = "unexpected end of data"
_OPEN = marked("{0}, row {1}, has a quote that is not closed where its cell ends")
_CLOSE = marked("Close it, or take it away")


def delimiter_of(text: str, wanted: Collection[str] = ()) -> str:
    """What parts the cells: ``wanted`` names are in the first row, then rows are alike."""
    sample = text[:_SAMPLE]

    def fitness(delimiter: str) -> tuple[bool, float]:
        rows = _sampled(sample, delimiter)
        if not rows:
            return False, 0.0
        names, width = {cell.strip() for cell in rows[0]}, len(rows[0])
        alike = sum(len(row) == width for row in rows) / len(rows)
        return set(wanted) <= names, alike if width > 1 else 0.0

    best = max(DELIMITERS, key=fitness)
    return best if fitness(best) > (False, 0.0) else ","


def _sampled(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return list(islice((row for row in reader if any(map(str.strip, row))), LOOKED_AT))
    except csv.Error:
        return []


def lines(
    path: Path, text: str, delimiter: str, where: str, whole: bool = True
) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, with the number of its last line in the file.

    Raises `BadInput` at the field ``where`` that names the row at fault: a zero byte, a cell of
    more than 131,072 characters, more than `MAX_COLUMNS` columns, a quote that is not closed where
    its cell ends. Where the text is not the ``whole`` file, its last row may be cut.
    """
    if "\0" in text:
        at = text[: text.index("\0")].count("\n") + 1
        raise BadInput(
            where,
            marked("{0}, row {1}, holds a zero byte").format(path, at),
            marked("Save it as UTF-8 text"),
        )
    watched = _Lines(text) if '"' in text else None
    reader = csv.reader(watched or io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if watched is not None:
                if watched.quote_stays_open(delimiter, whole):
                    at = reader.line_num - len(watched.record) + 1
                    raise BadInput(where, _OPEN.format(path, at), _CLOSE)
                watched.record.clear()
            if any(cell.strip() for cell in row):
                if len(row) > MAX_COLUMNS:
                    raise BadInput(
                        where, marked("{0} has more than {1:,} columns").format(path, MAX_COLUMNS)
                    )
                yield reader.line_num, row
    except csv.Error as error:
        problem = marked("{0}, row {1}, is no row ({2})").format(path, reader.line_num, error)
        raise BadInput(where, problem, marked("Close every quote that is opened")) from error


class _Lines:
    """Lines of a text, with those of the record that is being read.

    A quote that is never closed takes every line up to the next quote into one cell, without an
    error of `csv`.
    """

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self._size = len(text)
        self.record: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.record.append(line)
        return line

    def quote_stays_open(self, delimiter: str, whole: bool) -> bool:
        """Whether the record takes several lines, or the last one, and is none by strict rules."""
        last = self._lines.tell() == self._size
        if len(self.record) == 1 and not (last and '"' in self.record[0]):
            return False
        try:
            list(csv.reader(self.record, delimiter=delimiter, strict=True))
        except csv.Error as error:
            cut = str(error) == _CUT
            return (cut and whole) if last else (cut or len(self.record) > 1)
        return False


def cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
