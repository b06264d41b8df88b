"""How a sentence becomes the numbers that a model is given."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.core.task import Report


class Rows(ABC):
    """The vectors of all sentences of a corpus, held as compactly as they allow."""

    @abstractmethod
    def take(self, places: Tensor) -> Tensor:
        """``[*sizes, features]``, float32, of the sentences at ``places [*sizes]``."""


@dataclass(frozen=True)
class DenseRows(Rows):
    values: Tensor
    """``[sentences, features]``"""

    def take(self, places: Tensor) -> Tensor:
        return self.values[places]


@dataclass(frozen=True)
class SparseRows(Rows):
    """Sentence i has ``values[starts[i]:starts[i + 1]]`` at ``columns`` of the same range."""

    starts: Tensor
    columns: Tensor
    values: Tensor
    features: int

    def take(self, places: Tensor) -> Tensor:
        flat = places.flatten()
        first, counts = self.starts[flat], self.starts[flat + 1] - self.starts[flat]
        row = torch.repeat_interleave(torch.arange(len(flat)), counts)
        begin = torch.cumsum(counts, 0) - counts
        at = torch.arange(len(row)) - begin[row] + first[row]
        dense = torch.zeros(len(flat), self.features)
        dense[row, self.columns[at]] = self.values[at]
        return dense.view(*places.shape, self.features)


class Representation(ABC):
    """Fitted to the sentences of meta-training classes alone."""

    @property
    @abstractmethod
    def features(self) -> int:
        """Numbers of one sentence."""

    @abstractmethod
    def rows(self, texts: Sequence[str], report: Report) -> Rows:
        """The vectors of a corpus."""

    @abstractmethod
    def word_features(self, text: str) -> Tensor | None:
        """``[words, features]``, what each word adds: rows that sum to the sentence's vector.

        None where a sentence is more than the sum of its words.
        """

    def vector(self, text: str) -> Tensor:
        """``[features]`` of one sentence."""
        shares = self.word_features(text)
        assert shares is not None
        return shares.sum(0)
