"""``train --processes``: starts torchrun's agent on this machine, and says how it ended.

Process 0 has the terminal, and tells everything that a training tells. What the others say goes to
files that last as long as the training.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from workbench import terminal
from workbench.cli.arguments import changes_of, read_config, whole
from workbench.core import own_process, safe_mode
from workbench.core.events import Reason
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.scale.refusal import FLAG, refuse
from workbench.experiments.store import Run, fresh_path, open_run

if TYPE_CHECKING:
    from torch.distributed.elastic.multiprocessing.errors import ProcessFailure
    from torch.distributed.launcher.api import LaunchConfig

Result = tuple[dict[str, Any], int]
GRACE_SECONDS = 300
"""For the step that is computed, and its checkpoint, when a training is to end."""
MOST = 1024


def launched(given: argparse.Namespace) -> Result:
    """Train on so many processes, and wait for them; process 0 prints the result."""
    count = whole(given.processes, FLAG, 1, MOST)
    restarts = whole(given.restarts, "--restarts", 0, MOST)
    config = _config(given)
    refuse(config, count)
    arguments = [*given.arguments, *([safe_mode.FLAG] if safe_mode.on() else [])]
    run = given.resume
    if run is None:
        run = given.run_dir or fresh_path(config)
        arguments += [] if given.run_dir else ["--run-dir", str(run)]
    given.json = False
    with TemporaryDirectory(prefix="workbench-", ignore_cleanup_errors=True) as folder:
        return {}, _code(folder, count, restarts, arguments, run)


def _config(given: argparse.Namespace) -> ExperimentConfig:
    """What is to be trained, as far as it is known before anything is opened."""
    if given.resume:
        return open_run(given.resume).config()
    if given.fork:
        return open_run(given.fork).config().replaced(changes_of(given))
    return read_config(given)


def _code(folder: str, count: int, restarts: int, arguments: list[str], run: Path) -> int:
    from torch.distributed.elastic.multiprocessing.api import SignalException
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.launcher.api import elastic_launch

    start = elastic_launch(_launch(folder, count, restarts), sys.executable)
    try:
        with _environment():
            start("-c", own_process.PROGRAM, *arguments)
    except ChildFailedError as failed:
        return _failed(failed.failures, count, run, Path(folder))
    except SignalException as asked:
        result = Run(run).result(damaged_is_none=True)
        ended = result is not None and result["reason"] == Reason.STOPPED
        return 0 if ended else 128 + asked.sigval
    return 0


def _launch(folder: str, count: int, restarts: int) -> LaunchConfig:
    from torch.distributed.elastic.multiprocessing import DefaultLogsSpecs, Std
    from torch.distributed.launcher.api import LaunchConfig

    others: dict[int, Std] = dict.fromkeys(range(1, count), Std.ALL)
    return LaunchConfig(
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=count,
        run_id="train",
        rdzv_backend="c10d",
        rdzv_endpoint="localhost:0",
        local_addr="localhost",
        max_restarts=restarts,
        logs_specs=DefaultLogsSpecs(log_dir=folder, redirects=others),
        shutdown_timeout=GRACE_SECONDS,
    )


@contextmanager
def _environment() -> Iterator[None]:
    """What the processes inherit; the agent's own messages are said in sentences instead."""
    before = dict(os.environ)
    os.environ.update(own_process.environment())
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo0" if sys.platform == "darwin" else "lo")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "FATAL")
    disabled = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        yield
    finally:
        logging.disable(disabled)
        os.environ.clear()
        os.environ.update(before)


def _failed(failures: dict[int, ProcessFailure], count: int, run: Path, folder: Path) -> int:
    """Says what process 0 has not said itself; the exit code.

    It may have ended by itself, in a sentence, because another one was killed: that is said then.
    """
    own = failures.get(0)
    spoke = own is not None and own.exitcode > 0
    lost = {
        rank: failure
        for rank, failure in sorted(failures.items())
        if not spoke or (failure.exitcode < 0 and failure.exitcode != -signal.SIGTERM)
    }
    for rank, failure in lost.items():
        terminal.say(f"error: process {rank} of {count} {_end(failure, folder)}")
    if lost and (run / "checkpoints" / "latest.json").exists():
        terminal.say(f"The training can go on from its checkpoint: --resume {run}")
    return own.exitcode if own is not None and spoke else 1


def _end(failure: ProcessFailure, folder: Path) -> str:
    if failure.exitcode < 0:
        return f"was ended by {signal.Signals(-failure.exitcode).name}"
    said = sorted(folder.glob(f"*/attempt_*/{failure.local_rank}/stderr.log"))
    lines = said[-1].read_text(errors="replace").splitlines() if said else []
    return f"failed: {lines[-1]}" if lines else f"ended with the exit code {failure.exitcode}"
