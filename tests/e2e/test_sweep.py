"""``sweep`` searches, goes on, and says what was best."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from workbench.start.main import main

Capture = pytest.CaptureFixture[str]
TINY = ("--preset", "sinusoid", "--model.hidden", "8,8", "--training.eval_tasks", "4")
SHORT = (*TINY, "--iterations", "4", "--training.test_tasks", "4", "--training.workers", "1")
RATE = ("--search", "algorithm.inner_rate=log:1e-3..1e-1")


@pytest.fixture(autouse=True)
def own_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def told(capsys: Capture, *words: str | Path, code: int = 0) -> Any:
    assert main(["sweep", *map(str, words), "--json"]) == code
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def refused(capsys: Capture, *words: str | Path) -> str:
    assert main(["sweep", *map(str, words)]) == 2
    found = capsys.readouterr()
    assert found.out == "" and len(found.err.splitlines()) == 1
    return found.err


def test_a_study_ends_with_its_json_and_goes_on_for_more(tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "study"
    words = ("--search", "algorithm.inner_steps=1,2", "--trials", "2", "--run-dir", folder)
    first = told(capsys, *SHORT, *RATE, *words)
    assert first["counts"] == {"complete": 2} and first["metric"] == "mse"
    scores = [trial["score"] for trial in first["trials"]]
    assert first["best"]["score"] == min(scores)
    assert main(["adapt", str(folder / first["best"]["run"]), "--json"]) == 0
    capsys.readouterr()
    more = told(capsys, "--study", folder, "--trials", "3")
    assert more["trials"][:2] == first["trials"] and more["counts"] == {"complete": 3}
    assert main(["runs"]) == 0
    assert main(["sweep", "--study", str(folder)]) == 0  # nothing is left to do: it is shown
    shown = capsys.readouterr().out
    assert "3 complete" in shown and f"best: trial {more['best']['number']}" in shown


def test_cores_share_a_grid(tmp_path: Path, capsys: Capture) -> None:
    words = ("--search", "algorithm.inner_steps=1,2", "--sampler", "grid", "--points", "2")
    found = told(capsys, *SHORT, *RATE, *words, "--cores", "2", "--run-dir", tmp_path / "study")
    assert found["counts"] == {"complete": 4}
    assert len({str(trial["values"]) for trial in found["trials"]}) == 4


FAULTS = [
    ((), "search: nothing is searched"),
    (("--search", "algorithm.rate"), "algorithm.rate: there is no such field"),
    (RATE, "--trials: the search has no end"),
    ((*RATE, "--trials", "0"), "--trials"),
    ((*RATE, "--trials", "1", "--sampler", "cma"), "--sampler: there is no cma"),
    ((*RATE, "--trials", "1", "--pruner", "x"), "--pruner: there is no x"),
    ((*RATE, "--seconds", "inf"), "--seconds"),
    ((*RATE, "--trials", "1", "--cores", "0"), "--cores"),
    ((*RATE, "--trials", "1", "--storage", "nodatabase://x"), "--storage"),
    ((*RATE, "--sampler", "grid", "--points", "1"), "--points"),
]


@pytest.mark.parametrize(("words", "message"), FAULTS, ids=lambda value: str(value)[-50:])
def test_bad_input_is_one_sentence_and_nothing_is_left(
    words: tuple[str, ...], message: str, tmp_path: Path, capsys: Capture
) -> None:
    folder = tmp_path / "study"
    assert message in refused(capsys, *SHORT, *words, "--run-dir", folder)
    assert not folder.exists()


def test_a_study_keeps_its_settings(tmp_path: Path, capsys: Capture) -> None:
    folder = tmp_path / "study"
    told(capsys, *SHORT, *RATE, "--trials", "1", "--run-dir", folder)
    assert "--model.hidden" in refused(capsys, "--study", folder, "--model.hidden", "9")
    assert "--search" in refused(capsys, "--study", folder, *RATE)
    assert "holds no study" in refused(capsys, "--study", tmp_path)
    assert "is not empty" in refused(capsys, *SHORT, *RATE, "--trials", "1", "--run-dir", folder)
