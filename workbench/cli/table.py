"""Tables and paragraphs for standard output: left-aligned, never wider than the terminal."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from workbench import terminal
from workbench.core.errors import printable

GAP = 2
"""Spaces between two columns."""


def print_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, apart: bool = False
) -> None:
    """A table whose columns without a single entry are left out.

    One of short cells that is too wide goes on in a second table below, with the same first
    column; long cells wrap. ``apart`` sets a blank line between rows, for cells of several lines.
    """
    filled = [n for n in range(len(header)) if any(row[n] for row in rows)]
    columns = [[header[n], *(_cell(row[n]) for row in rows)] for n in filled]
    for place, group in enumerate(_groups(columns)):
        if place:
            terminal.write()
        _print(_table(group, apart))


def _table(columns: Sequence[Sequence[str]], apart: bool) -> Table:
    table = Table(
        box=None,
        pad_edge=False,
        padding=(0, GAP, 0, 0),
        leading=int(apart),
        header_style="bold",
    )
    for header, *cells in columns:
        table.add_column(Text(header), no_wrap=_stays_whole(cells), overflow="fold")
    for row in list(zip(*columns, strict=True))[1:]:
        table.add_row(*map(Text, row))
    return table


def _groups(columns: list[list[str]]) -> list[list[list[str]]]:
    """All columns in one table, or as many tables as cells need that are not to be broken."""
    first, *others = columns
    widths = [GAP + max(map(_width, column)) for column in columns]
    room = terminal.width() + GAP
    if sum(widths) <= room or max(widths) > room // 2:
        return [columns]
    groups, left = [[first]], room - widths[0]
    for column, width in zip(others, widths[1:], strict=True):
        if width > left:
            groups.append([first])
            left = room - widths[0]
        groups[-1].append(column)
        left -= width
    return groups


def print_text(line: str) -> None:
    """A sentence, wrapped between words."""
    _print(Text(line))


def _stays_whole(cells: Sequence[str]) -> bool:
    """Names are copied by hand: one without a blank is not broken, if half a line holds it."""
    longest = max(map(_width, cells), default=0)
    return longest <= terminal.width() // 2 and not any(" " in cell for cell in cells)


def _width(cell: str) -> int:
    """Columns that a cell takes: those of its longest line."""
    return max(map(len, cell.split("\n")))


def _cell(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


def _print(what: RenderableType) -> None:
    """Through a buffer, so that all that can fail is one write of ours."""
    buffer, styled = io.StringIO(), terminal.is_terminal(sys.stdout)
    console = Console(
        file=buffer,
        width=terminal.width(),
        force_terminal=styled,
        color_system="standard" if styled else None,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
    )
    console.print(what)
    lines = (line.rstrip() for line in buffer.getvalue().splitlines())
    terminal.write("\n".join(lines))
