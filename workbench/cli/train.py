"""``train``: meta-train, with progress on standard error and the table of adaptation at the end."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workbench.cli import consent
from workbench.cli.arguments import add_config, add_json, read_config
from workbench.cli.output import Progress, opened_family, prepared_family, print_curve
from workbench.core.events import Event, Finished, Reason
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.foreign import recorded
from workbench.experiments.session import build_algorithm
from workbench.experiments.store import Run, open_run
from workbench.experiments.trainer import Training

_FETCH = "Put the data there, or fetch it once with a training of its own"
Result = tuple[dict[str, Any], int]


def add(commands: Any, arguments: list[str]) -> None:
    parser = commands.add_parser("train", help="meta-train and measure on held-out tasks")
    parser.add_argument("--run-dir", type=Path, metavar="DIR", help="where the run is recorded")
    parser.add_argument("--resume", type=Path, metavar="RUN", help="go on from its checkpoint")
    consent.add_trust(parser)
    add_json(parser)
    add_config(parser, arguments if arguments[:1] == ["train"] else [])
    parser.set_defaults(run=run)


def run(given: argparse.Namespace) -> Result:
    training = _resumed(given) if given.resume else fresh(read_config(given), given.run_dir)
    return finish(training)


def finish(training: Training) -> Result:
    """Run a training to its end on this thread; Ctrl-C stops it in good order."""
    progress = Progress(training.config)
    last: Event | None = None
    with stopped_by_signals(training.request_stop), progress:
        for event in training.events():
            progress.show(event)
            last = event
    assert isinstance(last, Finished)
    result = training.result(last)
    if result["metrics"] is not None:
        print_curve(result["metrics"])
    progress.say(f"run: {result['run']}")
    if last.error:
        progress.say(f"error: {last.error}")
    return result, 1 if last.reason in (Reason.FAILED, Reason.DIVERGED) else 0


def fresh(config: ExperimentConfig, directory: Path | None) -> Training:
    """Refuse what cannot work before anything is written, then open the record."""
    consent.ask(config)
    config = recorded(config)
    family = prepared_family(config)
    build_algorithm(config, family).close()
    return Training(config, family, Run.create(config, directory))


def _resumed(given: argparse.Namespace) -> Training:
    """Go on with a run; of its settings only the iterations and seconds may change."""
    run = open_run(given.resume)
    checkpoint = run.load_checkpoint()
    more = {"iterations": given.iterations, "seconds": vars(given)["training.seconds"]}
    changes = {name: value for name, value in more.items() if value is not None}
    config = ExperimentConfig.from_json(checkpoint.config).replaced({"training": changes})
    consent.ask(config)
    family = opened_family(config, str(given.resume), _FETCH)
    return Training(config, family, run, resume=checkpoint)


@contextmanager
def stopped_by_signals(request_stop: Callable[[], None]) -> Iterator[None]:
    """The first Ctrl-C or SIGTERM asks for an orderly end, the second is taken literally."""

    def stop(number: int, frame: object) -> None:
        request_stop()
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
