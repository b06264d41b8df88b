"""A directory a run is the truth; one damaged run hides no other."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from tests.tiny import tiny_config, training
from workbench.core.errors import BadInput, CannotWrite
from workbench.core.events import Finished, Reason, StepDone
from workbench.experiments import checkpoint as checkpoints
from workbench.experiments.record import codec
from workbench.experiments.runs import list_runs
from workbench.experiments.store import Run, open_run


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    path = tmp_path / "runs" / "20260101-000000-maml"
    list(training(tiny_config(), path).events())
    return path


def test_runs_are_listed_newest_first_and_a_damaged_one_with_its_reason(finished: Path) -> None:
    damaged = finished.parent / "20260102-000000-maml"
    Run.create(tiny_config(), damaged)
    (damaged / "config.json").write_text("{")
    listed = list_runs(finished.parent)
    assert [run.path.name for run in listed] == [damaged.name, finished.name]
    assert listed[0].status == "damaged" and str(damaged) in listed[0].problem
    assert listed[1].status == "completed" and listed[1].config == tiny_config()


def test_the_newest_readable_checkpoint_is_used(finished: Path) -> None:
    newest = finished / "checkpoints" / "000000006.safetensors"
    newest.write_bytes(newest.read_bytes()[:-1])
    assert open_run(finished).load_checkpoint().iteration == 3


def test_a_checkpoint_is_asked_for_by_its_iteration(finished: Path) -> None:
    run = open_run(finished)
    assert run.iterations() == [3, 6]
    assert run.load_checkpoint(3).iteration == 3
    with pytest.raises(BadInput, match=r"no checkpoint of iteration 4.*3, 6"):
        run.load_checkpoint(4)


def test_a_run_without_a_checkpoint_says_so(tmp_path: Path) -> None:
    run = Run.create(tiny_config(), tmp_path / "run")
    with pytest.raises(BadInput, match="holds no checkpoint"):
        run.load_checkpoint()


def test_a_torn_last_line_is_left_out(tmp_path: Path) -> None:
    run = Run.create(tiny_config(), tmp_path / "run")
    run.record(StepDone(1, 0.1, float("nan"), 2.0, 0.5, 1.0, 0.001))
    run.record(Finished(Reason.STOPPED, 1))
    with (run.path / "metrics.jsonl").open("a") as stream:
        stream.write('{"event": "step", "iterat')
    lines = run.events()
    assert [line["event"] for line in lines] == ["step", "finished"]
    assert lines[0]["support_loss"] == "nan"


def test_every_event_comes_back_as_it_was(finished: Path) -> None:
    events = [codec.decode(line) for line in open_run(finished).events()]
    assert [codec.encode(event) for event in events if event is not None] == open_run(
        finished
    ).events()
    assert sum(isinstance(event, StepDone) for event in events) == 6


def test_a_long_run_keeps_evenly_spaced_checkpoints_and_the_newest_two(tmp_path: Path) -> None:
    config = tiny_config(
        training={
            "iterations": 100,
            "checkpoint_interval": 1,
            "eval_interval": 100,
            "meta_batch": 1,
        }
    )
    list(training(config, tmp_path / "run").events())
    found = [c.iteration for c in Run(tmp_path / "run").checkpoints()]
    assert found[-2:] == [99, 100]
    older = found[:-2]
    assert 8 <= len(older) <= 16
    assert {b - a for a, b in itertools.pairwise(older)} == {older[0]}


def test_a_failed_write_leaves_the_old_checkpoint_whole(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = open_run(finished)
    before = run.load_checkpoint()

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("workbench.core.files.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        run.save_checkpoint(before)
    monkeypatch.undo()
    assert run.load_checkpoint().iteration == before.iteration
    assert not list((finished / "checkpoints").glob("*.tmp"))
    assert len(list((finished / "checkpoints").glob("0*.json"))) == 2


def test_a_directory_taken_away_while_a_checkpoint_is_written_is_a_failed_write(
    finished: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the checkpoint and the look at the older ones: `Recorder.insist` waits for it."""
    run = open_run(finished)
    before, elsewhere = run.load_checkpoint(), finished.with_name("moved away")
    monkeypatch.setattr(checkpoints, "tidy", lambda sidecar: finished.rename(elsewhere))
    with pytest.raises(CannotWrite, match=r"000000006\.json cannot be written"):
        run.save_checkpoint(before)
    assert len(list((elsewhere / "checkpoints").glob("0*.json"))) == 2


def test_something_else_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not a run directory"):
        open_run(tmp_path)


def test_a_directory_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a directory")
    with pytest.raises(BadInput, match="cannot be written") as caught:
        Run.create(tiny_config(), blocked / "run")
    assert str(blocked) in caught.value.where


def test_a_checkpoint_name_is_its_iteration(finished: Path) -> None:
    assert checkpoints.read(finished / "checkpoints" / "000000006.json").iteration == 6
