"""Gradients and evaluations of many processes are those of one, whatever the split."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from tests.tiny import prepared, tiny_config
from workbench.core.errors import BadInput
from workbench.core.events import Evaluated, Finished, Reason, StepDone
from workbench.experiments.scale.group import ALONE, Alone
from workbench.experiments.scale.refusal import refuse, refuse_draws
from workbench.experiments.session import build_algorithm
from workbench.experiments.store import Run
from workbench.experiments.trainer import Training

SIZE = 3
EQUAL = {"torch.float32": 1e-6, "torch.float64": 1e-12}


def begun(rank: int, port: int, device: str) -> subprocess.Popen[str]:
    told: dict[str, object] = {
        "RANK": rank,
        "LOCAL_RANK": rank,
        "WORLD_SIZE": SIZE,
        "MASTER_PORT": port,
        "MASTER_ADDR": "127.0.0.1",
    }
    environment = {**os.environ, **{name: str(value) for name, value in told.items()}}
    environment |= {"GLOO_SOCKET_IFNAME": "lo0" if sys.platform == "darwin" else "lo"}
    command = [sys.executable, "-m", "tests.ranks_kit", device]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True)


def largest_differences(device: str = "cpu") -> dict[str, float]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    processes = [begun(rank, port, device) for rank in range(SIZE)]
    try:
        told = [process.communicate(timeout=200) for process in processes]
    finally:
        for process in processes:
            process.kill()
    assert [process.returncode for process in processes] == [0] * SIZE, [one[1] for one in told]
    found: dict[str, float] = json.loads(told[0][0])
    return found


def wrong(found: dict[str, float]) -> dict[str, float]:
    return {case: far for case, far in found.items() if not far <= EQUAL[case.split()[-2]]}


def test_two_and_three_processes_compute_what_one_does() -> None:
    found = largest_differences()
    assert len(found) > 40
    assert not wrong(found)


@pytest.mark.skipif(torch.cuda.device_count() < SIZE, reason="needs a GPU for every process")
def test_so_they_do_on_gpus() -> None:
    found = largest_differences("cuda")
    assert len(found) == 4
    assert not wrong(found)


@pytest.mark.parametrize(
    ("changes", "count", "said"),
    [
        ({}, 4, "4 processes share out the 3 tasks"),
        ({"algorithm": {"name": "random_init"}}, 2, "random_init cannot be shared out: it trains"),
        (
            {
                "task": {"name": "navigation", "shots": 4, "queries": 4, "horizon": 8},
                "model": {"name": "mlp_gaussian", "hidden": [8]},
                "algorithm": {"name": "rl2"},
            },
            2,
            "rl2 cannot be shared out: its gradient is not the mean",
        ),
    ],
)
def test_what_cannot_be_shared_out_is_refused(changes: dict, count: int, said: str) -> None:  # type: ignore[type-arg]
    config = tiny_config(**changes)
    refuse(config, ALONE.size)
    with pytest.raises(BadInput, match=said):
        refuse(config, count)


class Dropping(torch.nn.Sequential):
    def __init__(self) -> None:
        super().__init__(torch.nn.Linear(1, 4), torch.nn.Dropout(0.5), torch.nn.Linear(4, 1))


def test_dropout_that_vmap_draws_for_a_whole_meta_batch_is_refused() -> None:
    config = tiny_config(training={"strategy": "vmap"})
    algorithm = build_algorithm(config, prepared(config))
    refuse_draws(algorithm, 2)
    algorithm.engine = type(algorithm.engine)(Dropping(), algorithm.engine.spec, 1, strategy="vmap")
    refuse_draws(algorithm, 1)
    with pytest.raises(BadInput, match=r"training.strategy: vmap draws dropout"):
        refuse_draws(algorithm, 2)


class Pressed(Alone):
    """A group of one in which Ctrl-C comes just after it was agreed that nobody is to stop."""

    def __init__(self) -> None:
        self.press: Callable[[], None] = lambda: None
        self.agreements: list[bool] = []

    def summed(self, values: Tensor) -> Tensor:
        self.agreements.append(bool(values[1]))
        self.press()
        return values


def test_a_stop_that_comes_after_the_agreement_waits_for_the_next(tmp_path: Path) -> None:
    """Otherwise one process ends while the others compute the step that was agreed on."""
    config, group = tiny_config(), Pressed()
    run = Run.create(config, tmp_path / "run")
    training = Training(config, prepared(config), run, group=group)
    steps = 0
    for event in training.events():
        if isinstance(event, Evaluated) and event.iteration == 0:
            group.agreements, group.press = [], training.request_stop
        if isinstance(event, StepDone):
            steps += 1
    assert isinstance(event, Finished) and event.reason == Reason.STOPPED
    assert steps == 1 and group.agreements[:2] == [False, True]
