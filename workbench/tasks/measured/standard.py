"""Columns standardised by the rows of meta-training tasks alone."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from workbench.core.errors import brief
from workbench.core.findings import Finding
from workbench.core.marked import marked
from workbench.core.units import Scale

FLAT = 1e-12
"""A deviation as small as this beside its mean is rounding."""


def scale_of(names: tuple[str, ...], values: Tensor) -> Scale:
    """Of columns ``[n, d]``; one that does not vary keeps its unit and is only shifted."""
    mean, deviation = values.mean(0), values.std(0, correction=0)
    return Scale(names, mean, torch.where(_flat(mean, deviation), 1.0, deviation))


def constant(names: tuple[str, ...], values: Tensor) -> Iterator[Finding]:
    """What is found about columns that do not vary."""
    flat = _flat(values.mean(0), values.std(0, correction=0)).tolist()
    text = marked("Column {0} is {1:g} in every row of meta-training: nothing is learned from it")
    for name, is_flat, value in zip(names, flat, values[0].tolist(), strict=True):
        if is_flat:
            yield Finding(text.format(brief(name), value))


def _flat(mean: Tensor, deviation: Tensor) -> Tensor:
    return deviation <= FLAT * mean.abs().clamp_min(1e-300)
