"""``--forecast``: what a training, a race or a search takes on this machine; nothing is trained."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from workbench import terminal
from workbench.cli.table import print_table, print_text
from workbench.core.capacity import in_words as size
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.registry import get
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.forecast.apart import Answer
from workbench.experiments.forecast.foretell import Foreteller, Unknown
from workbench.experiments.forecast.outlook import Outlook, of_race, of_search, of_training
from workbench.experiments.forecast.total import Forecast
from workbench.experiments.forecast.words import in_words
from workbench.experiments.search.plan import Plan

Result = tuple[dict[str, Any], int]


def add_forecast(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--forecast",
        action="store_true",
        help="say how long it takes on this machine and how much memory, from a few steps that "
        "are measured once; nothing is trained",
    )


def refuse_with(flag: str, given: object) -> None:
    """Raise `BadInput` for a forecast of what goes on."""
    if given:
        raise BadInput(
            "--forecast",
            marked("is of what begins anew, not of what {0} goes on with").format(flag),
            marked("Leave one of them out"),
        )


def training(config: ExperimentConfig) -> Result:
    measure = _Measuring()
    told = of_training(config, measure)
    terminal.write(_sentence(told.seconds, told.seconds, told.memory, told.at_most))
    print_table(("part", "time", ""), list(_parts(told, config)))
    _note(measure.compiled, told.disturbed)
    return {"forecast": {**told.to_json(), "compiled_seconds": measure.compiled}}, 0


def race(legs: Sequence[ExperimentConfig]) -> Result:
    measure = _Measuring()
    told = of_race(legs, measure)
    terminal.write(_sentence(told.low, told.high, told.memory, told.at_most))
    each = [of_training(leg, measure, prepared=True, warm=True) for leg in legs]
    rows = [
        (_title(leg), str(leg.training.seed), in_words(one.seconds))
        for leg, one in zip(legs, each, strict=True)
    ]
    print_table(("algorithm", "seed", "time"), rows)
    _note(measure.compiled, told.disturbed)
    own = [
        {"algorithm": leg.algorithm.name, "seed": leg.training.seed, **one.to_json()}
        for leg, one in zip(legs, each, strict=True)
    ]
    return {"forecast": {**_as_json(told), "legs": own}}, 0


def search(plan: Plan) -> Result:
    measure = _Measuring()
    told = of_search(plan, measure)
    terminal.write(_sentence(told.low, told.high, told.memory, told.at_most))
    if plan.count:
        at_once = f", {plan.cores} at a time" if plan.cores > 1 else ""
        terminal.write(f"{plan.count:,} trials{at_once}")
    _note(measure.compiled, told.disturbed)
    return {"forecast": {**_as_json(told), "trials": plan.count or None}}, 0


class _Measuring:
    """Says what is measured, where that takes its time."""

    def __init__(self) -> None:
        self._foreteller = Foreteller()
        self.compiled = 0.0

    def __call__(self, config: ExperimentConfig) -> Answer:
        try:
            return self._foreteller.kept(config)
        except Unknown:
            terminal.say(f"Measuring a few steps of {_title(config)}…")
        found = self._foreteller.answer(config)
        self.compiled += found.compiled
        return found


def _title(config: ExperimentConfig) -> str:
    return get("algorithm", config.algorithm.name).title


def _sentence(low: float, high: float, memory: int, at_most: bool) -> str:
    first = "At most " if at_most else "About "
    if in_words(low) == in_words(high):
        time = first + in_words(high)
    elif at_most:
        time = first + f"{in_words(low)} to {in_words(high)}, by what is drawn"
    else:
        time = f"Between {in_words(low)} and {in_words(high)}, by what is drawn"
    return f"{time}; {size(memory)} of memory" if memory else time


def _parts(told: Forecast, config: ExperimentConfig) -> Sequence[tuple[str, str, str]]:
    training = config.training
    times = {
        "steps": (told.iterations, ""),
        "validation": (told.validations, f" of {training.eval_tasks:,} tasks"),
        "test": (training.test_tasks, " tasks"),
    }
    rows = []
    for name, seconds in told.parts.items():
        count, what = times.get(name, (0, ""))
        rows.append((name, in_words(seconds), f"{count:,}{what}" if count else ""))
    return rows


def _note(compiled: float, disturbed: bool) -> None:
    if compiled:
        print_text(
            f"The first start on this machine would have taken {in_words(compiled)} more: kernels "
            "were compiled just now."
        )
    if disturbed:
        print_text(
            "Other programs kept the processors busy while it was measured: without them it takes "
            "less."
        )


def _as_json(told: Outlook) -> dict[str, Any]:
    return {
        "seconds": [told.low, told.high],
        "at_most": told.at_most,
        "memory_bytes": told.memory or None,
        "disturbed": told.disturbed,
    }
