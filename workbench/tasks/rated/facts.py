"""What is known of users and items as numbers, fitted to those of meta-training alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.tasks.rated.table import Facts

MANY = 12
"""Different numbers from which on a column is a quantity, and no list of kinds."""
TRUSTED = 0.95
"""Of the cells that say anything: a column of which so many are numbers is a quantity."""
MOST_KINDS = 100
"""Of a column; one with more, such as a post code, tells nothing of the next user."""
FARTHEST = 3.0
"""Spreads from the mean, beyond which a quantity is not told apart."""

Words = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Column:
    """A number of the input: a quantity in spreads from its mean, or whether a kind is there."""

    name: str
    kind: str = ""
    """Empty for a quantity."""
    mean: float = 0.0
    spread: float = 1.0
    weight: int = 0
    """Of how many of meta-training it tells something."""

    def of(self, words: tuple[str, ...]) -> float:
        if self.kind:
            return float(self.kind in words)
        value = _number(words)
        if value is None:
            return 0.0
        return max(-FARTHEST, min(FARTHEST, (value - self.mean) / self.spread))


@dataclass(frozen=True)
class Fitted:
    columns: tuple[Column, ...]
    left_out: tuple[str, ...]
    """Columns of the table that have too many kinds."""

    def rows(self, facts: Facts, count: int) -> Tensor:
        """``[count, columns]``"""
        told = torch.zeros(count, len(self.columns))
        for place, column in enumerate(self.columns):
            told[:, place] = torch.tensor([column.of(w) for w in facts.columns[column.name]])
        return told


def fitted(facts: Facts, among: Sequence[int]) -> Fitted:
    """What of the columns tells users or items of ``among`` apart."""
    columns, left_out = list[Column](), list[str]()
    for name, cells in facts.columns.items():
        seen = [cells[at] for at in among]
        if _is_quantity(seen):
            columns += _quantity(name, seen)
            continue
        kinds = Counter(word for words in seen for word in words)
        if len(kinds) > MOST_KINDS:
            left_out.append(name)
            continue
        known = sum(map(bool, seen))
        told = sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))
        columns += [Column(name, word, weight=count) for word, count in told if count < known]
    return Fitted(tuple(columns), tuple(left_out))


def _is_quantity(cells: Sequence[tuple[str, ...]]) -> bool:
    if any(word.isdigit() and word.startswith("0") and len(word) > 1 for w in cells for word in w):
        return False  # a code, such as a post code
    told = [_number(words) for words in cells if words]
    numbers = [value for value in told if value is not None]
    return len(numbers) >= TRUSTED * len(told) and len(set(numbers)) > MANY


def _quantity(name: str, cells: Sequence[tuple[str, ...]]) -> list[Column]:
    found = torch.tensor([v for words in cells if (v := _number(words)) is not None])
    spread = float(found.std())
    return [Column(name, "", float(found.mean()), spread, len(found))] if spread > 0 else []


def _number(words: tuple[str, ...]) -> float | None:
    if len(words) != 1:
        return None
    try:
        value = float(words[0])
    except ValueError:
        return None
    return value if math.isfinite(value) else None
