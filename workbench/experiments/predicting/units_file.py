"""Units of inputs and outputs, as a file of an adapted learner has them."""

from __future__ import annotations

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor

from workbench.core.strict import Strict
from workbench.core.units import Scale, Units

Name = Annotated[str, Field(min_length=1, max_length=1000)]
Deviation = Annotated[float, Field(gt=0)]


class ScaleFile(Strict):
    names: Annotated[list[Name], Field(min_length=1, max_length=10_000)]
    mean: list[float]
    deviation: list[Deviation]

    @property
    def scale(self) -> Scale:
        mean, deviation = (
            torch.tensor(values, dtype=torch.float64) for values in (self.mean, self.deviation)
        )
        return Scale(tuple(self.names), mean, deviation)

    @property
    def whole(self) -> bool:
        return len(self.names) == len(self.mean) == len(self.deviation)

    @classmethod
    def of(cls, scale: Scale) -> ScaleFile:
        values = {"mean": scale.mean.tolist(), "deviation": scale.deviation.tolist()}
        return cls(names=list(scale.names), **values)


class UnitsFile(Strict):
    x: ScaleFile
    y: ScaleFile

    @property
    def units(self) -> Units:
        return Units(self.x.scale, self.y.scale)

    @classmethod
    def of(cls, units: Units) -> UnitsFile:
        return cls(x=ScaleFile.of(units.x), y=ScaleFile.of(units.y))

    def are_rows(self, x: Tensor, y: Tensor) -> bool:
        """Whether inputs ``[n, d]`` and outputs ``[n, e]`` are rows of these columns."""
        sizes = [(part.dim(), part.shape[-1]) for part in (x, y) if part.dim()]
        return (
            self.x.whole
            and self.y.whole
            and sizes == [(2, len(self.x.names)), (2, len(self.y.names))]
            and len(x) == len(y) > 0
            and x.is_floating_point()
            and y.is_floating_point()
            and bool(x.isfinite().all() and y.isfinite().all())
        )
