"""What was measured is found again for the same cost on the same machine, and for no other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import tiny_config
from tests.unit.forecast.test_total import STEP, measured
from workbench.core.sealed import write_sealed
from workbench.experiments.forecast import cache
from workbench.experiments.forecast import key as keys
from workbench.experiments.forecast.key import key


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_what_is_kept_is_found() -> None:
    assert cache.kept("one") is None
    cache.keep("one", measured(STEP))
    cache.keep("two", measured())
    assert cache.kept("one") == measured(STEP)
    assert cache.kept("two") == measured()


def test_the_oldest_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST", 2)
    for name in ("one", "two", "one", "three"):
        cache.keep(name, measured(STEP))
    assert [cache.kept(name) is not None for name in ("one", "two", "three")] == [True, False, True]


@pytest.mark.parametrize("harm", ["cut", "flipped", "no object", "older", "negative", "more"])
def test_a_file_that_is_not_as_written_is_measured_again(harm: str) -> None:
    cache.keep("one", measured(STEP))
    text = cache.file().read_text()
    values: dict[str, Any] = json.loads(text)
    match harm:
        case "cut":
            cache.file().write_text(text[: len(text) // 2])
        case "flipped":
            cache.file().write_text(text.replace("0.125", "0.525"))
        case "no object":
            cache.file().write_text("[1, 2]")
        case "older":
            write_sealed(cache.file(), {**values, "schema_version": 0})
        case "negative":
            values["measured"]["one"]["test"] = -1.0
            write_sealed(cache.file(), values)
        case "more":
            values["measured"]["one"]["unknown"] = 1
            write_sealed(cache.file(), values)
    assert cache.kept("one") is None
    cache.keep("one", measured(STEP))
    assert cache.kept("one") == measured(STEP)


def test_a_cache_that_cannot_be_written_is_done_without() -> None:
    cache.file().mkdir(parents=True)
    cache.keep("one", measured(STEP))
    assert cache.kept("one") is None


@pytest.mark.parametrize(
    "changes",
    [
        {"training": {"iterations": 9000, "eval_interval": 7, "eval_tasks": 50, "seed": 3}},
        {"training": {"outer_rate": 0.1, "schedule": "cosine", "seconds": 5.0, "patience": 3}},
        {"algorithm": {"inner_rate": 0.3}},
    ],
)
def test_lengths_seeds_and_rates_share_what_was_measured(changes: dict[str, Any]) -> None:
    assert key(tiny_config(**changes)) == key(tiny_config())


@pytest.mark.parametrize(
    "changes",
    [
        {"training": {"meta_batch": 4}},
        {"training": {"workers": 1}},
        {"model": {"hidden": [9, 8]}},
        {"algorithm": {"inner_steps": 2}},
        {"task": {"shots": 6}},
        {"algorithm": {"name": "reptile"}},
    ],
)
def test_what_changes_the_cost_is_measured_anew(changes: dict[str, Any]) -> None:
    assert key(tiny_config(**changes)) != key(tiny_config())


def test_so_is_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    here = key(tiny_config())
    monkeypatch.setattr(keys, "machine", lambda: {**machine, "cores": machine["cores"] + 1})
    assert key(tiny_config()) != here


machine = keys.machine()
