"""What a training, a race or a search takes, given what each experiment was measured to cost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from workbench.core.errors import BadInput
from workbench.core.task import TaskFamily
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.contenders import line_up
from workbench.experiments.forecast.foretell import Measure
from workbench.experiments.forecast.key import key, lengths
from workbench.experiments.forecast.total import Forecast, total
from workbench.experiments.queue.work import RaceOfMany
from workbench.experiments.race import Race
from workbench.experiments.search.plan import Plan
from workbench.experiments.search.samplers import grid
from workbench.experiments.search.space import Dimension, has

Found = TypeVar("Found")
LOOKED_AT = 128
"""Points of a search whose lengths are counted."""
MOST = 8
"""Experiments of a search that are measured; what lies between them is told by bounds."""


@dataclass(frozen=True)
class Outlook:
    """Seconds between two bounds, which are one number where every training was measured."""

    low: float
    high: float
    memory: int
    """Bytes of one process at most; 0 where nobody counts."""
    at_most: bool = False
    disturbed: bool = False

    @property
    def exact(self) -> bool:
        return self.low == self.high


def of_training(
    config: ExperimentConfig, measure: Measure, *, prepared: bool = False, warm: bool = False
) -> Forecast:
    """See `total`."""
    found = measure(config)
    told = total(config, found.measured, prepared=prepared, warm=warm)
    return replace(told, disturbed=found.disturbed)


def legs(asked: RaceOfMany, family: TaskFamily) -> list[ExperimentConfig]:
    """What a race would train, in its order; nothing is written. ``family`` is prepared."""
    asked.terms.check(asked.config)
    contenders = line_up(asked.config, asked.algorithms, family)
    race = Race(asked.config, contenders, asked.seeds, family, Path(), asked.terms)
    return [leg.config for leg in race.legs]


def of_race(legs: Sequence[ExperimentConfig], measure: Measure) -> Outlook:
    """The legs one after the other; data that they share is prepared once."""
    seconds, memory, disturbed, seen = 0.0, 0, False, list[object]()
    for config in legs:
        told = of_training(config, measure, prepared=config.task in seen, warm=bool(seen))
        seen.append(config.task)
        seconds += told.seconds
        memory, disturbed = max(memory, told.memory), disturbed or told.disturbed
    at_most = any(config.training.patience for config in legs)
    return Outlook(seconds, seconds, memory, at_most, disturbed)


def of_search(plan: Plan, measure: Measure) -> Outlook:
    """All trials of a plan, or what its seconds leave time for."""
    limit = plan.seconds or math.inf
    if not plan.count:
        return Outlook(limit, limit, 0, at_most=True)
    experiments = standing_for(plan)
    answers = {key(one): measure(one) for one in _some(experiments)}
    begun = answers[key(experiments[0])].measured
    told = [
        total(one, answers[key(one)].measured, prepared=True, warm=True)
        for one in experiments
        if key(one) in answers
    ]
    each = [one.seconds for one in told]
    bounds = (min(each), max(each))
    if plan.sampler == "grid" and len(told) == len(experiments) == _size(plan):
        bounds = (sum(each) / len(each),) * 2
    rounds = math.ceil(plan.count / plan.cores)
    low, high = (min(begun.preparation + begun.first + rounds * b, limit) for b in bounds)
    return Outlook(
        low,
        high,
        min(plan.cores, plan.count) * max(one.memory for one in told),
        at_most=plan.pruner != "none" or high == limit or any(one.at_most for one in told),
        disturbed=any(found.disturbed for found in answers.values()),
    )


def standing_for(plan: Plan) -> list[ExperimentConfig]:
    """Experiments whose trials take what those of the plan take: a grid's own, or of the ends.

    Fields that change neither cost nor length, such as rates, are left as they are.
    """
    points = list(grid(_told_apart(plan)))
    return list(_built(plan, _evenly(points, LOOKED_AT))) or [plan.experiment({})]


def _told_apart(plan: Plan) -> Plan:
    """Along what changes costs or lengths: a small grid's own points, or the ends."""
    space = tuple(one for one in plan.space if _matters(plan, one))
    own = replace(plan, space=space)
    return own if plan.sampler == "grid" and _size(own) <= LOOKED_AT else replace(own, points=2)


def _size(plan: Plan) -> int:
    """Of the grid along what changes costs or lengths."""
    return math.prod(len(one.points(plan.points)) for one in plan.space if _matters(plan, one))


def _built(plan: Plan, points: Iterable[dict[str, Any]]) -> Iterator[ExperimentConfig]:
    """Those that can be; trials of others fail at once."""
    for point in points:
        with suppress(BadInput):
            yield plan.experiment(point)


def _matters(plan: Plan, one: Dimension) -> bool:
    if one.field.endswith(".name") or not has(plan.config, one.field):
        return True
    ends = _built(plan, ({one.field: value} for value in one.points(2)))
    return len({(key(end), lengths(end)) for end in ends}) > 1


def _some(experiments: Sequence[ExperimentConfig]) -> list[ExperimentConfig]:
    """One of each cost; of too many the first, the last and some between."""
    each = list({key(one): one for one in reversed(experiments)}.values())[::-1]
    return _evenly(each, MOST)


def _evenly(found: list[Found], most: int) -> list[Found]:
    """At most so many, the first and the last among them."""
    if len(found) <= most:
        return found
    return [found[round(n * (len(found) - 1) / (most - 1))] for n in range(most)]
