"""``--forecast`` says what a training, a race or a search takes, and trains nothing."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.tiny import tiny_config, training
from tests.unit.forecast.test_total import STEP, measured
from workbench.core import places
from workbench.experiments import catalog
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.forecast import cache
from workbench.experiments.forecast.key import key
from workbench.experiments.store import Run
from workbench.start.main import main

Capture = pytest.CaptureFixture[str]
TINY = ("--preset", "sinusoid", "--model.hidden", "8,8")
SHORT = (*TINY, "--iterations", "100", "--training.test_tasks", "10", "--training.eval_tasks", "10")
EACH = 0.5 + 12.5 + 2 * 10 * 0.01 + 10 * 0.02 + 0.25
"""Of SHORT in a process that is warm, measured as `measured` says."""


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def known(algorithm: str = "maml") -> None:
    """What another forecast has measured."""
    catalog.load()
    preset = catalog.preset("sinusoid").config
    changes: dict[str, dict[str, Any]] = {"model": {"hidden": [8, 8]}}
    if algorithm != "maml":
        changes["algorithm"] = {"name": algorithm}
    config: ExperimentConfig = preset.replaced(changes)
    cache.keep(key(config), measured() if algorithm == "random_init" else measured(STEP))


def told(capsys: Capture, *words: str) -> tuple[dict[str, Any], str]:
    assert main([*words, "--forecast", "--json"]) == 0
    *shown, last = capsys.readouterr().out.splitlines()
    assert not places.data("runs").exists()
    found: dict[str, Any] = json.loads(last)["forecast"]
    return found, "\n".join(shown)


def test_a_training_is_measured_and_leaves_everything_as_it_was(
    tmp_path: Path, capsys: Capture
) -> None:
    before = weights(tmp_path / "before")
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    found, shown = told(capsys, "train", *SHORT)
    assert torch.equal(torch.get_rng_state(), state)
    assert (torch.get_num_threads(), torch.get_default_dtype()) == (threads, torch.float32)
    after = weights(tmp_path / "after")
    assert all(torch.equal(before[name], after[name]) for name in before)

    assert all(math.isfinite(part) and part > 0 for part in found["parts"].values())
    assert found["seconds"] == pytest.approx(sum(found["parts"].values()))
    assert (found["iterations"], found["validations"], found["at_most"]) == (100, 2, False)
    assert found["memory_bytes"] > 50_000_000
    assert shown.startswith("About ") and "of memory" in shown and "checkpoints" in shown
    assert not list(places.cache().glob("forecast-*"))


def weights(path: Path) -> dict[str, torch.Tensor]:
    run = training(tiny_config(), path)
    list(run.events())
    return run.run.load_checkpoint().weights


def test_a_race_is_the_sum_of_its_legs(capsys: Capture) -> None:
    known()
    known("random_init")
    words = ("--algorithms", "maml,random_init", "--seeds", "0,1")
    found, shown = told(capsys, "race", *SHORT, *words)
    legs = [(leg["algorithm"], leg["seed"]) for leg in found["legs"]]
    assert legs == [("maml", 0), ("random_init", 0), ("maml", 1), ("random_init", 1)]
    floor = EACH - 12.5 - 0.1
    assert found["seconds"] == [pytest.approx(9.0 + 2 * (EACH + floor))] * 2
    assert "Random initialisation" in shown


def test_a_search_is_all_its_trials(capsys: Capture) -> None:
    known()
    words = ("--search", "algorithm.inner_rate=log:1e-3..1", "--trials", "60")
    found, shown = told(capsys, "sweep", *SHORT, *words, "--pruner", "median")
    assert found["seconds"] == [pytest.approx(9.0 + 60 * EACH)] * 2 and found["at_most"]
    assert shown.startswith("At most ") and "60 trials" in shown


def test_what_goes_on_has_no_forecast(tmp_path: Path, capsys: Capture) -> None:
    run = Run.create(tiny_config(), tmp_path / "run").path
    for command, flag in (("train", "--resume"), ("train", "--fork"), ("sweep", "--study")):
        assert main([command, flag, str(run), "--forecast"]) == 2
        assert f"what {flag} goes on with" in capsys.readouterr().err
