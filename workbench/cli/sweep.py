"""``sweep``: search for hyper-parameters, trial after trial, as a table and a study on the disk."""

from __future__ import annotations

import argparse
import os
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from workbench.cli import consent, forecast
from workbench.cli.arguments import add_config, add_json, changes_of, read_config, whole
from workbench.cli.beside import beside
from workbench.cli.output import Progress, prepared_family
from workbench.cli.search_flags import add_plan, plan_of, seconds_of
from workbench.cli.sweep_table import as_result, ended_line, print_study, values_line
from workbench.cli.train import stopped_by_signals
from workbench.core.errors import BadInput
from workbench.core.events import Finished, StepDone
from workbench.core.marked import marked
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.search.searcher import Searcher
from workbench.experiments.search.study import Study

MAX_CORES = 1024


def add(commands: Any, arguments: list[str]) -> None:
    parser = commands.add_parser(
        "sweep",
        help="search for hyper-parameters",
        description="Search for hyper-parameters: by grid, at random, or from what was found.",
        usage="%(prog)s --search FIELD[=RANGE] [...] --trials N [options], or %(prog)s --study DIR",
    )
    add_plan(parser)
    parser.add_argument(
        "--seconds", metavar="T", help="stop after so long; the same study goes on with --study"
    )
    parser.add_argument(
        "--cores", metavar="N", help="so many trials at once, each in a process of its own"
    )
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
    forecast.add_forecast(parser)
    consent.add_trust(parser)
    add_json(parser)
    add_config(parser, arguments if arguments[:1] == ["sweep"] else [])
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    catalog.load()
    cores = 1 if given.cores is None else whole(given.cores, "--cores", 1, MAX_CORES)
    seconds = seconds_of(given.seconds)
    if given.forecast:
        return _forecast(given, cores, seconds)
    study = _joined(given) if given.study else _new(given, cores)
    study.plan.check_end(seconds, "--trials")
    consent.ask(study.plan.config)
    family = prepared_family(study.plan.config)
    searcher = Searcher(study, family, seconds)
    with beside(study, given, cores - 1) as others, stopped_by_signals(searcher.request_stop):
        _watch(searcher)
        if searcher.stopped:
            others.stop()
    result = as_result(study)
    if not given.json:
        print_study(study)
    return result, int(result["best"] is None)


def _new(given: argparse.Namespace, cores: int) -> Study:
    config = _with_cores(read_config(given), cores)
    plan = plan_of(given, config)
    consent.ask(config)
    return Study.create(plan, prepared_family(plan.config), given.run_dir, given.storage)


def _forecast(given: argparse.Namespace, cores: int, seconds: float) -> tuple[dict[str, Any], int]:
    forecast.refuse_with("--study", given.study)
    config = _with_cores(read_config(given), cores)
    consent.ask(config)
    plan = plan_of(given, config)
    plan.check_end(seconds, "--trials")
    return forecast.search(plan, seconds, cores)


def _joined(given: argparse.Namespace) -> Study:
    """A study has its settings; how many trials it is to have may be said anew."""
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
    study = Study.open(given.study, given.storage)
    if given.trials is None:
        return study
    return study.with_trials(whole(given.trials, "--trials", 1))


def _with_cores(config: ExperimentConfig, cores: int) -> ExperimentConfig:
    """Trials that run beside each other take a share of the cores each."""
    if cores == 1 or config.training.workers:
        return config
    share = max(1, (os.cpu_count() or 1) // cores)
    return config.replaced({"training": {"workers": share}})


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
