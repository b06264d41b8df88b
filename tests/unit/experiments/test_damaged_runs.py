"""A damaged run is one marked row and hides no other; damage is said, never passed over."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.tiny import prepared, tiny_config, training
from tests.unit.experiments.damage import CHECKPOINT, LISTED, copies
from workbench.core.errors import BadInput
from workbench.core.events import Finished, Reason
from workbench.core.sealed import read_sealed, write_sealed
from workbench.experiments.runs import list_runs
from workbench.experiments.store import Run, open_run
from workbench.experiments.trainer import Training

MANY = 500


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("runs") / "20260101-whole"
    list(training(tiny_config(), path).events())
    return path


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "runs" / "run"))


def test_sixty_kinds_of_damage_among_five_hundred_runs(whole: Path, tmp_path: Path) -> None:
    assert len(LISTED) >= 60
    first = Path(shutil.copytree(whole, tmp_path / "runs" / "20260101-run"))
    made = copies(first, MANY - 1)
    damaged = dict(zip((path.name for path in made), LISTED, strict=False))
    for path, damage in zip(made, LISTED.values(), strict=False):
        damage(path)
    rows = list_runs(tmp_path / "runs")
    assert len(rows) == MANY
    for row in rows:
        expected = "damaged" if row.name in damaged else "completed"
        assert row.status == expected, (row.name, damaged.get(row.name), row.problem)
        assert row.status != "damaged" or str(row.path) in row.problem


def test_a_name_that_is_no_text_is_listed_escaped(run: Path) -> None:
    run.rename(run.parent / os.fsdecode(b"caf\xe9\x1b[2J"))
    (row,) = list_runs(run.parent)
    assert row.name == "caf\\xe9\\x1b[2J" and row.status == "completed"


def test_what_stands_beside_runs_hides_none(run: Path) -> None:
    os.mkfifo(run.parent / "pipe")
    (run.parent / "file").write_text("")
    (run.parent / "loop").symlink_to(run.parent / "loop")
    (run.parent / "race").mkdir()
    (run.parent / "race" / "race.json").write_text("{}")
    (run.parent / "race" / "itself").symlink_to(run.parent / "race")
    statuses = {row.name: row.status for row in list_runs(run.parent)}
    assert statuses == {"run": "completed", "race/itself": "damaged"}


@pytest.mark.parametrize("damage", CHECKPOINT.values(), ids=CHECKPOINT)
def test_a_damaged_newest_checkpoint_is_passed_over_with_its_reason(
    run: Path, damage: object
) -> None:
    damage(run)  # type: ignore[operator]
    found = open_run(run).load_checkpoint()
    assert found.iteration == 3
    assert len(found.passed_over) == 1 and "000000006" in found.passed_over[0]


def test_older_checkpoints_need_no_word(run: Path) -> None:
    (run / "checkpoints" / "000000003.json").write_text("")
    assert open_run(run).load_checkpoint().passed_over == ()


def test_tensors_that_were_never_described_are_no_damage(run: Path) -> None:
    """As a kill between the two files of a checkpoint leaves them."""
    newest = run / "checkpoints" / "000000006.safetensors"
    shutil.copy(newest, newest.with_name("000000009.safetensors"))
    found = open_run(run).load_checkpoint()
    assert (found.iteration, found.passed_over) == (6, ())


def test_a_damaged_line_of_the_metrics_is_counted_and_hides_no_other(run: Path) -> None:
    file = run / "metrics.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"iteration": ', b'"iteration": 9', 1)
    file.write_bytes(b"".join(lines))
    found = open_run(run).metrics()
    assert found.damaged == 1 and len(found.lines) == len(lines) - 1


def test_a_torn_last_line_is_damage_only_where_the_run_has_ended(run: Path) -> None:
    file = run / "metrics.jsonl"
    file.write_bytes(file.read_bytes()[:-20])
    assert open_run(run).metrics().damaged == 1
    (run / "result.json").unlink()
    assert open_run(run).metrics().damaged == 0


def test_a_record_that_lacks_its_end_is_damaged(run: Path) -> None:
    file = run / "metrics.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-2]))
    assert open_run(run).metrics().damaged == 1


def test_records_of_older_versions_are_read_as_they_are(run: Path) -> None:
    """Without checksums and versions, as they were written before there were any."""
    import json

    for file in (*run.glob("*.json"), *(run / "checkpoints").glob("*.json")):
        values = json.loads(file.read_text())
        for name in ("crc32", "schema_version", "host", "made_by", "forked_from"):
            if not (file.parent.name == "checkpoints" and name in ("schema_version", "made_by")):
                values.pop(name, None)
        file.write_text(json.dumps(values))
    metrics = run / "metrics.jsonl"
    lines = [json.loads(line) for line in metrics.read_text().splitlines()]
    metrics.write_text("".join(json.dumps(_without(line)) + "\n" for line in lines))
    (row,) = list_runs(run.parent)
    assert row.status == "completed"
    found = open_run(run).metrics()
    assert (len(found.lines), found.damaged) == (len(lines), 0)
    assert open_run(run).load_checkpoint().iteration == 6


def _without(line: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in line.items() if name != "crc32"}


def test_only_one_writes_a_run(run: Path) -> None:
    first, second = Run(run), Run(run)
    first.claim()
    assert second.is_written and list_runs(run.parent)[0].status == "running"
    with pytest.raises(BadInput, match=f"is being written by process {os.getpid()}"):
        second.claim()
    first.release()
    second.claim()
    second.release()
    assert not first.is_written


def test_what_a_killed_writer_left_is_swept(run: Path) -> None:
    left = [run / ".config.json.abc.tmp", run / "checkpoints" / ".000000009.safetensors.x.tmp"]
    for file in left:
        file.write_bytes(b"half")
    opened = Run(run)
    opened.claim()
    opened.release()
    assert not any(file.exists() for file in left)


def resumed(run: Path, **training_values: object) -> Training:
    config = tiny_config(training=training_values)
    opened = open_run(run)
    return Training(config, prepared(config), opened, resume=opened.load_checkpoint())


def test_an_attempt_that_fails_leaves_the_record_as_it_was(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {file: file.read_bytes() for file in run.rglob("*.json*") if file.is_file()}
    monkeypatch.setattr("workbench.experiments.trainer.OuterLoop.restore", _fail)
    last = list(resumed(run, iterations=9).events())[-1]
    assert isinstance(last, Finished) and last.reason is Reason.FAILED
    unchanged = {file: file.read_bytes() for file in before if file.name != "writer.json"}
    assert unchanged == {f: data for f, data in before.items() if f.name != "writer.json"}
    assert list_runs(run.parent)[0].status == "completed"


def _fail(*arguments: object) -> None:
    raise RuntimeError("made to fail")


def test_a_run_that_goes_on_keeps_its_result_until_the_next_is_whole(run: Path) -> None:
    events = resumed(run, iterations=9).events()
    for event in events:
        if getattr(event, "iteration", 0) >= 8:
            break
    events.close()  # type: ignore[attr-defined]
    result = open_run(run).result()
    assert result is not None and (result["reason"], result["iterations"]) == ("completed", 6)
    assert list_runs(run.parent)[0].status == "completed"
    list(resumed(run, iterations=9).events())
    again = open_run(run).result()
    assert again is not None and again["iterations"] == 9
    steps = [line["iteration"] for line in open_run(run).events() if line["event"] == "step"]
    assert steps == list(range(1, 10))


def test_a_failed_run_with_a_checkpoint_can_go_on(run: Path) -> None:
    result = read_sealed(run / "result.json")
    write_sealed(run / "result.json", {**result, "reason": "failed", "error": "out of memory"})
    (row,) = list_runs(run.parent)
    assert row.status == "failed" and row.resumable
    write_sealed(run / "result.json", {**result, "iterations": 3})
    (row,) = list_runs(run.parent)
    assert row.status == "unfinished" and row.resumable  # its checkpoint is further on


def test_going_on_from_an_older_checkpoint_gives_the_later_ones_up(run: Path) -> None:
    opened, config = open_run(run), tiny_config(training={"iterations": 4})
    kept = opened.load_checkpoint(3)
    list(Training(config, prepared(config), opened, resume=kept).events())
    assert open_run(run).iterations() == [3, 4]
    assert open_run(run).load_checkpoint().passed_over == ()
