"""The index of the runs is a cache: it makes the list fast, and never says what no longer is so."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tiny import tiny_config, training
from workbench.core import places
from workbench.core.files import write_atomically
from workbench.experiments import run_index, runs
from workbench.experiments.record.lock import is_held
from workbench.experiments.runs import RunSummary, list_runs
from workbench.experiments.store import Run, open_run

LONG_AGO = 1_000_000_000


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs") / "whole"
    list(training(tiny_config(), path).events())
    return path


@pytest.fixture
def root(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three runs, one of a race, written long ago."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("one", "two", "race/three"):
        shutil.copytree(whole, tmp_path / "runs" / name)
    (tmp_path / "runs" / "race" / "race.json").write_text("{}")
    age(tmp_path / "runs")
    return tmp_path / "runs"


def age(root: Path, when: int = LONG_AGO) -> None:
    for path in root.rglob("*"):
        os.utime(path, (when, when))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the runs whose files are read."""
    seen: list[str] = []
    whole = runs.summary_of

    def noted(path: Path, name: str = "") -> RunSummary:
        seen.append(name)
        return whole(path, name)

    monkeypatch.setattr(runs, "summary_of", noted)
    return seen


def test_what_has_not_changed_is_not_read_again(root: Path, read: list[str]) -> None:
    first = list_runs(root)
    assert sorted(read) == ["one", "race/three", "two"]
    read.clear()
    again = list_runs(root)
    assert read == [] and again == first
    assert [run.status for run in again] == ["completed"] * 3
    assert again[0].config == tiny_config() and again[0].path == root / "two"
    result = open_run(root / "two").result()
    assert result is not None and again[0].result is not None
    assert again[0].result["metrics"]["steps"] == list(result["metrics"]["steps"])


def _shorter(run: Path) -> None:
    for end in (".json", ".safetensors"):
        (run / "checkpoints" / f"000000006{end}").unlink()
    (run / "checkpoints" / "latest.json").unlink()


CHANGES: dict[str, tuple[Callable[[Path], object], Callable[[RunSummary], bool]]] = {
    "result gone": (lambda run: (run / "result.json").unlink(), lambda row: row.result is None),
    "config damaged in place": (
        lambda run: (run / "config.json").write_text("{"),
        lambda row: row.status == "damaged" and "config.json" in row.problem,
    ),
    "facts replaced": (
        lambda run: write_atomically(run / "run.json", b"{"),
        lambda row: row.status == "damaged" and "run.json" in row.problem,
    ),
    "checkpoint gone": (_shorter, lambda row: row.iteration == 3),
    "directory gone": (shutil.rmtree, lambda row: False),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_run_that_has_changed_is_read_again(root: Path, read: list[str], name: str) -> None:
    change, is_shown = CHANGES[name]
    list_runs(root)
    read.clear()
    change(root / "one")
    rows = {row.name: row for row in list_runs(root)}
    assert ("one" not in rows) if name == "directory gone" else is_shown(rows["one"])
    assert read == [row for row in ("one",) if row in rows]


def test_a_run_that_is_written_now_is_shown_so(root: Path) -> None:
    list_runs(root)
    writer = Run(root / "one")
    writer.claim()
    assert {row.name: row.running for row in list_runs(root)}["one"]
    writer.release()
    assert not any(row.running for row in list_runs(root))


def test_what_was_written_this_moment_is_not_kept(root: Path, read: list[str]) -> None:
    """A second write within the tick of the clock, of the same size, would go unseen."""
    os.utime(root / "one" / "config.json")
    list_runs(root)
    read.clear()
    list_runs(root)
    assert read == ["one"]


def _flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 4
    file.write_bytes(data)


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        _flip,
        lambda file: file.write_bytes(file.read_bytes()[:-9]),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"no index at all, and long enough to be one, it seems"),
    ],
    ids=["deleted", "flipped", "cut", "empty", "other"],
)
def test_an_index_that_is_damaged_is_made_anew(
    root: Path, read: list[str], damage: Callable[[Path], object]
) -> None:
    first = list_runs(root)
    (file,) = places.cache("runs").iterdir()
    good = file.read_bytes()
    damage(file)
    read.clear()
    assert list_runs(root) == first and len(read) == 3
    assert file.read_bytes() == good


def test_one_of_another_version_is_made_anew(
    root: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    list_runs(root)
    monkeypatch.setattr(run_index, "LAYOUT", run_index.LAYOUT + 1)
    read.clear()
    list_runs(root)
    assert len(read) == 3


def test_a_cache_that_cannot_be_written_makes_no_difference(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert len(list_runs(root)) == 3 and len(list_runs(root)) == 3


def test_one_damaged_run_of_many_is_badged_each_time(root: Path, whole: Path) -> None:
    for number in range(40):
        shutil.copytree(whole, root / f"more-{number:02d}")
    age(root)
    (root / "more-07" / "result.json").write_text("torn {")
    for _ in range(2):
        rows = list_runs(root)
        damaged = [row for row in rows if row.problem]
        assert len(rows) == 43 and [row.name for row in damaged] == ["more-07"]
        assert "result.json" in damaged[0].problem and "is not JSON" in damaged[0].problem


def test_a_writer_is_not_refused_because_somebody_lists(root: Path) -> None:
    """Whoever lists holds the lock for a moment."""
    import threading

    from workbench.experiments.record import lock

    asked, stop = Run(root / "one"), threading.Event()

    def ask() -> None:
        while not stop.is_set():
            lock.is_held(asked.path)

    asker = threading.Thread(target=ask)
    asker.start()
    try:
        for _ in range(30):
            asked.claim()
            asked.release()
    finally:
        stop.set()
        asker.join()


def test_two_that_list_at_once_take_no_run_for_one_that_is_written(tmp_path: Path) -> None:
    """Each asks for the lock for a moment: who finds it taken asks once more."""
    for _ in training(tiny_config(), tmp_path / "run").events():
        pass
    start, told = threading.Barrier(2), list[bool]()

    def ask() -> None:
        start.wait()
        told.extend(is_held(tmp_path / "run") for _ in range(100))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 200 and not any(told)
