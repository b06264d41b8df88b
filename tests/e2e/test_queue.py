"""``queue`` lines up, shows, moves, removes and works through, as the window does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.start.main import main

Capture = pytest.CaptureFixture[str]
TINY = ("--preset", "sinusoid", "--model.hidden", "8,8", "--training.eval_tasks", "4")
SHORT = (*TINY, "--iterations", "4", "--training.test_tasks", "4")


@pytest.fixture(autouse=True)
def own_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def told(capsys: Capture, *words: str, code: int = 0) -> Any:
    assert main(["queue", *words, "--json"]) == code
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def refused(capsys: Capture, *words: str) -> str:
    assert main(["queue", *words]) == 2
    found = capsys.readouterr()
    assert found.out == "" and len(found.err.splitlines()) == 1
    return found.err


def added(capsys: Capture, *words: str) -> str:
    (row,) = told(capsys, "add", *words)["queue"]
    return str(row["id"])


def test_it_is_shown_moved_and_cleared(capsys: Capture) -> None:
    one, two = (added(capsys, *SHORT, "--seed", seed) for seed in "12")
    front = added(capsys, *SHORT, "--algorithms", "maml,reptile", "--first")
    rows = told(capsys, "list")["queue"]
    assert [row["id"] for row in rows] == [front, one, two]
    assert rows[0]["kind"] == "race of 2, 1 seed" and rows[0]["name"].startswith("MAML, Reptile")
    assert rows[1]["name"].endswith("seed 1") and rows[1]["config"]["training"]["seed"] == 1
    for where, order in (
        ("down", [one, front, two]),
        ("last", [one, two, front]),
        ("up", [one, front, two]),
        ("1", [front, one, two]),
    ):
        moved = told(capsys, "move", front, where)["queue"]
        assert [row["id"] for row in moved] == order
    assert told(capsys, "remove", one, front) == {"removed": [one, front]}
    assert [row["id"] for row in told(capsys, "list")["queue"]] == [two]
    assert main(["queue", "list"]) == 0
    assert two in capsys.readouterr().out


def test_what_cannot_be_lined_up_is_one_sentence(capsys: Capture, tmp_path: Path) -> None:
    assert "algorithm.inner_steps" in refused(capsys, "add", *TINY, "--algorithm.inner_steps", "x")
    assert "--seeds: is one of a race's terms" in refused(capsys, "add", *SHORT, "--seeds", "1,2")
    assert "is no entry of the queue" in refused(capsys, "move", "nope", "up")
    assert "nothing is named" in refused(capsys, "remove")
    missing = ("--task.name", "image_folder", "--task.root", str(tmp_path / "none"))
    assert "task.root" in refused(capsys, "add", *missing)
    assert told(capsys, "list") == {"queue": [], "worker": None}


def test_a_search_is_lined_up_with_the_flags_of_sweep(capsys: Capture) -> None:
    rate = ("--search", "algorithm.inner_rate=log:1e-3..1e-1")
    added(capsys, *SHORT, *rate, "--trials", "2", "--sampler", "random")
    (row,) = told(capsys, "run")["worked"]
    assert row["state"] == "done" and row["kind"] == "search, 2 trials"
    assert main(["sweep", "--study", row["run"], "--json"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["counts"] == {"complete": 2} and found["plan"]["sampler"] == "random"
    assert "--trials: the search has no end" in refused(capsys, "add", *SHORT, *rate)
    assert "--sampler: is one of a search's" in refused(capsys, "add", *SHORT, "--sampler", "gp")
    assert "--algorithms" in refused(capsys, "add", *SHORT, *rate, "--algorithms", "maml,anil")


def test_it_is_worked_through_and_a_failure_is_told(capsys: Capture, tmp_path: Path) -> None:
    first = added(capsys, *SHORT)
    assert [row["state"] for row in told(capsys, "run")["worked"]] == ["done"]
    (row,) = told(capsys, "list")["queue"]
    more = added(capsys, "--resume", row["run"], "--iterations", "6")
    assert "has weights of its own" in refused(
        capsys, "add", "--resume", row["run"], "--weights", row["run"]
    )
    fork = added(capsys, *SHORT, "--weights", row["run"])
    Path(row["run"]).rename(tmp_path / "gone")
    worked = told(capsys, "run", code=1)["worked"]
    assert [one["id"] for one in worked] == [more, fork]
    assert all(one["state"] == "failed" for one in worked)
    assert all("is not a run directory" in one["told"] for one in worked)
    assert told(capsys, "remove", "--ended") == {"removed": [first, more, fork]}
