"""A support item written by hand: from the text of a cell to an input and its target."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbench.core.errors import BadInput, brief
from workbench.gui.kinds.table.rows import INPUT
from workbench.gui.kinds.table.words import tr

if TYPE_CHECKING:
    from torch import Tensor

    from workbench.core.episode import Batch
    from workbench.core.task import ProblemSpec


def item_written(
    spec: ProblemSpec, batch: Batch, row: int, column: int, text: str
) -> tuple[Tensor, Tensor]:
    """Input and target of a row, one of them as it was written.

    Raises `BadInput` that says what a cell may hold.
    """
    x, y = batch.x[row], batch.y[row]
    if column == INPUT:
        return _numbers(text, x, tr("input"), row, spec.vocabulary), y
    if spec.labels:
        return x, _class(text, y, row, spec.outputs)
    return x, _numbers(text, y, tr("target"), row)


def _numbers(text: str, like: Tensor, what: str, row: int, below: int = 0) -> Tensor:
    import torch

    where = tr("{0} of item {1}").format(what, row + 1)
    parts = [part for part in re.split(r"[,;\s]+", text.strip()) if part]
    if len(parts) != like.numel():
        problem = tr("has {0} numbers, and {1} are needed").format(len(parts), like.numel())
        raise BadInput(where, problem, tr("Write them with commas between"))
    try:
        found = torch.tensor([float(part) for part in parts], dtype=torch.float64)
    except ValueError as error:
        problem = tr("{0} is not made of numbers").format(brief(text))
        raise BadInput(where, problem, tr("Write a decimal point, not a comma")) from error
    if not bool(found.isfinite().all()):
        raise BadInput(where, tr("holds a number that is not finite"), tr("Write another one"))
    if below and not bool(((found >= 0) & (found < below) & (found == found.round())).all()):
        problem = tr("holds more than whole numbers from 0 to {0}").format(below - 1)
        raise BadInput(where, problem, tr("Write token ids"))
    return found.to(like.dtype).view(like.shape)


def _class(text: str, like: Tensor, row: int, ways: int) -> Tensor:
    letter = text.strip().upper()
    way = ord(letter) - ord("A") if len(letter) == 1 else -1
    if not 0 <= way < ways:
        problem = tr("{0} is none of the classes").format(brief(text))
        last = chr(ord("A") + ways - 1)
        where = tr("target of item {0}").format(row + 1)
        raise BadInput(where, problem, tr("Write a letter from A to {0}").format(last))
    return like.new_tensor(way)
