"""Observations and actions of an environment of gymnasium as plain numbers, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.core.actions import Actions, CategoricalActions, GaussianActions
from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked

Numbers = np.ndarray[Any, Any]


class Spaces:
    """Real numbers or a choice on either side; raises `BadInput` at ``where`` for other spaces."""

    def __init__(self, env: Any, where: str) -> None:
        from gymnasium.spaces import Box, Discrete

        self._seen, self._acted = env.observation_space, env.action_space
        for space, what in ((self._seen, "observation"), (self._acted, "action")):
            if not isinstance(space, (Box, Discrete)):
                raise BadInput(
                    where,
                    marked("its {0} space is {1}").format(what, printable(space, 200)),
                    marked("Choose an environment of numbers (Box) or a choice (Discrete)"),
                )
        self._chosen_from = isinstance(self._acted, Discrete)
        self._one_of = isinstance(self._seen, Discrete)

    @property
    def observed(self) -> int:
        return int(self._seen.n if self._one_of else np.prod(self._seen.shape, dtype=int))

    @property
    def actions(self) -> Actions:
        if self._chosen_from:
            return CategoricalActions(int(self._acted.n))
        return GaussianActions(int(np.prod(self._acted.shape, dtype=int)))

    def seen(self, observation: Any) -> Numbers:
        """``[o]``; one of several states as a one among zeros."""
        if self._one_of:
            place = int(observation) - int(self._seen.start)
            found: Numbers = (np.arange(self.observed) == place).astype(np.float32)
            return found
        return np.asarray(observation, np.float32).reshape(-1)

    def action(self, given: Numbers) -> Any:
        """What the environment takes for what a policy gave, ``[width]``.

        Numbers with bounds are stretched, so that ±1 is the whole range, and clipped to it.
        """
        if self._chosen_from:
            return int(given[0]) + int(self._acted.start)
        low, high = self._acted.low.reshape(-1), self._acted.high.reshape(-1)
        bounded = np.isfinite(low) & np.isfinite(high)
        middle, reach = np.where(bounded, low + high, 0) / 2, np.where(bounded, high - low, 2) / 2
        asked = np.clip(middle + reach * given, low, high)
        return asked.reshape(self._acted.shape).astype(self._acted.dtype)
