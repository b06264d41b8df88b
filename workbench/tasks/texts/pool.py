"""What stands in a task of sentences: those of a corpus, and those typed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from workbench.tasks.texts.corpus import Corpus
from workbench.tasks.texts.representation import Representation, Rows
from workbench.tasks.texts.words import folded


@dataclass(frozen=True)
class Known:
    """A sentence of the corpus."""

    class_index: int
    index: int

    def to_json(self) -> list[int]:
        return [self.class_index, self.index]


@dataclass(frozen=True)
class Typed:
    """A sentence from outside the corpus, written by hand or read from a file."""

    text: str

    def to_json(self) -> str:
        return self.text


Entry = Known | Typed
Row = tuple[Entry, ...]
Entries = tuple[Row, ...]
"""Indexed by way, then by shot or query."""


@dataclass(frozen=True, eq=False)
class TextPool:
    """A corpus with the vectors of its sentences."""

    corpus: Corpus
    representation: Representation
    rows: Rows

    def text(self, entry: Entry) -> str:
        if isinstance(entry, Typed):
            return entry.text
        return self.corpus.text(entry.class_index, entry.index)

    def identity(self, entry: Entry) -> str:
        """Equal for sentences that differ in case and signs alone."""
        return folded(self.text(entry))

    def entry(self, text: str) -> Entry:
        """The sentence of the corpus that reads so, or one of its own."""
        place = self.corpus.found.get(folded(text))
        if place is None or self.corpus.text(*place) != text:
            return Typed(text)
        return Known(*place)

    def vectors(self, entries: Sequence[Entry]) -> Tensor:
        """``[n, features]``"""
        known = {at: e for at, e in enumerate(entries) if isinstance(e, Known)}
        vectors = torch.zeros(len(entries), self.representation.features)
        starts = self.corpus.starts
        places = [starts[entry.class_index] + entry.index for entry in known.values()]
        vectors[list(known)] = self.rows.take(torch.tensor(places, dtype=torch.long))
        for at, entry in enumerate(entries):
            if isinstance(entry, Typed):
                vectors[at] = self.representation.vector(entry.text)
        return vectors

    def to_json(self, rows: Entries) -> list[list[Any]]:
        return [[entry.to_json() for entry in row] for row in rows]
