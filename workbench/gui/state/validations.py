"""The validation tasks as they move: the same tasks, met at every validation of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from workbench.core.events import Evaluated

Array = NDArray[np.float64]
MOST = 400
"""Validations that every task's value is kept of; of more, every other one is forgotten."""


class Validations:
    """``iterations [V]`` with ``values``, each ``[T]`` after the last step; the newest in full.

    There are none of a run that was read from its record: it does not keep them.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.iterations: list[int] = []
        self.values: list[Array] = []
        self.newest: Evaluated | None = None

    def take(self, event: Evaluated) -> None:
        """A validation; nothing where it comes without its tasks."""
        if event.scores is None:
            return
        self.newest = event
        self.iterations.append(event.iteration)
        self.values.append(event.scores.metric[:, -1].double().numpy())
        if len(self.iterations) > MOST:
            self.iterations, self.values = self.iterations[::2], self.values[::2]

    def table(self) -> Array:
        """``[T, V]``"""
        return np.stack(self.values, 1) if self.values else np.empty((0, 0))
