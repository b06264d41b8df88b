"""``sweep``: search for hyper-parameters, trial after trial, as a table and a study on the disk."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager, nullcontext
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from workbench import terminal
from workbench.cli import consent, forecast
from workbench.cli.arguments import add_config, add_json, changes_of, read_config
from workbench.cli.output import Progress, prepared_family
from workbench.cli.search_flags import add_plan, add_seconds, plan_of, terms_of
from workbench.cli.sweep_table import as_result, ended_line, print_study, values_line
from workbench.cli.train import stopped_by_signals
from workbench.core.errors import BadInput
from workbench.core.events import Finished, StepDone
from workbench.core.marked import marked
from workbench.experiments import catalog
from workbench.experiments.search.beside import beside
from workbench.experiments.search.plan import Plan
from workbench.experiments.search.searcher import Searcher
from workbench.experiments.search.study import Study


def add(commands: Any, arguments: list[str]) -> None:
    parser = commands.add_parser(
        "sweep",
        help="search for hyper-parameters",
        description="Search for hyper-parameters: by grid, at random, or from what was found.",
        usage="%(prog)s --search FIELD[=RANGE] [...] --trials N [options], or %(prog)s --study DIR",
    )
    add_plan(parser)
    add_seconds(parser)
    parser.add_argument(
        "--run-dir", type=Path, metavar="DIR", help="where a new study and its runs are recorded"
    )
    parser.add_argument(
        "--study",
        type=Path,
        metavar="DIR",
        help="go on with this study, or work on it beside others",
    )
    parser.add_argument(
        "--storage",
        default="",
        metavar="URL",
        help="keep the trials in this database (SQLAlchemy) or file, which Optuna's tools open",
    )
    parser.add_argument("--helps", action="store_true", help=argparse.SUPPRESS)
    forecast.add_forecast(parser)
    consent.add_trust(parser)
    add_json(parser)
    add_config(parser, arguments if arguments[:1] == ["sweep"] else [])
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    catalog.load()
    if given.forecast:
        return _forecast(given)
    study = _joined(given) if given.study else _new(given)
    study.plan.check_end("--trials")
    consent.ask(study.plan.config)
    searcher = Searcher(study, prepared_family(study.plan.config))
    with stopped_by_signals(searcher.request_stop), _helped(searcher, given):
        _watch(searcher)
    result = as_result(study)
    if not given.json:
        print_study(study)
    return result, int(result["best"] is None and not searcher.stopped)


def _helped(searcher: Searcher, given: argparse.Namespace) -> AbstractContextManager[None]:
    """By other processes, unless this is one of those that help."""
    study = searcher.study
    if given.helps or study.plan.cores == 1:
        return nullcontext()
    terminal.say(f"{study.plan.cores} trials at a time, each in a process of its own")
    return beside(study, lambda: searcher.stopped)


def _forecast(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    forecast.refuse_with("--study", given.study)
    return forecast.search(_planned(given))


def _planned(given: argparse.Namespace) -> Plan:
    """Of a new study; a person is asked about files of code before their contents are run."""
    plan = plan_of(given, read_config(given))
    plan.check_end("--trials")
    consent.ask(plan.config)
    return plan


def _new(given: argparse.Namespace) -> Study:
    plan = _planned(given)
    return Study.create(plan, prepared_family(plan.config), given.run_dir, given.storage)


def _joined(given: argparse.Namespace) -> Study:
    """A study has its settings; how many trials, how long and on how many cores is said anew."""
    own = {
        f"{section}.{field}" for section, fields in changes_of(given).items() for field in fields
    }
    words = {"--search": given.search, "--preset": given.preset, "--config": given.config}
    words |= {"--sampler": given.sampler, "--pruner": given.pruner, "--points": given.points}
    words |= {"--run-dir": given.run_dir, "--sampler-seed": given.sampler_seed}
    for flag in (*(f"--{name}" for name in sorted(own)), *(f for f, v in words.items() if v)):
        raise BadInput(
            flag,
            marked("a study that goes on has its own settings"),
            marked("Leave it out, or begin a new study"),
        )
    study, terms = Study.open(given.study, given.storage), terms_of(given)
    return study.planned(**terms) if terms else study


def _watch(searcher: Searcher) -> None:
    """A bar for each trial, and a line for what it came to."""
    for _, items in groupby(searcher.events(), key=lambda item: item[0].number):
        trial, first = next(items)
        training = searcher.running
        config = searcher.study.plan.config if training is None else training.config
        with Progress(config) as bar:
            bar.say(values_line(trial))
            for shown, event in chain([(trial, first)], items):
                if isinstance(event, StepDone):
                    bar.take(event)
                elif isinstance(event, Finished):
                    bar.say(ended_line(shown, searcher.study))
