"""What is searched, how and for how long, as flags: of ``sweep`` and of ``queue add``."""

from __future__ import annotations

import argparse
from typing import Any

from workbench.cli.arguments import whole
from workbench.core import entries
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.foreign import recorded
from workbench.experiments.search.plan import (
    GRID_POINTS,
    MAX_CORES,
    MAX_SECONDS,
    PRUNERS,
    SAMPLERS,
    Plan,
)
from workbench.experiments.search.reading import read_space

ALONE = ("search", "sampler", "pruner", "trials", "points", "sampler_seed", "cores")
"""Those that only a search has; ``--seconds`` others have too."""


def add_plan(parser: argparse.ArgumentParser) -> None:
    """The flags that say what a study does, but for its seconds: see `add_seconds`."""
    parser.add_argument(
        "--search",
        action="append",
        default=[],
        metavar="FIELD[=RANGE]",
        help="e.g. algorithm.inner_rate=log:0.001..1, algorithm.inner_steps=1,3,5, "
        "model.hidden=40,40/80,80; a field alone has its own bounds and scale; once for each field",
    )
    parser.add_argument(
        "--sampler", metavar="NAME", help=f"{', '.join(SAMPLERS)}; default {SAMPLERS[0]}"
    )
    parser.add_argument(
        "--pruner",
        metavar="NAME",
        help=f"{', '.join(PRUNERS)}: ends a trial early by its validations; default {PRUNERS[0]}",
    )
    parser.add_argument("--trials", metavar="N", help="of the whole study, whoever does them")
    parser.add_argument(
        "--points", metavar="N", help=f"of a grid, along each range; default {GRID_POINTS}"
    )
    parser.add_argument("--sampler-seed", metavar="S", help="of what is drawn; default 0")
    parser.add_argument(
        "--cores", metavar="N", help="so many trials at a time, each in a process of its own"
    )


def add_seconds(parser: argparse.ArgumentParser) -> None:
    """Where races have no flag of this name beside it."""
    parser.add_argument(
        "--seconds",
        metavar="T",
        help="stop after so long; the same study goes on with --study, as long again",
    )


def plan_of(given: argparse.Namespace, config: ExperimentConfig) -> Plan:
    """The plan that the flags describe; raises `BadInput` naming the flag or field at fault."""
    space = read_space(given.search, config)
    plan = Plan(
        recorded(config),
        space,
        _one_of(given.sampler, "--sampler", SAMPLERS),
        _one_of(given.pruner, "--pruner", PRUNERS),
        points=GRID_POINTS if given.points is None else whole(given.points, "--points", 2),
        seed=0 if given.sampler_seed is None else whole(given.sampler_seed, "--sampler-seed", 0),
        **terms_of(given),
    )
    plan.check_end("--trials")
    return plan


def terms_of(given: argparse.Namespace) -> dict[str, Any]:
    """How many trials, how long and on how many cores, as far as the flags say it."""
    found: dict[str, Any] = {}
    if given.trials is not None:
        found["trials"] = whole(given.trials, "--trials", 1)
    if given.seconds is not None:
        found["seconds"] = _seconds(given.seconds)
    if given.cores is not None:
        found["cores"] = whole(given.cores, "--cores", 1, MAX_CORES)
    return found


def _seconds(text: str) -> float:
    try:
        seconds = float(entries.taken(text, "float"))
    except ValueError as error:
        raise BadInput("--seconds", str(error)) from error
    if not 0 < seconds <= MAX_SECONDS:
        raise BadInput("--seconds", marked("is not above 0"), marked("Give how long to search"))
    return seconds


def _one_of(name: str | None, flag: str, known: Any) -> Any:
    if name is None:
        return known[0]
    if name not in known:
        raise BadInput(
            flag,
            marked("there is no {0}").format(name),
            marked("Choose from {0}").format(", ".join(known)),
        )
    return name
