"""The window draws from a record what ``runs show`` prints from it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.tiny import tiny_config, training
from workbench.experiments.replay import read_run
from workbench.gui.state.history import History
from workbench.start.main import main


def test_window_and_terminal_read_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    list(training(tiny_config(), tmp_path / "run").events())
    replay, history = read_run(tmp_path / "run"), History()
    history.begin(replay.config)
    history.take(replay.events)
    assert main(["runs", "show", str(tmp_path / "run"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    drawn = ("iteration", "support_loss", "query_loss", "query_metric", "gradient_norm", "seconds")
    for place, name in enumerate(drawn):
        assert np.array_equal(history.steps.column(place), found["steps"][name])
    for place, key in ((4, "mean"), (7, "median")):
        after = [one["metrics"]["steps"][-1][key] for one in found["validations"]]
        assert np.array_equal(history.evaluations.column(place), after)
    assert history.test is not None and history.test.to_json()["steps"] == found["metrics"]["steps"]
