"""The units of data whose columns were standardised for the learner, and their names."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Scale:
    """Columns of a table in their own units and in deviations from a mean."""

    names: tuple[str, ...]
    mean: Tensor
    """``[d]``, in double precision."""
    deviation: Tensor
    """``[d]``, above zero."""

    def standard(self, values: Tensor) -> Tensor:
        """Of values ``[..., d]`` in the units of the data, in the precision of the program."""
        found = (values.double() - self.mean) / self.deviation
        return found.to(torch.get_default_dtype())

    def own(self, values: Tensor) -> Tensor:
        """Of standardised values ``[..., d]`` in the units of the data, in double precision."""
        return values.double() * self.deviation + self.mean


@dataclass(frozen=True)
class Units:
    """Of inputs and of targets or outputs."""

    x: Scale
    y: Scale

    def errors(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Root of the mean squared error of each output ``[e]``, in the units of the data.

        Over the rows whose target is known; NaN where none is.
        """
        differences = (outputs.double() - targets.double()) * self.y.deviation
        return differences.square().nanmean(0).sqrt()
