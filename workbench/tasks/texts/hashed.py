"""Words and character 4-grams, hashed into a fixed number of features and weighed by tf-idf.

K. Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009, here without
signs: two pieces that fall together add up. The weight of a feature is the usual smoothed idf,
log((1 + n) / (1 + df)) + 1, of the n sentences it was fitted to; one that none of them has is as
rare as can be. A sentence's counts times weights are scaled to length 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import torch
from torch import Tensor

from workbench.core.task import Report
from workbench.tasks.texts.representation import Representation, SparseRows
from workbench.tasks.texts.words import places, spans

REPORT_EVERY = 2_000


class Hashed(Representation):
    """tf-idf of hashed words and 4-grams; needs nothing from outside."""

    def __init__(self, features: int, fitted_to: Sequence[str]) -> None:
        self._features = features
        seen = torch.zeros(features)
        for text in fitted_to:
            seen[list(_counts(text, features))] += 1
        self.idf = ((1 + len(fitted_to)) / (1 + seen)).log() + 1

    @property
    def features(self) -> int:
        return self._features

    def rows(self, texts: Sequence[str], report: Report) -> SparseRows:
        columns, counts, sizes = list[int](), list[int](), [0]
        for number, text in enumerate(texts):
            if number % REPORT_EVERY == 0:
                report(f"Counting words: {number:,} of {len(texts):,}", number / len(texts))
            found = _counts(text, self._features)
            columns.extend(found)
            counts.extend(found.values())
            sizes.append(len(found))
        starts, at = torch.tensor(sizes).cumsum(0), torch.tensor(columns, dtype=torch.long)
        values = torch.tensor(counts, dtype=torch.float32) * self.idf[at]
        row = torch.repeat_interleave(torch.arange(len(texts)), starts.diff())
        squares = torch.zeros(len(texts)).index_add_(0, row, values.square())
        return SparseRows(starts, at, values / squares.sqrt()[row], self._features)

    def word_features(self, text: str) -> Tensor:
        words = [text[start:end] for start, end in spans(text)]
        shares = torch.zeros(len(words), self._features)
        for row, word in enumerate(words):
            for place in places(word, self._features):
                shares[row, place] += self.idf[place]
        length = shares.sum(0).norm()
        return shares / length if length > 0 else shares


def _counts(text: str, features: int) -> Counter[int]:
    found = Counter[int]()
    for start, end in spans(text):
        found.update(places(text[start:end], features))
    return found
