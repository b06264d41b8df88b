"""Measures in a process of its own, so that nothing of this one is changed or held up by it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from workbench.core import own_process, places, safe_mode, trust
from workbench.core.errors import BadInput
from workbench.core.marked import marked
from workbench.core.strict import strictly
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.forecast.measured import Measured
from workbench.experiments.foreign import opened

Clock = Literal["wall", "cpu"]
LIMIT_SECONDS = 300.0
_PROGRAM = "from workbench.experiments.forecast.child import main; main()"
_LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Answer:
    measured: Measured
    compiled: float = 0.0
    """Seconds that the first start on this machine took longer, which is now done; else 0."""
    disturbed: bool = False
    """Whether others kept the processors busy meanwhile, so that it told too much."""


def measured_apart(
    config: ExperimentConfig,
    alive: Callable[[], None] = lambda: None,
    *,
    nice: int = 0,
    clock: Clock = "wall",
) -> Answer:
    """Measure short trainings of this experiment; nothing is fetched for it.

    ``alive`` is called ten times a second, and ends the measuring by raising. Raises `BadInput`
    with what the training would fail of.
    """
    found = _once(config, alive, nice, clock)
    if not found.compiled:
        return found
    # Compiling took time and memory that no later start takes: what one takes is measured again.
    again = _once(config, alive, nice, clock)
    return replace(again, compiled=max(found.measured.first - again.measured.first, 0.0))


def _once(config: ExperimentConfig, alive: Callable[[], None], nice: int, clock: Clock) -> Answer:
    """``compiled`` is then the time of the first training, or 0."""
    places.cache().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        prefix="forecast-", dir=places.cache(), ignore_cleanup_errors=True
    ) as folder:
        answer = _asked(
            {
                "config": opened(config).complete(),
                "folder": folder,
                "nice": nice,
                "clock": clock,
                "safe": safe_mode.on(),
                "trusted": list(trust.given_now()),
            },
            alive,
        )
    if "problem" in answer:
        raise BadInput(*answer["problem"])
    found = strictly(Measured, answer["measured"], "forecast")
    return Answer(found, found.first * answer["compiled"], answer["disturbed"])


def _asked(request: dict[str, Any], alive: Callable[[], None]) -> dict[str, Any]:
    with subprocess.Popen(
        [sys.executable, "-P", "-c", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=own_process.environment(),
    ) as process:
        try:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            _wait(process, alive)
            text = process.stdout.read()
        finally:
            process.kill()
    try:
        answer: dict[str, Any] = json.loads(text)
    except ValueError:
        raise BadInput(
            "forecast",
            marked("the process that measures ended without an answer ({0})").format(
                process.returncode
            ),
            marked("Start the training to see what it says"),
        ) from None
    return answer


def _wait(process: subprocess.Popen[bytes], alive: Callable[[], None]) -> None:
    until = time.monotonic() + LIMIT_SECONDS
    while process.poll() is None:
        alive()
        if time.monotonic() > until:
            raise BadInput(
                "forecast",
                marked("a few steps take longer than {0:.0f} s here").format(LIMIT_SECONDS),
                marked("Start the training: its own estimate comes with its first steps"),
            )
        try:
            process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            continue
