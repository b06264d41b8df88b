"""What a task of sentences holds: its classes and, of each, the sentences of the two sets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from workbench.tasks.texts.pool import Entries, Known, Row, TextPool


@dataclass(frozen=True, eq=False)
class TextDraw:
    """N classes of a corpus; ``support`` and ``query`` hold a row of sentences a class."""

    pool: TextPool
    classes: tuple[int, ...]
    """Of the corpus."""
    support: Entries
    query: Entries

    def class_title(self, way: int) -> str:
        return self.pool.corpus.class_names[self.classes[way]]

    def group_title(self, way: int) -> str:
        """The group of a class, such as a domain of intents; empty where there are none."""
        return self.pool.corpus.groups[self.classes[way]]

    def candidates(self, way: int) -> tuple[Known, ...]:
        """The sentences of a class that stand in neither set."""
        chosen, taken = self.classes[way], self.identities()
        known = (Known(chosen, index) for index in range(self.pool.corpus.count(chosen)))
        return tuple(entry for entry in known if self.pool.identity(entry) not in taken)

    def with_row(self: Draw, way: int, row: Row) -> Draw:
        """The task with other support entries of a class, which are not looked at."""
        return replace(self, support=with_row_at(self.support, way, row))

    def identities(self) -> set[str]:
        """Of every sentence in the task; see `TextPool.identity`."""
        rows = (*self.support, *self.query)
        return {self.pool.identity(entry) for row in rows for entry in row}


Draw = TypeVar("Draw", bound=TextDraw)


def with_row_at(rows: Entries, way: int, row: Row) -> Entries:
    """The rows with another one in place of a class's."""
    return (*rows[:way], row, *rows[way + 1 :])
