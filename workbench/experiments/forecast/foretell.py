"""From an experiment to what was measured of it: kept from another time, or measured now."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from workbench.experiments import budget
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.forecast import cache
from workbench.experiments.forecast.apart import Answer, measured_apart
from workbench.experiments.forecast.key import key
from workbench.experiments.foreign import recorded

_measuring = threading.Lock()

Measure = Callable[[ExperimentConfig], Answer]


class Unknown(Exception):
    """It was not measured before, and is not to be measured now."""


class Foreteller:
    """Measures each cost once; what others disturbed it remembers, and it is not kept on disk."""

    def __init__(self) -> None:
        self._own: dict[str, Answer] = {}

    def kept(self, config: ExperimentConfig) -> Answer:
        """Raises `Unknown` where it was not, and `BadInput` for files that must not be used."""
        named = key(recorded(config))
        if named in self._own:
            return self._own[named]
        known = cache.kept(named)
        if known is None:
            raise Unknown
        return Answer(known)

    def answer(
        self, config: ExperimentConfig, alive: Callable[[], None] = lambda: None, nice: int = 0
    ) -> Answer:
        """As `measured_apart`, unless it is known; raises `BadInput` for what Start refuses.

        What was compiled is told this once.
        """
        with suppress(Unknown):
            return self.kept(config)
        for problem in budget.problems(config):
            raise problem
        config = recorded(config)
        with _taken(alive):
            try:
                return self.kept(config)  # measured meanwhile
            except Unknown:
                found = measured_apart(config, alive, nice=nice)
            self._own[key(config)] = Answer(found.measured, disturbed=found.disturbed)
            if not found.disturbed:
                cache.keep(key(config), found.measured)
        return found


@contextmanager
def _taken(alive: Callable[[], None]) -> Iterator[None]:
    """Who measures does so alone in this process: two would disturb each other."""
    while not _measuring.acquire(timeout=0.1):
        alive()
    try:
        yield
    finally:
        _measuring.release()
