"""An environment of gymnasium that draws itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gymnasium
import numpy as np

NAME = "Drawn-v0"


class Drawn(gymnasium.Env[Any, Any]):
    """A number that is moved by a choice, and drawn as a grey."""

    metadata = {"render_modes": ["rgb_array"]}  # noqa: RUF012 - as gymnasium declares it
    observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (1,))
    action_space = gymnasium.spaces.Discrete(2)
    slope = 1.0

    def __init__(self, render_mode: str | None = None) -> None:
        self.render_mode = render_mode

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self.place = float(self.np_random.integers(0, 100))
        return np.array([self.place], np.float32), {}

    def step(self, action: Any) -> Any:
        self.place += self.slope * float(action)
        return np.array([self.place], np.float32), 0.0, False, False, {}

    def render(self) -> Any:
        return np.full((2, 3, 3), int(self.place), np.uint8)


@contextmanager
def registered() -> Iterator[dict[str, Any]]:
    """What a task of it asks for."""
    gymnasium.register(NAME, entry_point=Drawn)
    yield {"environment": NAME, "vary": "slope=1, 2, 3, 4"}
    del gymnasium.registry[NAME]
