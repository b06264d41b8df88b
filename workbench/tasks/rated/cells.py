"""Tables of text as they come: any delimiter, names in the first row, typed or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.core.errors import BadInput, brief, printable
from workbench.core.files import as_text, read_file
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.tasks.texts.table import DELIMITERS, OFFERED, lines

MAX_BYTES = 1 << 30
_TYPED = re.compile(r"^(.*):(token|token_seq|float|float_seq)$")
FORMS = marked("Give a CSV or TSV file whose first row names its columns")


@dataclass(frozen=True)
class Cells:
    """A table that is read row by row."""

    path: Path
    where: str
    """The field that the file was named in."""
    names: tuple[str, ...]
    lists: frozenset[str]
    """Columns whose cells hold several words, by the type in their heading."""
    rows: Iterator[tuple[int, list[str]]]

    def place(self, wanted: str, known: Sequence[str], field: str, *, needed: bool = True) -> int:
        """Of a column by its name, or, where none is given, by a usual one; -1 where it is not.

        Raises `BadInput` at ``field`` that lists the columns there are.
        """
        plain = [name.casefold() for name in self.names]
        found = (plain.index(name) for name in known if name in plain)
        at = self.names.index(wanted) if wanted in self.names else -1
        at = next(found, -1) if not wanted else at
        if at < 0 and (needed or wanted):
            raise self._no_column(wanted, field)
        return at

    def _no_column(self, wanted: str, field: str) -> BadInput:
        there = ", ".join(printable(name, 40) for name in self.names[:20])
        what = (
            marked("{0} has no column {1}; its columns are {2}").format(
                self.path, brief(wanted), there
            )
            if wanted
            else marked("which column it is cannot be told; {0} has {1}").format(self.path, there)
        )
        offered = [Mend(field, name) for name in self.names[:OFFERED] if name]
        return BadInput(field, what, marked("Name one of them"), *offered)


def opened(path: Path, where: str) -> Cells:
    """A table of a file; raises `BadInput` at the field ``where``."""
    data = read_file(path, MAX_BYTES, where, FORMS).removeprefix(b"\xef\xbb\xbf")
    text = as_text(data, path, where, marked("Save it as UTF-8 text"))
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise BadInput(where, marked("{0} is empty").format(path), FORMS)
    delimiter = max(DELIMITERS, key=first.count)
    rows = lines(path, text, delimiter, where)
    _, heading = next(rows)
    typed = [_TYPED.match(name.strip()) for name in heading]
    names = tuple(
        match[1] if match else name.strip() for match, name in zip(typed, heading, strict=True)
    )
    lists = frozenset(match[1] for match in typed if match and match[2].endswith("_seq"))
    return Cells(path, where, names, lists, rows)
