"""``runs`` finds, names, tags, compares, deletes and brings back, as the window does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.synthetic_runs import glyph_config, write_run, write_scores
from workbench.experiments.labbook.notes import FILE
from workbench.experiments.record import lock
from workbench.experiments.record.lock import WriterLock
from workbench.experiments.store import default_root
from workbench.start.main import main

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for rate in (0.1, 0.4):
        config = glyph_config(algorithm={"inner_rate": rate}, training={"test_tasks": 4})
        run = write_run(default_root() / f"rate-{rate}", config)
        write_scores(run, config, [0.5 + rate, 0.6 + rate, 0.7, 0.8])
    return default_root()


def told(capsys: Capture, *words: str) -> Any:
    assert main(["runs", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def said(capsys: Capture, *words: str) -> str:
    assert main(["runs", *words]) == 0
    return capsys.readouterr().out


def refused(capsys: Capture, *words: str) -> str:
    assert main(["runs", *words]) == 2
    found = capsys.readouterr()
    assert found.out == "" and len(found.err.splitlines()) == 1
    return found.err


def test_the_list_is_filtered(capsys: Capture) -> None:
    (row,) = told(capsys, "--filter", "alpha:0.1 val>60")["runs"]
    assert row["name"] == "rate-0.1" and row["called"].startswith("MAML · glyphs 5w1s · α 0.1")
    assert said(capsys, "--filter", "acc>99") == "no run is like that\n"
    assert "at character 5: acc>x: 'x' is not a number" in refused(capsys, "--filter", "foo acc>x")


def test_what_is_said_of_a_run_comes_back(shelf: Path, capsys: Capture) -> None:
    assert told(capsys, "rename", "rate-0.4", "Figure 2")["called"] == "Figure 2"
    assert told(capsys, "tag", "Figure 2", "paper", "b")["tags"] == ["paper", "b"]
    assert told(capsys, "tag", "Figure 2", "b", "--remove")["tags"] == ["paper"]
    assert told(capsys, "note", "rate-0.4", "flattens early")["note"] == "flattens early"
    assert "flattens early" in said(capsys, "note", "Figure 2")
    shown = told(capsys, "show", "Figure 2")
    assert (shown["called"], shown["tags"]) == ("Figure 2", ["paper"])
    assert "name: Figure 2" in said(capsys, "show", "rate-0.4")
    (row,) = told(capsys, "--filter", "tag:paper flattens")["runs"]
    assert (row["name"], row["called"]) == ("rate-0.4", "Figure 2")
    assert "is no tag" in refused(capsys, "tag", "rate-0.4", "a|b")
    told(capsys, "rename", "rate-0.1", "Figure 2")
    assert "is the name of 2 runs" in refused(capsys, "show", "Figure 2")


def test_runs_are_compared(capsys: Capture) -> None:
    found = told(capsys, "compare", "rate-0.1", "rate-0.4")
    assert [run["called"] for run in found["runs"]] == ["α 0.1", "α 0.4"]
    assert found["settings"] == {"algorithm.inner_rate": [0.1, 0.4]}
    (pair,) = found["differences"]
    assert pair["tasks"] == 4 and pair["mean"] == pytest.approx(0.15) and pair["better"] == 2
    text = said(capsys, "compare", "rate-0.1", "rate-0.4")
    assert "algorithm.inner_rate" in text and "training.seed" not in text
    assert "B minus A: 15.0" in text and "task by task on 4 test tasks" in text
    assert "training.seed" in said(capsys, "compare", "rate-0.1", "rate-0.4", "--all")
    assert "takes two to 8 runs, not 1" in refused(capsys, "compare", "rate-0.1")


def test_deleted_runs_lie_in_the_trash_and_come_back(shelf: Path, capsys: Capture) -> None:
    assert "`runs restore rate-0.1`" in said(capsys, "delete", "rate-0.1")
    assert [row["name"] for row in told(capsys)["runs"]] == ["rate-0.4"]
    assert [row["name"] for row in told(capsys, "restore")["trash"]] == ["rate-0.1"]
    assert "nobody has agreed to lose what lies in the trash" in refused(capsys, "empty-trash")
    assert said(capsys, "restore", "rate-0.1") == "brought back: rate-0.1\n"
    assert len(told(capsys)["runs"]) == 2
    told(capsys, "delete", "rate-0.1", "rate-0.4")
    assert told(capsys, "empty-trash", "--yes") == {"emptied": 2}
    assert said(capsys, "restore") == "the trash is empty\n"
    assert "does not lie in the trash" in refused(capsys, "restore", "rate-0.1")


def test_a_run_that_another_process_writes_is_only_read(
    shelf: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = shelf / "rate-0.1"
    monkeypatch.setattr(lock.socket, "gethostname", lambda: "elsewhere")
    held = WriterLock(run)
    held.claim()
    monkeypatch.undo()
    monkeypatch.setenv("XDG_DATA_HOME", str(shelf.parents[1]))
    for words in (["rename", "rate-0.1", "x"], ["note", "rate-0.1", "x"], ["delete", "rate-0.1"]):
        assert "is being written by process" in refused(capsys, *words)
    assert not (run / FILE).exists() and told(capsys, "show", "rate-0.1")["status"] == "running"
    assert told(capsys, "note", "rate-0.1")["note"] == ""
    held.release()


@pytest.mark.parametrize(
    "words", [["rename", "nowhere", "x"], ["delete", "nowhere"], ["compare", "rate-0.1", "no"]]
)
def test_an_unknown_run_is_bad_input(words: list[str], capsys: Capture) -> None:
    assert "is not a run directory" in refused(capsys, *words)
