"""Points and curves from elsewhere: a CSV file of x,y rows, and a curve as a scene holds it."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import Annotated

from pydantic import Field

from workbench.core.errors import BadInput, brief
from workbench.core.files import read_text
from workbench.core.marked import marked
from workbench.core.strict import Strict

MAX_POINTS = 10_000
MAX_VALUE = 1e6
"""Of a coordinate, an amplitude, a phase: beyond it a loss is no number any more."""
MAX_BYTES = 2 * 2**20
_REMEDY = marked("Give a CSV file of x,y rows")
_WORDS = ("nan", "inf", "infinity")

Value = Annotated[float, Field(ge=-MAX_VALUE, le=MAX_VALUE)]
Points = Annotated[list[Value], Field(min_length=1, max_length=MAX_POINTS, fail_fast=True)]


class CurveFile(Strict):
    amplitude: Value
    phase: Value
    support_x: Points
    support_y: Points
    query_x: Points
    known: bool = True


def read_points(file: Path) -> list[tuple[float, float]]:
    """The points of a CSV file, with or without a heading; raises `BadInput`.

    Cells may be separated by commas, semicolons or tabs; where a comma separates none, it is taken
    for a decimal comma. A point may stand twice: measured and drawn ones do.
    """
    few = marked("Give a CSV file of at most {0:,} rows of x,y, as UTF-8 text").format(MAX_POINTS)
    text = read_text(file, MAX_BYTES, remedy=few)
    if "\0" in text:
        raise BadInput(
            marked("{0}, row {1}").format(file, _row_of(text)), marked("holds a zero byte"), _REMEDY
        )
    separator = _separator(text)
    rows = _rows(file, text, separator)
    if rows and _is_heading(rows[0][1]):
        rows = rows[1:]
    if not rows:
        raise BadInput(str(file), marked("holds no points"), _REMEDY)
    if len(rows) > MAX_POINTS:
        raise BadInput(str(file), marked("holds more than {0:,} points").format(MAX_POINTS), few)
    if separator != ",":
        rows = [(number, [_with_point(cell) for cell in row]) for number, row in rows]
    return [_point(f"{file}, row {number}", row) for number, row in rows]


def _separator(text: str) -> str:
    """What stands between the cells of the first row that has anything."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return next((one for one in ";\t" if one in first), ",")


def _with_point(cell: str) -> str:
    """A decimal comma as a point; anything else is left for the message that refuses it."""
    return cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell


def _is_heading(row: list[str]) -> bool:
    """Two names, and no words for numbers such as nan."""
    names = [cell.strip().lower() for cell in row]
    return len(names) == 2 and all(n[:1].isalpha() and n not in _WORDS for n in names)


def _rows(file: Path, text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Every row that is not blank, with its number in the file."""
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, row))
            if len(rows) > MAX_POINTS + 1:
                break
    except csv.Error as error:
        raise BadInput(
            marked("{0}, row {1}").format(file, reader.line_num),
            marked("is no row ({0})").format(error),
            _REMEDY,
        ) from error
    return rows


def _point(where: str, row: list[str]) -> tuple[float, float]:
    if len(row) != 2:
        raise BadInput(where, marked("has {0}, not x and y").format(_cells(len(row))), _hint(row))
    x, y = (_number(where, name, cell) for name, cell in zip("xy", row, strict=True))
    return x, y


def _number(where: str, name: str, cell: str) -> float:
    try:
        if "_" in cell or not cell.isascii():
            raise ValueError
        value = float(cell)
    except ValueError as error:
        raise BadInput(
            where,
            marked("{0} is {1}, not a number").format(name, brief(cell)),
            marked("Write 1.5,-0.3"),
        ) from error
    if not math.isfinite(value):
        raise BadInput(
            where,
            marked("{0} is {1}, which is not finite").format(name, brief(cell)),
            marked("Remove the row"),
        )
    if abs(value) > MAX_VALUE:
        raise BadInput(
            where,
            marked("{0} is {1}, beyond a million").format(name, brief(cell)),
            marked("Scale the points"),
        )
    return value


def _hint(row: list[str]) -> str:
    if any(one in cell for cell in row for one in ";\t"):
        return "Separate the cells of all rows alike: 1.5,-0.3"
    if len(row) == 4 and all(cell.strip().lstrip("+-").isdigit() for cell in row):
        return "Write decimals with a point: 1.5,-0.3"
    return "Write two numbers: 1.5,-0.3"


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _row_of(text: str) -> int:
    return text[: text.index("\0")].count("\n") + 1
