"""More processes of this program that work on the same study."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import workbench
from workbench import terminal
from workbench.experiments.search.study import Study

PROGRAM = "from workbench.start.main import program; program()"


@dataclass(frozen=True)
class Others:
    """They end by themselves when the study has its trials."""

    processes: tuple[subprocess.Popen[bytes], ...]

    def stop(self) -> None:
        """Ask for an orderly end: each keeps a checkpoint of its trial."""
        for process in self.processes:
            process.terminate()

    def wait(self) -> None:
        for process in self.processes:
            process.wait()


@contextmanager
def beside(study: Study, given: argparse.Namespace, count: int) -> Iterator[Others]:
    """So many, each with one trial at a time; they are waited for when the block is left."""
    others = Others(tuple(_begun(study, given) for _ in range(count)))
    if count:
        terminal.say(f"{count + 1} trials at a time, each in a process of its own")
    try:
        yield others
    except BaseException:
        others.stop()
        raise
    finally:
        others.wait()


def _begun(study: Study, given: argparse.Namespace) -> subprocess.Popen[bytes]:
    """A signal that the terminal sends reaches this process alone, which passes it on once."""
    command = [sys.executable, "-c", PROGRAM, "sweep", "--study", str(study.folder), "--json"]
    command += ["--storage", study.place]
    command += [] if given.seconds is None else ["--seconds", given.seconds]
    for named in given.trust or ():
        command += ["--trust", named]
    tree = str(Path(workbench.__file__).parents[1])
    paths = os.pathsep.join(filter(None, (tree, os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
        start_new_session=True,
    )
