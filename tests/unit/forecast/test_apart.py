"""A real measuring: numbers that can be, nothing left behind, and an end when nobody waits."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

from tests.opening import on_pictures
from tests.tiny import tiny_config, training
from workbench.core import places
from workbench.core.errors import BadInput
from workbench.experiments.forecast import apart
from workbench.experiments.forecast.foretell import Foreteller, Unknown


class Enough(Exception):
    """Nobody waits any more."""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def weights(path: Path) -> dict[str, torch.Tensor]:
    run = training(tiny_config(), path)
    list(run.events())
    return run.run.load_checkpoint().weights


def test_a_training_is_measured_and_left_as_it_was(tmp_path: Path) -> None:
    foreteller, config = Foreteller(), tiny_config()
    with pytest.raises(Unknown):
        foreteller.kept(config)
    before = weights(tmp_path / "before")
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    found = foreteller.answer(config).measured
    assert torch.equal(torch.get_rng_state(), state)
    assert (torch.get_num_threads(), torch.get_default_dtype()) == (threads, torch.float32)
    after = weights(tmp_path / "after")
    assert all(torch.equal(before[name], after[name]) for name in before)

    (step,) = found.stretches
    timed = (found.begin, step.seconds, step.counted, found.validation, found.test)
    assert all(math.isfinite(one) and one > 0 for one in (*timed, found.checkpoint))
    assert step.counted <= step.seconds
    assert found.memory > 50_000_000
    assert foreteller.kept(config).measured == found
    left = {one.name for one in places.cache().iterdir()}
    assert not [name for name in left if name.startswith("forecast-")]


def test_it_ends_when_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = []
    real = apart.subprocess.Popen

    class Seen(real):  # type: ignore[valid-type, misc]
        def __init__(self, *given: object, **more: object) -> None:
            super().__init__(*given, **more)
            begun.append(self)

    def alive() -> None:
        raise Enough

    monkeypatch.setattr(apart.subprocess, "Popen", Seen)
    with pytest.raises(Enough):
        apart.measured_apart(tiny_config(), alive)
    assert [process.returncode is not None for process in begun] == [True]
    assert not list(places.cache().glob("forecast-*"))


def test_data_that_is_not_there_is_said_and_not_fetched(tmp_path: Path) -> None:
    config = on_pictures(root=str(tmp_path / "nothing"), download=True)
    with pytest.raises(BadInput) as caught:
        apart.measured_apart(config)
    assert caught.value.where == "task.root"
