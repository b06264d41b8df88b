"""Word vectors from a file: a word and its numbers on each line, as GloVe and fastText have it.

A sentence is the sum of the vectors of its words, each weighed by the idf of the word in
meta-training sentences and scaled to length 1. A word that the file lacks counts for nothing.
"""

from __future__ import annotations

import io
import math
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from workbench.core.errors import BadInput, brief
from workbench.core.files import open_handle
from workbench.core.findings import Mend
from workbench.core.marked import marked
from workbench.core.task import Report
from workbench.tasks.texts.representation import DenseRows, Representation
from workbench.tasks.texts.words import spans

MAX_BYTES = 16 * 2**30
MAX_WORDS = 400_000
"""Files list frequent words first; what comes behind is read where a training sentence has it."""
MAX_LINE = 2**20
REPORT_EVERY = 20_000
_FORM = marked("Give a .vec or .txt file with a word and its numbers on each line")


class WordVectors(Representation):
    def __init__(
        self, values: np.ndarray, places: dict[str, int], fitted_to: Sequence[str]
    ) -> None:
        self._values, self._places = values, places
        seen = Counter(word for text in fitted_to for word in set(_words(text)))
        total = 1 + len(fitted_to)
        self._idf = {word: math.log(total / (1 + count)) + 1 for word, count in seen.items()}
        self._rare = math.log(total) + 1

    @property
    def features(self) -> int:
        return int(self._values.shape[1])

    def rows(self, texts: Sequence[str], report: Report) -> DenseRows:
        vectors = torch.zeros(len(texts), self.features)
        for number, text in enumerate(texts):
            if number % REPORT_EVERY == 0:
                report("Adding up word vectors", number / len(texts))
            vectors[number] = self.vector(text)
        return DenseRows(vectors)

    def word_features(self, text: str) -> Tensor:
        words = _words(text)
        shares = torch.zeros(len(words), self.features)
        for row, word in enumerate(words):
            if word in self._places:
                vector = torch.from_numpy(self._values[self._places[word]])
                shares[row] = vector * self._idf.get(word, self._rare)
        length = shares.sum(0).norm()
        return shares / length if length > 0 else shares


def read_vectors(path: Path, size: int, fitted_to: Sequence[str], report: Report) -> WordVectors:
    """The vectors of a file; raises `BadInput` at ``task.vectors`` or ``task.vector_size``."""
    wanted = {word for text in fitted_to for word in _words(text)}
    places, values = dict[str, int](), list[np.ndarray]()
    for number, line in _lines(path):
        if number % REPORT_EVERY == 0:
            report(f"Reading word vectors: {number:,}", 0.0)
        word, _, rest = line.rstrip().partition(" ")
        if number == 1 and word.isdigit() and rest.isdigit():
            continue  # fastText's first line: how many words, how many numbers
        word = word.casefold()
        if word in places or (len(places) >= MAX_WORDS and word not in wanted):
            continue
        places[word] = len(values)
        values.append(_numbers(path, number, rest, size))
    if not values:
        raise BadInput("task.vectors", marked("{0} holds no word vectors").format(path), _FORM)
    return WordVectors(np.stack(values), places, fitted_to)


def _words(text: str) -> list[str]:
    return [text[start:end].casefold() for start, end in spans(text)]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    handle = open_handle(path, MAX_BYTES, "task.vectors", _FORM)
    with os.fdopen(handle, "rb") as raw, io.BufferedReader(raw.raw) as lines:
        number = 0
        while line := lines.readline(MAX_LINE):
            number += 1
            if len(line) == MAX_LINE:
                problem = marked("{0}, line {1}, is longer than a million characters").format(
                    path, number
                )
                raise BadInput("task.vectors", problem, _FORM)
            yield number, line.decode("utf-8", "replace")


def _numbers(path: Path, number: int, rest: str, size: int) -> np.ndarray:
    where = f"{path}, line {number}"
    try:
        found = np.array(rest.split(" "), dtype=np.float32)
    except ValueError as error:
        problem = marked("{0}, is no word with its numbers ({1})").format(where, brief(rest, 40))
        raise BadInput("task.vectors", problem, _FORM) from error
    if not np.isfinite(found).all():
        raise BadInput(
            "task.vectors", marked("{0}, holds a number that is not finite").format(where), _FORM
        )
    if len(found) != size:
        problem = marked("is {0}, and {1}, has {2} numbers").format(size, where, len(found))
        remedy = marked("Set it to {0}").format(len(found))
        raise BadInput("task.vector_size", problem, remedy, Mend("task.vector_size", len(found)))
    return found
