"""Points and curves from elsewhere: a CSV file of x,y rows, and a curve as a scene holds it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from workbench.core.errors import BadInput, brief
from workbench.core.files import read_text
from workbench.core.marked import marked
from workbench.core.strict import Strict
from workbench.tasks.functions import FUNCTIONS, SINE, Function, Name
from workbench.tasks.tables.numbers import number_in
from workbench.tasks.tables.rows import cells, lines

MAX_POINTS = 10_000
MAX_VALUE = 1e6
"""Of a coordinate, an amplitude, a phase: beyond it a loss is no number any more."""
MAX_BYTES = 2 * 2**20
_REMEDY = marked("Give a CSV file of x,y rows")
_WORDS = ("nan", "inf", "infinity")

Value = Annotated[float, Field(ge=-MAX_VALUE, le=MAX_VALUE)]
Points = Annotated[list[Value], Field(min_length=1, max_length=MAX_POINTS, fail_fast=True)]


class CurveFile(Strict):
    """The numbers of a sine stand by their names, as in the first scenes; see `numbers_of`."""

    function: Name = "sine"
    amplitude: Value | None = None
    phase: Value | None = None
    numbers: Annotated[tuple[Value, ...], Field(max_length=8, strict=False)] = ()
    support_x: Points
    support_y: Points
    query_x: Points
    known: bool = True


def numbers_as_json(function: Function, numbers: Sequence[float]) -> dict[str, Any]:
    """What settles a curve, as `CurveFile` has it."""
    if function is SINE:
        return dict(zip(("amplitude", "phase"), numbers, strict=True))
    return {"function": function.name, "numbers": list(numbers)}


def numbers_of(held: CurveFile) -> tuple[Function, tuple[float, ...]]:
    """What settles the curve of a file; raises `BadInput`."""
    function = FUNCTIONS[held.function]
    sine = (held.amplitude, held.phase)
    found = sine if function is SINE else held.numbers
    whole = tuple(value for value in found if value is not None)
    if len(whole) != len(function.numbers):
        names = ", ".join(number.name for number in function.numbers)
        raise BadInput("task", marked("does not say {0}").format(names))
    return function, whole


def read_points(file: Path) -> list[tuple[float, float]]:
    """The points of a CSV file, with or without a heading; raises `BadInput`.

    Cells may be separated by commas, semicolons or tabs; where a comma separates none, it is taken
    for a decimal comma. A point may stand twice: measured and drawn ones do.
    """
    few = marked("Give a CSV file of at most {0:,} rows of x,y, as UTF-8 text").format(MAX_POINTS)
    text = read_text(file, MAX_BYTES, remedy=few)
    separator = _separator(text)
    rows = _rows(file, text, separator)
    if rows and _is_heading(rows[0][1]):
        rows = rows[1:]
    if not rows:
        raise BadInput(str(file), marked("holds no points"), _REMEDY)
    if len(rows) > MAX_POINTS:
        raise BadInput(str(file), marked("holds more than {0:,} points").format(MAX_POINTS), few)
    comma = separator != ","
    return [_point(f"{file}, row {number}", row, comma) for number, row in rows]


def _separator(text: str) -> str:
    """What stands between the cells of the first row that has anything."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return next((one for one in ";\t" if one in first), ",")


def _is_heading(row: list[str]) -> bool:
    """Two names, and no words for numbers such as nan."""
    names = [cell.strip().lower() for cell in row]
    return len(names) == 2 and all(n[:1].isalpha() and n not in _WORDS for n in names)


def _rows(file: Path, text: str, separator: str) -> list[tuple[int, list[str]]]:
    """Every row that is not blank, with its number in the file; one too many at most."""
    return list(islice(lines(file, text, separator, str(file)), MAX_POINTS + 2))


def _point(where: str, row: list[str], decimal_comma: bool) -> tuple[float, float]:
    if len(row) != 2:
        raise BadInput(where, marked("has {0}, not x and y").format(cells(len(row))), _hint(row))
    x, y = (_number(where, n, cell, decimal_comma) for n, cell in zip("xy", row, strict=True))
    return x, y


def _number(where: str, name: str, cell: str, decimal_comma: bool) -> float:
    try:
        value = number_in(cell, decimal_comma)
    except ValueError as error:
        raise BadInput(where, f"{name} {error}", marked("Write 1.5,-0.3")) from error
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
