"""Settings side by side, and the paired difference or why there is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.synthetic_runs import glyph_config, write_run, write_scores
from workbench.core.errors import BadInput
from workbench.core.sealed import write_sealed
from workbench.experiments.labbook import comparing
from workbench.experiments.labbook.entry import Entry
from workbench.experiments.labbook.finding import entry_at

TASKS = 8
SCORES = [0.1 * n for n in range(TASKS)]


def entry(folder: Path, name: str, shift: float = 0.0, **changes: dict[str, Any]) -> Entry:
    training = {"test_tasks": TASKS, **changes.pop("training", {})}
    config = glyph_config(training=training, **changes)
    run = write_run(folder / name, config)
    write_scores(run, config, [score + shift for score in SCORES])
    return entry_at(run)


def test_shared_tasks_give_a_paired_difference(tmp_path: Path) -> None:
    one = entry(tmp_path, "a")
    other = entry(tmp_path, "b", 0.05, algorithm={"inner_rate": 0.1})
    (pair,) = comparing.pairs([one, other])
    assert pair.found is not None and pair.why_not == ""
    assert (pair.found.tasks, pair.found.better, pair.found.worse) == (TASKS, TASKS, 0)
    assert pair.found.mean == pytest.approx(0.05) and pair.found.ci95 == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"task": {"ways": 4}}, "their test tasks differ by task.ways"),
        ({"training": {"seed": 3}}, "differ by training.seed"),
        ({"training": {"test_tasks": 9}}, "differ by training.test_tasks"),
    ],
)
def test_other_tasks_give_a_sentence(tmp_path: Path, changes: Any, words: str) -> None:
    (pair,) = comparing.pairs([entry(tmp_path, "a"), entry(tmp_path, "b", **changes)])
    assert pair.found is None and words in pair.why_not


def test_other_data_and_lost_scores_give_a_sentence(tmp_path: Path) -> None:
    one, other = entry(tmp_path, "a"), entry(tmp_path, "b")
    file = other.path / "result.json"
    told = json.loads(file.read_text())
    write_sealed(file, {**told, "data_fingerprint": "other"})
    (pair,) = comparing.pairs([one, entry_at(other.path)])
    assert "the data is not the same" in pair.why_not
    write_sealed(file, told)
    next((other.path / "evaluations").iterdir()).unlink()
    (pair,) = comparing.pairs([one, entry_at(other.path)])
    assert pair.found is None and "seed0.json cannot be read" in pair.why_not


def test_a_run_without_a_test_gives_a_sentence(tmp_path: Path) -> None:
    untested = entry_at(write_run(tmp_path / "b", glyph_config(), test=None))
    (pair,) = comparing.pairs([entry(tmp_path, "a"), untested])
    assert "one of the two has no test" in pair.why_not


def test_settings_stand_side_by_side_and_differences_are_marked(tmp_path: Path) -> None:
    one = entry(tmp_path, "a", algorithm={"inner_rate": 0.1})
    other = entry(tmp_path, "b", algorithm={"inner_rate": 0.4})
    found = {setting.name: setting for setting in comparing.settings([one, other])}
    assert found["algorithm.inner_rate"].values == (0.1, 0.4)
    assert [name for name, setting in found.items() if setting.differs] == ["algorithm.inner_rate"]
    assert set(found) == set(one.values)


def test_two_to_eight_sound_runs_are_compared(tmp_path: Path) -> None:
    one = entry(tmp_path, "a")
    for count in (1, 9):
        with pytest.raises(BadInput, match="two to 8 runs"):
            comparing.comparable([one] * count)
    (one.path / "config.json").write_text("{")
    with pytest.raises(BadInput, match="damaged"):
        comparing.comparable([one, entry_at(one.path)])


def test_arithmetic_is_that_of_the_race(tmp_path: Path) -> None:
    run = write_run(tmp_path / "race" / "maml-seed0", glyph_config())
    assert comparing.operations(entry_at(run)) is None
    rows = [{"operations": 5e9, "seeds": [{"run": "maml-seed0"}]}, {"operations": 1, "seeds": []}]
    write_sealed(run.parent / "race.json", {"contenders": rows})
    assert comparing.operations(entry_at(run)) == 5e9
