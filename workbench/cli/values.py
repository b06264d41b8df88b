"""What is predicted of rows of a table, in the units of the data: printed, CSV and JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from torch import Tensor

from workbench import terminal
from workbench.cli.outputs import write_csv
from workbench.cli.table import print_table
from workbench.core.marked import marked
from workbench.core.units import Units
from workbench.experiments.tasks_seen.table import Row

SHOWN, WIDEST = 40, 24
"""Rows and columns that are printed, the last ones; the file and the JSON have all of them."""


def told(
    units: Units, x: Tensor, y: Tensor, predicted: Tensor, file: Path | None
) -> dict[str, Any]:
    """Of inputs ``[n, d]``, outputs that are known or NaN, and what is predicted, ``[n, e]``.

    Printed, written to a file if one is named, and returned as JSON has it.
    """
    rows = [*_rows(units, x, y, predicted)]
    terminal.write()
    head = tuple(rows[0]) if rows else ()
    shown = head[-WIDEST:]
    print_table(shown, [tuple(_short(row[name]) for name in shown) for row in rows[:SHOWN]])
    if len(head) > WIDEST:
        terminal.write(marked("and {0} more columns").format(len(head) - WIDEST))
    if len(rows) > SHOWN:
        terminal.write(marked("and {0} more").format(len(rows) - SHOWN))
    errors = _errors(units, y, predicted)
    if errors:
        each = ", ".join(f"{name} {error:.4g}" for name, error in errors.items())
        terminal.write()
        terminal.write(marked("error (RMSE) in the data's own units: {0}").format(each))
    if file is not None:
        write_csv(_table(head, rows), file, "--csv")
    plain = [{name: _plain(value) for name, value in row.items()} for row in rows]
    return {"predictions": plain, "errors": errors}


def _rows(units: Units, x: Tensor, y: Tensor, predicted: Tensor) -> Iterator[dict[str, float]]:
    known = y.isfinite().any()
    for inputs, outputs, found in zip(x.tolist(), y.tolist(), predicted.tolist(), strict=True):
        row = dict(zip(units.x.names, inputs, strict=True))
        for name, output, value in zip(units.y.names, outputs, found, strict=True):
            if known:
                row[name] = output
            row[marked("{0}, predicted").format(name)] = value
        yield row


def _errors(units: Units, y: Tensor, predicted: Tensor) -> dict[str, float]:
    """Of each output over the rows in which it is known; those without such a row are not in it."""
    squares = (predicted.double() - y.double()).square().nanmean(0).sqrt().tolist()
    pairs = zip(units.y.names, squares, strict=True)
    return {name: error for name, error in pairs if math.isfinite(error)}


def _table(head: tuple[str, ...], rows: list[dict[str, float]]) -> Iterator[Row]:
    yield list(head)
    for row in rows:
        yield ["" if math.isnan(value) else f"{value:.9g}" for value in row.values()]


def _short(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.4g}"


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None
