"""Where the blocks of the workers' threads come from: from arenas of their own, or all from one."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_PROGRAM = """
import ctypes, sys, threading
import torch
from torch import nn
from workbench.engine.workers import Workers

together = threading.Barrier(2)

def work(model, task):
    together.wait(60)  # so that both threads have one
    return float(model(torch.ones(1, 3)).sum())

workers = Workers(nn.Linear(3, 2), 2, vast=sys.argv[1] == "vast")
assert len(set(workers.map(work, 4))) == 1
ctypes.CDLL(None).malloc_stats()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another malloc")
@pytest.mark.parametrize(("size", "own"), [("small", True), ("vast", False)])
def test_threads_wait_for_each_other_only_where_their_blocks_are_vast(size: str, own: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, size], capture_output=True, text=True, check=True
    )
    arenas = sum(line.startswith("Arena ") for line in done.stderr.splitlines())
    assert (arenas >= 3) if own else (arenas == 1), done.stderr
