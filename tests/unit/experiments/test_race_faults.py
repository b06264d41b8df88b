"""One contender's fault does not end a race: it is told, and the others run all the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import prepared, tiny_config
from workbench.core.events import Finished, Reason
from workbench.experiments.race import Race


def lined_up(folder: Path, *algorithms: str) -> Race:
    config = tiny_config()
    return Race.open(config, algorithms or ("maml", "fomaml"), (0,), prepared(config), folder)


def ends(race: Race) -> dict[str, Finished]:
    return {
        leg.contender.algorithm: event
        for leg, event in race.events()
        if isinstance(event, Finished)
    }


def rows(race: Race) -> dict[str, dict[str, Any]]:
    recorded = json.loads((race.folder / "race.json").read_text())
    return {row["algorithm"]: row for row in recorded["contenders"]}


def told(race: Race, problem: str) -> None:
    """MAML's fault is in the events, the files and the table; first-order MAML has raced."""
    ended, row = ends(race), rows(race)
    assert ended["maml"].reason is Reason.FAILED and problem in ended["maml"].error
    assert row["maml"]["problem"].startswith("seed 0: ") and problem in row["maml"]["problem"]
    assert row["maml"]["steps"] == []
    assert len(row["fomaml"]["steps"]) == 3 and row["fomaml"]["problem"] == ""


def test_a_run_that_cannot_be_made(tmp_path: Path) -> None:
    race = lined_up(tmp_path / "race")
    (tmp_path / "race" / "maml-seed0").write_text("a file in the way")
    told(race, "maml-seed0: cannot be written")
    assert (tmp_path / "race" / "maml-seed0").read_text() == "a file in the way"


def test_a_damaged_configuration_of_a_leg_that_stands_there(tmp_path: Path) -> None:
    leg = tmp_path / "race" / "maml-seed0"
    lined_up(tmp_path / "race")
    leg.mkdir()
    (leg / "config.json").write_text("{")
    told(lined_up(tmp_path / "race"), "config.json")
    assert (leg / "config.json").read_text() == "{"


@pytest.mark.parametrize("damage", ["{", "[]", '{"x": 1}'])
def test_a_damaged_result_is_neither_believed_nor_replaced(damage: str, tmp_path: Path) -> None:
    first = lined_up(tmp_path / "race", "maml", "fomaml")
    list(first.events(only={"maml"}))
    file = tmp_path / "race" / "maml-seed0" / "result.json"
    file.write_text(damage)
    told(lined_up(tmp_path / "race"), "result.json")
    assert file.read_text() == damage


def test_checkpoints_that_cannot_be_read(tmp_path: Path) -> None:
    first = lined_up(tmp_path / "race")
    list(first.events(only={"maml"}))
    leg = tmp_path / "race" / "maml-seed0"
    (leg / "result.json").unlink()
    for file in (leg / "checkpoints").iterdir():
        file.write_bytes(b"")
    told(lined_up(tmp_path / "race"), "maml-seed0")


def test_a_table_that_cannot_be_written_ends_no_leg(tmp_path: Path) -> None:
    race = lined_up(tmp_path / "race")
    (tmp_path / "race" / "race.json").unlink()
    (tmp_path / "race" / "race.json").mkdir()
    ended = ends(race)
    assert {end.reason for end in ended.values()} == {Reason.COMPLETED}
    assert "race.json" in race.unwritten
    assert all(row["steps"] for row in race.result()["contenders"])
