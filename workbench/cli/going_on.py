"""Runs that are recorded: what there is to say of one before it is used, and going on with it."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from workbench import terminal
from workbench.cli import consent
from workbench.cli.arguments import changes_of, whole
from workbench.cli.asking import agreed
from workbench.cli.output import opened_family
from workbench.core.errors import BadInput, printable
from workbench.core.marked import marked
from workbench.core.task import TaskFamily
from workbench.experiments import forking
from workbench.experiments.changes import (
    allowed,
    differences,
    may_change,
    rate_jump,
    refuse_shorter,
)
from workbench.experiments.checkpoint import Checkpoint
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.devices import device_of
from workbench.experiments.record.differences import (
    changed_data,
    changed_packages,
    changed_system,
)
from workbench.experiments.record.lock import being_written
from workbench.experiments.store import Run, open_run
from workbench.experiments.trainer import Training

_FETCH = "Put the data there, or fetch it once with a training of its own"


def warn_of(checkpoint: Checkpoint, family: TaskFamily | None = None) -> None:
    """Say on standard error what is damaged, and what has changed since it was written."""
    for problem in checkpoint.passed_over:
        terminal.note(
            f"{problem}; the checkpoint of iteration {checkpoint.iteration} is used instead"
        )
    if family is not None and (changed := changed_data(checkpoint, family)):
        terminal.note(changed)
    if changed := changed_packages(checkpoint):
        terminal.note(changed)


def resumed(given: argparse.Namespace) -> Training:
    """Go on with a run, which may last longer, and whose data may lie elsewhere by now."""
    run = open_run(given.resume)
    if run.is_written:
        raise being_written(run.path)
    checkpoint = _start(run, given.start, "--resume")
    recorded = ExperimentConfig.from_json(checkpoint.config)
    refuse_other_settings(given, recorded)
    config = recorded.replaced(allowed(recorded, changes_of(given)))
    refuse_shorter(checkpoint, config)
    device = device_of(config.training.device)
    consent.ask(config)
    family = opened_family(config, str(given.resume), _FETCH)
    _refuse_other_data(given.resume, recorded, config, checkpoint, family)
    _warn_before_training(checkpoint, family, device)
    if jump := rate_jump(checkpoint.iteration, checkpoint.seconds, recorded, config):
        terminal.note(jump)
    run.claim()  # only now: what was refused has touched nothing
    return Training(config, family, run, resume=checkpoint)


def restarted(given: argparse.Namespace) -> Training:
    """After torchrun has started the processes anew: from the newest checkpoint of the run."""
    if given.resume:
        given.start = None
        return resumed(given)
    if given.run_dir is None:
        raise BadInput(
            "--run-dir",
            marked("processes that are started anew must find their run"),
            marked("Give the directory of the run in the command of torchrun"),
        )
    run = open_run(given.run_dir)
    checkpoint = run.load_checkpoint()
    config = ExperimentConfig.from_json(checkpoint.config)
    consent.ask(config)
    family = opened_family(config, str(given.run_dir), _FETCH)
    _warn_before_training(checkpoint, family, device_of(config.training.device))
    terminal.say(f"Started anew, from the checkpoint of iteration {checkpoint.iteration}.")
    run.claim()
    return Training(config, family, run, resume=checkpoint)


def forked(given: argparse.Namespace) -> Training:
    """A new run that goes on from a checkpoint of another, with what the flags change."""
    for name in ("preset", "config"):
        if vars(given)[name] is not None:
            raise BadInput(
                f"--{name}",
                marked("a fork takes its settings from the run"),
                marked("Leave the flag out, and give what is to change as flags"),
            )
    run = open_run(given.fork)
    checkpoint = _start(run, given.start, "--fork")
    recorded = ExperimentConfig.from_json(checkpoint.config)
    config = recorded.replaced(changes_of(given))
    forking.refuse(recorded, config, checkpoint.iteration, checkpoint.seconds)
    device = device_of(config.training.device)
    consent.ask(config)
    family = opened_family(config, str(given.fork), _FETCH)
    _warn_before_training(checkpoint, None if config.task != recorded.task else family, device)
    for consequence in forking.consequences(checkpoint, recorded, config):
        terminal.note(consequence)
    return forking.fork(run, checkpoint, config, family, given.run_dir)


def _warn_before_training(
    checkpoint: Checkpoint, family: TaskFamily | None, device: torch.device
) -> None:
    """Of what is read, and of what may give other bits."""
    warn_of(checkpoint, family)
    if changed := changed_system(checkpoint, device):
        terminal.note(changed)


def _start(run: Run, given: str | None, flag: str) -> Checkpoint:
    """The checkpoint to go on from; raises `BadInput` where a damaged one would be passed over."""
    if given is not None:
        return run.load_checkpoint(whole(given, "--from", 0))
    checkpoint = run.load_checkpoint()
    if checkpoint.passed_over:
        older = checkpoint.iteration
        damage = "; ".join(checkpoint.passed_over)
        if not agreed(f"{printable(damage)}.\nGo on from iteration {older}, which is whole?"):
            raise BadInput(
                flag,
                marked("the newest checkpoint cannot be used: {0}").format(damage),
                marked("Give --from {0} to go on from the newest that is whole").format(older),
            )
    return checkpoint


def refuse_other_settings(given: argparse.Namespace, recorded: ExperimentConfig) -> None:
    """Raise `BadInput` for a flag that a run that goes on cannot take."""
    flags = {name: value for name, value in vars(given).items() if value is not None}
    for name in ("preset", "config", "run_dir"):
        if name in flags:
            raise BadInput(
                f"--{name.replace('_', '-')}",
                marked("a run that goes on keeps its settings and its directory"),
                marked("Leave the flag out"),
            )
    if "seed" in flags:
        flags.setdefault("training.seed", flags["seed"])
    free = may_change(recorded)
    for name, value in flags.items():
        section, dot, field = name.partition(".")
        if dot and name not in free:
            _refuse_other(recorded, section, field, value, given.resume)


def _refuse_other(
    recorded: ExperimentConfig, section: str, field: str, value: str, run: Path
) -> None:
    if recorded.replaced({section: {field: value}}) == recorded:
        return
    kept = recorded.to_json()[section].get(field, "nothing of that name")
    raise BadInput(
        f"--{section}.{field}",
        marked("the run was started with {0}, and a run that goes on keeps its settings").format(
            kept
        ),
        marked("Leave the flag out, or go on in a new run: --fork {0} with it").format(run),
    )


def _refuse_other_data(
    run: Path,
    recorded: ExperimentConfig,
    config: ExperimentConfig,
    checkpoint: Checkpoint,
    family: TaskFamily,
) -> None:
    """Raise `BadInput` where what lies at a new place is not what the run was trained on."""
    moved = differences(recorded, config).get("task", {})
    if not moved or family.fingerprint == checkpoint.data_fingerprint:
        return
    raise BadInput(
        f"--task.{next(iter(moved))}",
        marked("a data set may be moved, and what is there now is not what the run was trained on"),
        marked("Give the place of the same data, or go on in a new run: --fork {0} with it").format(
            run
        ),
    )
