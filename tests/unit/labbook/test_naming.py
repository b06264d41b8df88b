"""Default names and legends tell runs apart by what differs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np

from tests.synthetic_runs import BEGAN, glyph_config, write_run
from workbench.experiments.config import ExperimentConfig
from workbench.experiments.labbook import comparing, fields, naming
from workbench.experiments.labbook.entry import Entry, entries_of
from workbench.experiments.labbook.notes import change_notes
from workbench.experiments.runs import list_runs


def shelf(root: Path, *configs: ExperimentConfig) -> list[Entry]:
    """Oldest first."""
    for place, config in enumerate(configs):
        began = BEGAN + timedelta(seconds=place)
        write_run(root / f"{place:02d}", config, began=began)
    return entries_of(list_runs(root))[::-1]


def test_a_name_says_method_task_rate_and_steps(tmp_path: Path) -> None:
    config = glyph_config(algorithm={"inner_rate": 0.4, "inner_steps": 3})
    assert naming.base_name(config) == "MAML · glyphs 5w1s · α 0.4 · 3 steps"
    one = shelf(tmp_path, config)
    assert [entry.title for entry in one] == ["MAML · glyphs 5w1s · α 0.4 · 3 steps"]


def test_namesakes_say_what_differs_and_in_the_end_when(tmp_path: Path) -> None:
    configs = [glyph_config(training={"seed": n, "outer_rate": 0.01}) for n in (0, 1, 1)]
    base = naming.base_name(configs[0])
    assert [entry.title for entry in shelf(tmp_path, *configs)] == [
        f"{base} · seed 0",
        f"{base} · seed 1 · 2026-11-01 09:00:01",
        f"{base} · seed 1 · 2026-11-01 09:00:02",
    ]


def test_a_legend_holds_only_what_differs(tmp_path: Path) -> None:
    configs = [glyph_config(algorithm={"inner_rate": rate}) for rate in (0.1, 0.4)]
    entries = shelf(tmp_path, *configs)
    assert comparing.legends(entries) == ["α 0.1", "α 0.4"]
    change_notes(entries[0].path, name="the slow one")
    again = entries_of(list_runs(tmp_path))[::-1]
    assert comparing.legends(again) == ["the slow one", "α 0.4"]


def test_a_legend_of_methods_begins_with_them(tmp_path: Path) -> None:
    entries = shelf(tmp_path, glyph_config(), glyph_config("protonet"))
    assert [name.split(" · ")[0] for name in comparing.legends(entries)] == [
        "MAML",
        "Prototypical network",
    ]


def test_runs_that_do_not_differ_are_told_apart_by_time(tmp_path: Path) -> None:
    entries = shelf(tmp_path, glyph_config(), glyph_config())
    assert [one[-8:] for one in comparing.legends(entries)] == ["09:00:00", "09:00:01"]


def test_what_differs_stands_in_order_and_lacks_count(tmp_path: Path) -> None:
    one, other = (
        fields.values_of(c) for c in (glyph_config(), glyph_config("protonet", task={"shots": 5}))
    )
    apart = fields.differing([one, other])
    assert apart[0] == "task.shots" and "algorithm.inner_rate" in apart
    assert "task.ways" not in apart and fields.differing([one]) == []
    assert fields.title("algorithm.inner_rate") == "α" and fields.title("task.name") == "task"
    assert [fields.shown(v) for v in (None, True, 0.1, [64, 64])] == ["–", "yes", "0.1", "64,64"]


def test_what_differs_is_what_a_plain_scan_finds() -> None:
    """Missing is None, lists are compared as a whole."""
    random = np.random.default_rng(3)
    names = [f"{part}.{letter}" for part in ("task", "model", "algorithm") for letter in "abc"]
    for _ in range(300):
        runs = [
            {name: VALUES[random.integers(4)] for name in names if random.random() < 0.9}
            for _ in range(random.integers(1, 5))
        ]
        every = {name for run in runs for name in run}
        apart = {name for name in every if any(run.get(name) != runs[0].get(name) for run in runs)}
        assert set(fields.differing(runs)) == apart


VALUES = (None, 1, [1, 2], "x")


def test_of_runs_that_agree_no_value_is_looked_up() -> None:
    """So thousands of them cost one comparison each, while somebody types a filter."""

    class Counted(dict[str, object]):
        asked = 0

        def get(self, *names: object) -> object:  # type: ignore[override]
            Counted.asked += 1
            return super().get(*names)  # type: ignore[call-overload]

    runs = [Counted({f"task.{n}": n for n in range(30)}, **{"task.x": seed}) for seed in (1, 2, 2)]
    assert fields.differing(runs) == ["task.x"]
    assert Counted.asked == 31
