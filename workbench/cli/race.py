"""``race``: several algorithms on equal terms, as a table, two files and a picture."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from workbench import logfile, terminal
from workbench.cli import consent, forecast
from workbench.cli.arguments import add_config, add_json, read_config, whole
from workbench.cli.output import Progress, prepared_family
from workbench.cli.standings import print_race
from workbench.cli.train import stopped_by_signals
from workbench.core.errors import BadInput
from workbench.core.events import Finished, Reason
from workbench.core.marked import marked
from workbench.core.registry import names, unknown
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.forecast.outlook import legs
from workbench.experiments.foreign import opened, recorded
from workbench.experiments.queue.work import RaceOfMany
from workbench.experiments.race import Race
from workbench.experiments.race_terms import Terms
from workbench.experiments.training_params import MAX_ITERATIONS

EVERY = "all"


def add(commands: Any, arguments: list[str]) -> None:
    parser = commands.add_parser(
        "race",
        help="train several algorithms on equal terms",
        description="Train several algorithms on equal terms and compare them on the same tasks.",
        usage="%(prog)s --algorithms A,B,C [--SECTION.FIELD VALUE ...] [options]",
    )
    add_terms(parser, required=True)
    parser.add_argument(
        "--run-dir",
        type=Path,
        metavar="DIR",
        help="where the race is recorded; one that was stopped goes on there",
    )
    forecast.add_forecast(parser)
    consent.add_trust(parser)
    add_json(parser)
    add_config(parser, arguments if arguments[:1] == ["race"] else [])
    parser.set_defaults(run=run)


def add_terms(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """The flags that say who races, and on which terms."""
    parser.add_argument(
        "--algorithms",
        required=required,
        metavar="A,B,C",
        help=f"who races; {EVERY} for everybody",
    )
    parser.add_argument(
        "--seconds",
        metavar="T",
        help="training time of each, validation not counted",
    )
    parser.add_argument(
        "--arithmetic",
        metavar="N",
        help="to each as much arithmetic as N iterations of the shared algorithm take; of this, "
        "--seconds and --iterations give one",
    )
    parser.add_argument(
        "--split-by-seed",
        action="store_true",
        help="each seed holds out other classes, so that what lies between seeds includes them",
    )
    parser.add_argument("--seeds", metavar="S,S", help="one run each; the preset's by default")
    parser.add_argument(
        "--tasks", dest="training.test_tasks", metavar="N", help="test tasks, the same for all"
    )


def asked_for(given: argparse.Namespace) -> RaceOfMany:
    """The race that the flags describe; raises `BadInput` naming the flag at fault."""
    config = _base(given)
    algorithms = _algorithms(given.algorithms)
    seeds = _seeds(given.seeds, config.training.seed)
    terms = Terms(given.arithmetic is not None, given.split_by_seed)
    return RaceOfMany(config, tuple(algorithms), tuple(seeds), terms)


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    asked = asked_for(given)
    consent.ask(asked.config)
    if given.forecast:
        asked = replace(asked, config=opened(recorded(asked.config)))
        return forecast.race(legs(asked, prepared_family(asked.config)))
    config = recorded(asked.config)
    family = prepared_family(config)
    race = Race.open(config, asked.algorithms, asked.seeds, family, given.run_dir, asked.terms)
    reasons = _watch(race)
    result = race.result()
    print_race(result)
    picture = given.draw_race(race.folder)
    terminal.write(f"\nrace: {race.folder}" + (f"\npicture: {picture}" if picture else ""))
    if race.unwritten:
        terminal.say(f"error: the table is not saved: {race.unwritten}. {logfile.start()}")
    failed = bool({Reason.FAILED, Reason.DIVERGED} & set(reasons))
    return {**result, "picture": str(picture) if picture else None}, int(
        failed or race.unwritten != ""
    )


def _watch(race: Race) -> list[Reason]:
    """Run it with a bar for each leg; returns how each of them ended."""
    reasons: list[Reason] = []
    with stopped_by_signals(race.request_stop):
        for leg, events in groupby(race.events(), key=itemgetter(0)):
            with Progress(leg.config) as progress:
                progress.say(f"{leg.contender.title}, seed {leg.seed}")
                for _, event in events:
                    progress.take(event)
                    if isinstance(event, Finished):
                        reasons.append(event.reason)
                        if event.error:
                            progress.say(f"error: {event.error}")
    return reasons


def _base(given: argparse.Namespace) -> ExperimentConfig:
    """What all share; of the three budgets exactly one must be given."""
    spend_training_time(given)
    seconds = vars(given)["training.seconds"]
    budgets = (seconds, given.iterations, given.arithmetic)
    if sum(budget is not None for budget in budgets) != 1:
        raise BadInput(
            "--seconds",
            marked("a race has one budget"),
            marked("Give one of --seconds, --iterations and --arithmetic"),
        )
    if seconds is not None:
        given.iterations = str(MAX_ITERATIONS)
    elif given.arithmetic is not None:
        given.iterations = str(whole(given.arithmetic, "--arithmetic", 1))
    config = read_config(given)
    if seconds is not None and config.training.seconds == 0:
        raise BadInput(
            "--seconds", marked("0 is no budget"), marked("Give the seconds that each may train")
        )
    return config


def spend_training_time(given: argparse.Namespace) -> None:
    """Let ``--seconds`` be short for ``--training.seconds``, which it is not for a search."""
    if given.seconds is not None:
        vars(given)["training.seconds"] = given.seconds


def _algorithms(text: str) -> Sequence[str]:
    known = names("algorithm")
    if text == EVERY:
        return known
    wanted = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in wanted:
        if name not in known:
            raise unknown("--algorithms", name, known)
    return wanted


def _seeds(text: str | None, default: int) -> Sequence[int]:
    if text is None:
        return (default,)
    return tuple(dict.fromkeys(whole(part, "--seeds", 0) for part in text.split(",")))
