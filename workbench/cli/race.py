"""``race``: several algorithms on equal terms, as a table, two files and a picture."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from workbench.cli import consent
from workbench.cli.arguments import add_config, add_json, read_config
from workbench.cli.output import Progress, interval, number, prepared_family, print_table
from workbench.cli.train import stopped_by_signals
from workbench.core.errors import BadInput
from workbench.core.events import Finished, Reason
from workbench.core.registry import names, unknown
from workbench.experiments.config import MAX_ITERATIONS, ExperimentConfig
from workbench.experiments.foreign import recorded
from workbench.experiments.race import Race

EVERY = "all"


def add(commands: Any, arguments: list[str]) -> None:
    parser = commands.add_parser("race", help="train several algorithms on equal terms")
    parser.add_argument(
        "--algorithms", required=True, metavar="A,B,C", help=f"who races; {EVERY} for everybody"
    )
    parser.add_argument(
        "--seconds",
        dest="training.seconds",
        metavar="T",
        help="training time of each, validation not counted; either this or --iterations",
    )
    parser.add_argument("--seeds", metavar="S,S", help="one run each; the preset's by default")
    parser.add_argument(
        "--tasks", dest="training.test_tasks", metavar="N", help="test tasks, the same for all"
    )
    parser.add_argument(
        "--run-dir",
        type=Path,
        metavar="DIR",
        help="where the race is recorded; one that was stopped goes on there",
    )
    consent.add_trust(parser)
    add_json(parser)
    add_config(parser, arguments if arguments[:1] == ["race"] else [])
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    config = _base(given)
    algorithms = _algorithms(given.algorithms)
    seeds = _seeds(given.seeds, config.training.seed)
    consent.ask(config)
    config = recorded(config)
    race = Race.open(config, algorithms, seeds, prepared_family(config), given.run_dir)
    reasons = _watch(race)
    result = race.result()
    print_race(result)
    picture = given.draw_race(race.folder)
    print(f"\nrace: {race.folder}" + (f"\npicture: {picture}" if picture else ""))
    failed = bool({Reason.FAILED, Reason.DIVERGED} & set(reasons))
    return {**result, "picture": str(picture) if picture else None}, int(failed)


def print_race(result: dict[str, Any]) -> None:
    """The table; then who could not race or did not finish, and who raced with other settings."""
    tasks, seeds = result["tasks"], ", ".join(map(str, result["seeds"]))
    ((unit, budget),) = result["budget"].items()
    print(f"\n{budget:,} {unit} each, seed {seeds}; {tasks} test tasks, mean ± 95 % CI over tasks")
    rows = [_row(row, result["metric"]) for row in result["contenders"] if row["steps"]]
    if rows:
        header = ("algorithm", "iterations", "seconds", f"{result['metric']} at step 0")
        print_table((*header, "after", "at step", "each seed", "transductive", "parameters"), rows)
    for row in result["contenders"]:
        if row["problem"] or not row["steps"]:
            print(f"{row['title']}: {row['problem'] or 'not run'}")
    for row in result["contenders"]:
        if row["own"]:
            print(f"{row['title']} with {settings(row['own'])}")


def settings(own: dict[str, dict[str, Any]]) -> str:
    """``algorithm.inner_rate 0.001, training.optimizer sgd``."""
    return ", ".join(f"{s}.{name} {value}" for s, fs in own.items() for name, value in fs.items())


def _watch(race: Race) -> list[Reason]:
    """Run it with a bar for each leg; returns how each of them ended."""
    reasons: list[Reason] = []
    with stopped_by_signals(race.request_stop):
        for leg, events in groupby(race.events(), key=itemgetter(0)):
            with Progress(leg.config) as progress:
                progress.say(f"{leg.contender.title}, seed {leg.seed}")
                for _, event in events:
                    progress.show(event)
                    if isinstance(event, Finished):
                        reasons.append(event.reason)
    return reasons


def _row(row: dict[str, Any], metric: str) -> tuple[str, ...]:
    first, last = row["steps"][0], row["steps"][-1]
    each = ", ".join(number(metric, seed["steps"][-1]["mean"]) for seed in row["seeds"])
    return (
        row["title"],
        f"{row['iterations']:,.0f}",
        f"{row['seconds']:.1f}",
        interval(metric, first["mean"], first["ci95"]),
        interval(metric, last["mean"], last["ci95"]),
        str(last["step"]),
        each if len(row["seeds"]) > 1 else "",
        "yes" if row["transductive"] else "no",
        f"{row['parameters']:,}",
    )


def _base(given: argparse.Namespace) -> ExperimentConfig:
    """What all share; of the two budgets exactly one must be given."""
    seconds, iterations = vars(given)["training.seconds"], given.iterations
    if (seconds is None) == (iterations is None):
        raise BadInput(
            "--seconds", "a race has one budget", "Give either --seconds or --iterations"
        )
    if seconds is not None:
        given.iterations = str(MAX_ITERATIONS)
    config = read_config(given)
    if seconds is not None and config.training.seconds == 0:
        raise BadInput("--seconds", "0 is no budget", "Give the seconds that each may train")
    return config


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
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise BadInput("--seeds", f"{text!r} is not a list of whole numbers", "Write 0,1,2")
    return tuple(dict.fromkeys(int(part) for part in parts))
