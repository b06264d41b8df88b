"""What ``adapt`` says of a task of sentences: the class of each, and the words that carry it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from workbench import terminal
from workbench.cli.table import print_table
from workbench.core.algorithm import AdaptStep
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.experiments.insight.words import Carried, words_that_carry
from workbench.experiments.session import Learner
from workbench.tasks.texts.corpus import cleaned
from workbench.tasks.texts.text_task import TextTask

CARRYING = 3
"""Words of a sentence that are named."""
Told = dict[str, Any]


def told(
    learner: Learner,
    task: TextTask,
    steps: int,
    last: AdaptStep,
    asked: Sequence[str] | None,
) -> Told:
    """Print and return the predictions of a task of sentences."""
    queries = [_query(task, *row) for row in _rows(task, last)]
    _print(("sentence", "class", "predicted", "probability"), queries)
    if not asked:
        return {"sentences": queries}
    answers = [_answer(learner, task, cleaned(text), steps) for text in asked]
    _print(("sentence", "predicted", "probability", "words"), answers)
    return {"sentences": queries, "asked": answers}


def _rows(task: TextTask, last: AdaptStep) -> list[tuple[int, str, list[float]]]:
    """Way, text and class probabilities of every query sentence."""
    ways = (way for way, row in enumerate(task.query) for _ in row)
    texts = chain.from_iterable(task.query_texts)
    return list(zip(ways, texts, last.query_outputs.tolist(), strict=True))


def _query(task: TextTask, way: int, text: str, outputs: list[float]) -> Told:
    likeliest = max(range(len(outputs)), key=outputs.__getitem__)
    return {
        "sentence": text,
        "class": task.class_title(way),
        "predicted": task.class_title(likeliest),
        "probability": outputs[likeliest],
    }


def _answer(learner: Learner, task: TextTask, text: str, steps: int) -> Told:
    if not task.parts(text):
        raise BadInput(
            "--ask", marked("{0!r} holds no word").format(text), marked("Write a sentence")
        )
    *_, carried = words_that_carry(learner, task, text, steps)
    return {
        "sentence": text,
        "predicted": task.class_title(carried.way),
        "probability": float(carried.outputs[carried.way]),
        "words": ", ".join(_carrying(task, text, carried)),
    }


def _carrying(task: TextTask, text: str, carried: Carried) -> list[str]:
    """The words that speak for the predicted class, the strongest first."""
    effects = carried.effects[:, carried.way].tolist()
    parts = zip(effects, task.parts(text), strict=True)
    strongest = sorted(parts, reverse=True)[:CARRYING]
    return [text[start:end] for effect, (start, end) in strongest if effect > 0]


def _print(columns: Sequence[str], rows: Sequence[Told]) -> None:
    terminal.write()
    cells = [
        [f"{row[c]:.0%}" if isinstance(row[c], float) else str(row[c]) for c in columns]
        for row in rows
    ]
    print_table(columns, cells)
