"""One draw: N classes with the sentences to learn from and those to be judged on; its editing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Generator, Tensor

from workbench.core.episode import Batch, Episode
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.task import Slot, Task
from workbench.tasks.classes import without_class
from workbench.tasks.texts import redraw, support_files
from workbench.tasks.texts.corpus import cleaned
from workbench.tasks.texts.pool import Entries, Entry, Known, Typed
from workbench.tasks.texts.text_draw import TextDraw, with_row_at
from workbench.tasks.texts.words import MAX_SENTENCE, Span, folded, spans


class TextTask(TextDraw, Task):
    """N classes with sentences; after editing by hand classes may have different numbers of them.

    No sentence stands twice in a task: whatever changes one raises `BadInput` that names the class
    and the place.
    """

    @property
    def title(self) -> str:
        least, most = (take(len(row) for row in self.support) for take in (min, max))
        shots = str(least) if least == most else f"{least} to {most}"
        return f"{len(self.classes)}-way {shots}-shot"

    @property
    def class_names(self) -> tuple[str, ...]:
        return tuple(self.class_title(way) for way in range(len(self.classes)))

    @property
    def support_texts(self) -> tuple[tuple[str, ...], ...]:
        """Indexed by way, then by shot."""
        return self._texts(self.support)

    @property
    def query_texts(self) -> tuple[tuple[str, ...], ...]:
        """Indexed by way, then by place; in the order of the query batch."""
        return self._texts(self.query)

    @property
    def slots(self) -> set[Slot]:
        return {(way, shot) for way, row in enumerate(self.support) for shot in range(len(row))}

    def episode(self) -> Episode:
        """Items of a class stand together; classes may have different numbers of them."""
        return Episode(self._batch(self.support), self._batch(self.query))

    def parts(self, text: str) -> tuple[Span, ...]:
        """Where the words of a sentence begin and end."""
        return spans(text)

    def word_features(self, text: str) -> Tensor | None:
        """``[words, features]``, what each word of `parts` adds to the input; rows sum to it.

        None where a sentence is more than the sum of its words; see `vector`.
        """
        return self.pool.representation.word_features(text)

    def vector(self, text: str) -> Tensor:
        """``[features]``, the input that a sentence is to a model."""
        return self.pool.representation.vector(text)

    def with_item(self, slot: Slot, item: str) -> TextTask:
        """The task with one support sentence written anew."""
        way, shot = slot
        row = self.support[way]
        entry = self._entry(way, shot, item, "support", besides=row[shot])
        return self.with_row(way, (*row[:shot], entry, *row[shot + 1 :]))

    def with_added(self, way: int, text: str) -> TextTask:
        """One more support sentence of a class, behind the others."""
        row = self.support[way]
        return self.with_row(way, (*row, self._entry(way, len(row), text, "support")))

    def without(self, slot: Slot) -> TextTask:
        way, shot = slot
        row = self.support[way]
        if len(row) == 1:
            problem = marked("would have no support sentence")
            raise BadInput(self._named(way), problem, marked("Write another one first"))
        return self.with_row(way, (*row[:shot], *row[shot + 1 :]))

    def with_query_sentence(self, way: int, text: str) -> TextTask:
        """One more sentence to be judged on, whose class is said to be ``way``."""
        row = self.query[way]
        entry = self._entry(way, len(row), text, "query")
        if isinstance(entry, Known) and entry.class_index != self.classes[way]:
            entry = Typed(self.pool.text(entry))  # asked for under another class than its own
        return replace(self, query=with_row_at(self.query, way, (*row, entry)))

    def without_query(self, place: tuple[int, int]) -> TextTask:
        way, at = place
        row = (*self.query[way][:at], *self.query[way][at + 1 :])
        rows = with_row_at(self.query, way, row)
        if not any(rows):
            raise BadInput(
                marked("Query set"),
                marked("would be empty"),
                marked("Write another sentence first"),
            )
        return replace(self, query=rows)

    def with_class(self, among: Sequence[int], draws: Generator) -> TextTask:
        """One more class of those ``among``, with as many sentences as the first one has."""
        return redraw.with_class(self, among, draws)

    def without_class(self, way: int) -> TextTask:
        return without_class(self, way)

    def with_support_files(self, files: Sequence[Path]) -> TextTask:
        """The support set from .txt files, one a class in class order, or from a table.

        A sentence a line; a table has columns text and label, and its labels are the classes.
        """
        rows = support_files.read(
            files, [self.class_title(way) for way in range(len(self.classes))]
        )
        asked = replace(self, support=((),) * len(self.classes))
        for way, sentences in enumerate(rows):
            for text in sentences:
                asked = asked.with_added(way, text)
        return asked

    def with_class_file(self, way: int, file: Path) -> TextTask:
        """The support sentences of one class from a .txt file, a sentence a line."""
        found = support_files.sentences(file)
        if not 1 <= len(found) <= support_files.MAX_SENTENCES:
            problem = marked("holds {0:,} sentences").format(len(found))
            remedy = marked("Give 1 to {0:,}, one a line").format(support_files.MAX_SENTENCES)
            raise BadInput(str(file), problem, remedy)
        asked = self.with_row(way, ())
        for text in found:
            asked = asked.with_added(way, text)
        return asked

    def another_support(self, draws: Generator) -> TextTask:
        return redraw.another_support(self, draws)

    def redrawn(self, fresh: Task, locked: Collection[Slot], draws: Generator) -> TextTask:
        assert isinstance(fresh, TextTask)
        return redraw.redrawn(self, fresh, locked, draws)

    def to_json(self) -> dict[str, Any]:
        held = {name: self.pool.to_json(getattr(self, name)) for name in ("support", "query")}
        return {"classes": list(self.classes), **held}

    def _texts(self, rows: Entries) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(self.pool.text(entry) for entry in row) for row in rows)

    def _batch(self, rows: Entries) -> Batch:
        x = self.pool.vectors([entry for row in rows for entry in row])
        return Batch(x, torch.tensor([way for way, row in enumerate(rows) for _ in row]))

    def _named(self, way: int) -> str:
        return f"class {way + 1} ({self.class_title(way)})"

    def _entry(
        self, way: int, at: int, text: str, name: str, besides: Entry | None = None
    ) -> Entry:
        """A sentence that may stand at a place; raises `BadInput` that names it."""
        where = f"{name} sentence {at + 1} of {self._named(way)}"
        if len(text) > 2 * MAX_SENTENCE or len(text := cleaned(text)) > MAX_SENTENCE:
            problem = marked("has more than {0:,} characters").format(MAX_SENTENCE)
            raise BadInput(where, problem, marked("Shorten it"))
        if not folded(text):
            raise BadInput(where, marked("holds no word"), marked("Write a sentence"))
        for other, rows in (("query", self.query), ("support", self.support)):
            for row_way, row in enumerate(rows):
                if any(e is not besides and self.pool.identity(e) == folded(text) for e in row):
                    problem = marked("already stands in the {0} set, in {1}").format(
                        other, self._named(row_way)
                    )
                    raise BadInput(where, problem, marked("Write another one"))
        return self.pool.entry(text)
