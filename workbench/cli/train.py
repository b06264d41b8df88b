"""``train``: meta-train, with progress on standard error and the table of adaptation at the end."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from workbench import logfile, terminal
from workbench.cli import consent, forecast, processes, ranks
from workbench.cli.arguments import add_config, add_json, read_config
from workbench.cli.asking import agreed
from workbench.cli.going_on import forked, restarted, resumed
from workbench.cli.output import Progress, prepared_family, print_curve
from workbench.core import interrupts
from workbench.core.errors import BadInput
from workbench.core.events import Event, Finished, Halt, Halted, Reason
from workbench.core.interrupts import Wish
from workbench.core.marked import marked
from workbench.experiments import tensorboard
from workbench.experiments.beginning import begun
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.devices import device_of
from workbench.experiments.foreign import recorded
from workbench.experiments.scale.group import (
    ALONE,
    Group,
    PeerLost,
    is_one_of_many,
    joined,
    times_restarted,
)
from workbench.experiments.scale.refusal import refuse, refuse_draws
from workbench.experiments.sentences import sentence
from workbench.experiments.session import build_algorithm
from workbench.experiments.trainer import Training

Result = tuple[dict[str, Any], int]
STOPPING = "Stopping after this step; again, later than 2 s from now, to stop at once."


def add(commands: Any, arguments: list[str]) -> None:
    parser = commands.add_parser(
        "train",
        help="meta-train and measure on held-out tasks",
        description="Meta-train and measure on held-out tasks.",
        usage="%(prog)s [--preset NAME] [--SECTION.FIELD VALUE ...] [options]",
    )
    parser.add_argument("--run-dir", type=Path, metavar="DIR", help="where the run is recorded")
    parser.add_argument("--resume", type=Path, metavar="RUN", help="go on from its checkpoint")
    parser.add_argument(
        "--fork",
        type=Path,
        metavar="RUN",
        help="go on from its checkpoint in a new run, with the settings that flags change",
    )
    parser.add_argument(
        "--from",
        dest="start",
        metavar="N",
        help="go on from the checkpoint of iteration N; with --resume later ones are given up",
    )
    add_weights(parser)
    parser.add_argument(
        "--tensorboard",
        action="store_true",
        help="also write the curves for TensorBoard, below the run's directory",
    )
    forecast.add_forecast(parser)
    parser.add_argument(
        "--processes",
        metavar="N",
        help="share out every meta-batch over N processes on this machine",
    )
    parser.add_argument(
        "--restarts",
        metavar="N",
        default="0",
        help="with --processes: go on so many times from the checkpoint when a process is lost",
    )
    consent.add_trust(parser)
    add_json(parser)
    add_config(parser, arguments if arguments[:1] == ["train"] else [])
    parser.set_defaults(run=run, arguments=arguments)


def add_weights(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--weights",
        type=Path,
        metavar="FILE",
        help="begin a new run with these: .safetensors, .pt of tensors, or a run; matched by "
        "name and shape",
    )


def run(given: argparse.Namespace) -> Result:
    if given.forecast:
        return _forecast(given)
    if given.tensorboard:
        tensorboard.require("--tensorboard")
    if given.processes not in (None, "1") and not is_one_of_many():
        _refuse_two_ways(given)
        return processes.launched(given)
    if not is_one_of_many():
        return finish(_training(given, ALONE))
    try:
        with joined() as group:
            ranks.refuse_other_count(given, group)
            if group.rank:
                return ranks.following(given, group)
            return ranks.leading(given, group, partial(_training, given, group), finish)
    except PeerLost as lost:
        terminal.say(f"error: {lost}.")
        given.json = False
        return {}, 1


def _training(given: argparse.Namespace, group: Group) -> Training:
    training = restarted(given) if times_restarted() else _opened(given, group)
    training.group = group
    if given.tensorboard:
        _add_tensorboard(training)
    return training


def _forecast(given: argparse.Namespace) -> Result:
    forecast.refuse_with("--resume", given.resume)
    forecast.refuse_with("--fork", given.fork)
    if given.processes is not None:
        raise BadInput(
            "--forecast",
            marked("is of a training in one process"),
            marked("Leave --processes out; docs/scale.md says what more of them save"),
        )
    config = read_config(given)
    consent.ask(config)
    return forecast.training(config)


def _opened(given: argparse.Namespace, group: Group) -> Training:
    _refuse_two_ways(given)
    if given.resume:
        return resumed(given)
    if given.fork:
        return forked(given)
    config = read_config(given)
    refuse(config, group.size)
    return fresh(config, given.run_dir, given.weights, group)


def _refuse_two_ways(given: argparse.Namespace) -> None:
    if given.weights and (given.resume or given.fork):
        raise BadInput(
            "--weights",
            marked("a run that goes on has weights of its own"),
            marked("Leave --weights out, or begin a new run"),
        )
    if given.resume and given.fork:
        raise BadInput(
            "--fork",
            marked("a run goes on in its own directory or in a new one"),
            marked("Leave --resume or --fork out"),
        )


def _add_tensorboard(training: Training) -> None:
    folder = training.run.path / tensorboard.FOLDER
    try:
        sink = tensorboard.TensorBoard(folder, training.metric, training.goes_on_from)
    except OSError as error:
        terminal.note(f"nothing is written for TensorBoard: {sentence(error)}.")
    else:
        training.sinks.add(sink)


def finish(training: Training) -> Result:
    """Run a training to its end on this thread; Ctrl-C stops it in good order."""
    progress = Progress(training.config)
    last: Event | None = None
    with stopped_by_signals(training.request_stop), progress:
        for event in training.events():
            progress.take(event)
            if isinstance(event, Halted) and event.cause is Halt.STORAGE:
                ask_to_try_again(training)
            last = event
    assert isinstance(last, Finished)
    result = training.result(last)
    if result["metrics"] is not None:
        print_curve(result["metrics"])
    progress.say(f"run: {result['run']}")
    if last.error:
        progress.say(f"error: {last.error}")
    if last.details:
        progress.say(logfile.start())
    return result, 1 if last.reason in (Reason.FAILED, Reason.DIVERGED) else 0


def ask_to_try_again(training: Training) -> None:
    """After a halt that the disk has caused: write once more, if somebody says so."""
    if agreed("The run waits, nothing is lost. Make room, then try again?"):
        training.try_again()


def fresh(
    config: ExperimentConfig,
    directory: Path | None,
    weights: Path | None = None,
    group: Group = ALONE,
) -> Training:
    """Refuse what cannot work before anything is written, then open the record."""
    device_of(config.training.device)
    consent.ask(config)
    config = recorded(config)
    family = prepared_family(config)
    if weights is None:  # weights are compared with those of the algorithm, which is built for it
        algorithm = build_algorithm(config, family)
        refuse_draws(algorithm, group.size)
        algorithm.close()
    return begun(config, family, directory, weights)


def stopped_by_signals(request_stop: Callable[[], None]) -> AbstractContextManager[None]:
    """A signal asks for an orderly end, and is told of at once; see `core.interrupts`."""

    def on_wish(wish: Wish, number: int, frame: FrameType | None) -> None:
        if wish is Wish.END:
            request_stop()
            terminal.say_at_once(STOPPING)
        elif wish is Wish.NOW:
            interrupts.at_once(number, frame)

    return interrupts.answered(on_wish)
