"""A task of sentences as it stands in a scene: read back strictly, whoever wrote it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, Any

from pydantic import Field

from workbench.core.errors import BadInput, brief
from workbench.core.marked import marked
from workbench.core.strict import Strict, strictly
from workbench.tasks.classes import LEAST_WAYS, check_class, check_rows
from workbench.tasks.texts.corpus import cleaned
from workbench.tasks.texts.pool import Entries, Entry, Known, TextPool, Typed
from workbench.tasks.texts.text_task import TextTask
from workbench.tasks.texts.words import MAX_SENTENCE, folded

Whole = Annotated[int, Field(ge=0, le=2**31)]
Sentence = Annotated[str, Field(max_length=MAX_SENTENCE)]
Place = Annotated[list[Whole], Field(min_length=2, max_length=2, fail_fast=True)]
Row = Annotated[list[Place | Sentence], Field(max_length=1000, fail_fast=True)]
Rows = Annotated[list[Row], Field(max_length=1000, fail_fast=True)]


class TaskFile(Strict):
    classes: Annotated[list[Whole], Field(min_length=LEAST_WAYS, max_length=1000)]
    support: Rows
    query: Rows


def opened(values: Any, pool: TextPool, among: Collection[int], split: str) -> TextTask:
    """The task in a pool, its classes ``among`` those of the split; raises `BadInput`."""
    held = strictly(TaskFile, values, "task")
    check_rows(held.classes, held.support, held.query)
    _check_classes(held.classes, among, split)
    support, query = (
        _entries(name, rows, pool)
        for name, rows in (("support", held.support), ("query", held.query))
    )
    for way, row in enumerate(support):
        if not row:
            raise BadInput(f"task.support[{way}]", marked("is empty"))
    if not any(query):
        raise BadInput("task.query", marked("is empty"))
    _check_apart(held.classes, support, query, pool)
    return TextTask(pool, tuple(held.classes), support, query)


def _check_classes(classes: list[int], among: Collection[int], split: str) -> None:
    for way, chosen in enumerate(classes):
        check_class(chosen, way, among, split)
        if chosen in classes[:way]:
            raise BadInput(f"task.classes[{way}]", marked("is the same class as one before it"))


def _entries(name: str, rows: list[Any], pool: TextPool) -> Entries:
    return tuple(
        tuple(_entry(value, f"task.{name}[{way}][{at}]", pool) for at, value in enumerate(row))
        for way, row in enumerate(rows)
    )


def _entry(value: list[int] | str, where: str, pool: TextPool) -> Entry:
    if isinstance(value, str):
        if not folded(value) or cleaned(value) != value:
            raise BadInput(where, marked("{0} is no sentence on one line").format(brief(value)))
        return Typed(value)
    class_index, index = value
    corpus = pool.corpus
    if class_index >= len(corpus.class_names) or index >= corpus.count(class_index):
        raise BadInput(
            where, marked("there is no sentence {0} of class {1}").format(index, class_index)
        )
    return Known(class_index, index)


def _check_apart(classes: list[int], support: Entries, query: Entries, pool: TextPool) -> None:
    """No sentence twice; a sentence of the corpus is asked for under its own class."""
    seen: dict[str, str] = {}
    for where, entry in (*_placed("support", support), *_placed("query", query)):
        first = seen.setdefault(pool.identity(entry), where)
        if first != where:
            raise BadInput(where, marked("the same sentence as {0}").format(first))
    for way, row in enumerate(query):
        for at, entry in enumerate(row):
            if isinstance(entry, Known) and entry.class_index != classes[way]:
                raise BadInput(
                    f"task.query[{way}][{at}]", marked("is not of class {0}").format(way + 1)
                )


def _placed(name: str, rows: Entries) -> Iterator[tuple[str, Entry]]:
    for way, row in enumerate(rows):
        for at, entry in enumerate(row):
            yield f"task.{name}[{way}][{at}]", entry
