"""A disk that is full, and a directory that is taken away: the run waits, and nothing is lost."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tiny import prepared, tiny_config, training
from workbench.core.errors import BadInput, CannotWrite
from workbench.core.events import CheckpointSaved, Event, Finished, Halt, Halted, Noticed, Reason
from workbench.core.files import write_atomically
from workbench.experiments.record import metrics as metrics_file
from workbench.experiments.record.metrics import MetricsLog, read_metrics
from workbench.experiments.store import Run, open_run
from workbench.experiments.trainer import Training

SIZE = 400_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 400 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small file system can only be mounted by an administrator")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Take all the room there is."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(b"x" * 4096)
        except OSError:
            pass
    return filler


def test_what_cannot_be_written_says_how_much_is_missing(disk: Path) -> None:
    file = disk / "kept"
    write_atomically(file, b"before")
    fill(disk)
    with pytest.raises(CannotWrite, match=r"No space left.*300\.0 kB are needed, 0\.0 kB are free"):
        write_atomically(file, b"y" * 300_000)
    assert file.read_bytes() == b"before"
    assert [entry.name for entry in disk.iterdir() if entry.suffix == ".tmp"] == []


def interrupted(made: Training, disk: Path) -> tuple[list[Event], Path]:
    """The events up to the moment when the run waits, on a disk that is full from step 4 on."""
    seen, filler = list[Event](), disk / "filler"
    for event in made.events():
        seen.append(event)
        if getattr(event, "iteration", 0) == 4 and not filler.exists():
            fill(disk)
        if isinstance(event, Halted):
            assert "000000006" in event.message and "are free" in event.message
            filler.unlink()
            made.try_again()
    return seen, filler


def test_a_run_waits_for_room_and_goes_on(disk: Path, tmp_path: Path) -> None:
    list(training(tiny_config(), tmp_path / "alone").events())
    seen, _ = interrupted(training(tiny_config(), disk / "run"), disk)
    assert [event.cause for event in seen if isinstance(event, Halted)] == [Halt.STORAGE]
    assert [e.iteration for e in seen if isinstance(e, CheckpointSaved)] == [3, 6]
    assert seen[-1] == Finished(Reason.COMPLETED, 6)
    alone, kept = (open_run(path) for path in (tmp_path / "alone", disk / "run"))
    weights = [run.load_checkpoint().weights for run in (alone, kept)]
    assert all(weights[0][name].equal(weights[1][name]) for name in weights[0])
    assert kept.metrics().damaged == 0 and len(kept.events()) == len(alone.events())


def test_who_cannot_ask_ends_with_the_older_checkpoint_whole(disk: Path) -> None:
    made = training(tiny_config(), disk / "run")
    seen = list[Event]()
    for event in made.events():
        seen.append(event)
        if getattr(event, "iteration", 0) == 4:
            fill(disk)
    last = seen[-1]
    assert isinstance(last, Finished) and last.reason is Reason.FAILED
    assert "No space left on device" in last.error and "000000006" in last.error
    kept = open_run(disk / "run").load_checkpoint()
    assert (kept.iteration, kept.passed_over) == (3, ())


def test_a_refused_start_leaves_nothing_behind(disk: Path) -> None:
    fill(disk)
    with pytest.raises(BadInput, match="cannot be written"):
        Run.create(tiny_config(), disk / "run")
    assert not (disk / "run").exists()


def test_metrics_alone_do_not_hold_a_run_up(disk: Path) -> None:
    file = disk / "metrics.jsonl"
    log = MetricsLog(file)
    log.add({"event": "step", "iteration": 1})
    log.flush()
    filler = fill(disk)
    for iteration in range(2, 200):
        log.add({"event": "step", "iteration": iteration, "text": "x" * 40})
    log.flush()
    assert log.problem is not None and "No space left" in str(log.problem)
    assert [line["iteration"] for line in read_metrics(file).lines] == [1]
    filler.unlink()
    log.close()
    found = read_metrics(file)
    assert [line["iteration"] for line in found.lines] == list(range(1, 200))
    assert (found.damaged, found.torn) == (0, False)


def test_lines_that_were_lost_leave_a_mark(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics_file, "MAX_WAITING", 10)
    file = disk / "metrics.jsonl"
    log = MetricsLog(file)
    filler = fill(disk)
    for iteration in range(1, 16):
        log.add({"event": "step", "iteration": iteration})
    log.flush()
    filler.unlink()
    log.close()
    first, *rest = read_metrics(file).lines
    assert first == {"event": "gap", "lost": 5}
    assert [line["iteration"] for line in rest] == list(range(6, 16))


def test_a_disk_that_takes_no_metrics_is_said_once(disk: Path) -> None:
    config = tiny_config(training={"iterations": 100, "checkpoint_interval": 90})
    made = training(config, disk / "run")
    said, filler = list[str](), disk / "filler"
    for event in made.events():
        at = getattr(event, "iteration", 0)
        if at == 31 and not filler.exists():
            fill(disk)
        made.run._metrics._flushed = 0.0  # as if a second had gone by
        if isinstance(event, Noticed):
            said.append(event.message)
        if at == 70:
            filler.unlink(missing_ok=True)
    assert len(said) == 2 and "metrics.jsonl" in said[0] and "again" in said[1]
    steps = [e["iteration"] for e in open_run(disk / "run").events() if e["event"] == "step"]
    assert steps == list(range(1, 101))


def test_a_directory_that_is_taken_away_is_said_and_made_again(tmp_path: Path) -> None:
    made = training(tiny_config(), tmp_path / "run")
    halts = list[str]()
    for event in made.events():
        if getattr(event, "iteration", 0) == 4 and not halts:
            shutil.rmtree(tmp_path / "run")
        if isinstance(event, Halted):
            halts.append(event.message)
            made.try_again()
    assert len(halts) == 1 and "is gone" in halts[0]
    kept = open_run(tmp_path / "run")
    assert kept.load_checkpoint().iteration == 6 and kept.config() == tiny_config()
    result = kept.result()
    assert result is not None and result["reason"] == "completed"


def test_a_directory_that_is_taken_away_can_be_saved_elsewhere(tmp_path: Path) -> None:
    config = tiny_config()
    made = Training(config, prepared(config), Run.create(config, tmp_path / "run"))
    for event in made.events():
        if getattr(event, "iteration", 0) == 4 and (tmp_path / "run").exists():
            shutil.rmtree(tmp_path / "run")
        if isinstance(event, Halted):
            made.run.make_again(config, tmp_path / "elsewhere")
            made.try_again()
    assert not (tmp_path / "run").exists()
    assert open_run(tmp_path / "elsewhere").load_checkpoint().iteration == 6
