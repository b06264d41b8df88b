"""A study of tiny trainings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.tiny import prepared, tiny_config
from workbench.core.events import Event, Finished
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.search.plan import Plan
from workbench.experiments.search.reading import read_space
from workbench.experiments.search.searcher import Searcher
from workbench.experiments.search.study import Study
from workbench.experiments.search.trial import Trial

RATE = "algorithm.inner_rate=log:0.001..0.1"
STEPS = "algorithm.inner_steps=1,2,3"


def plan(*texts: str, config: ExperimentConfig | None = None, **more: Any) -> Plan:
    config = config or tiny_config()
    return Plan(config, read_space(texts or (RATE, STEPS), config), **more)


def study(folder: Path, made: Plan, place: str = "") -> Study:
    return Study.create(made, prepared(made.config), folder, place)


def searcher(found: Study) -> Searcher:
    return Searcher(found, prepared(found.plan.config))


def ended(found: Study) -> list[Trial]:
    """Its trials, once it has been worked on to its end."""
    return [trial for trial, event in searcher(found).events() if isinstance(event, Finished)]


def until(events: Any, kind: type[Event], number: int = 1) -> tuple[Trial, Event]:
    """The ``number``-th event of that kind."""
    for trial, event in events:
        number -= isinstance(event, kind)
        if number == 0:
            return trial, event
    raise AssertionError(f"no {kind.__name__}")
