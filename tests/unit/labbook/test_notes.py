"""What a person says of a run stands in a file of its own, and nothing else of the run changes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.synthetic_runs import glyph_config, write_run
from workbench.core.errors import BadInput
from workbench.experiments.labbook.entry import entries_of
from workbench.experiments.labbook.notes import (
    FILE,
    MAX_TAGS,
    Notes,
    change_notes,
    read_notes,
)
from workbench.experiments.record.lock import WriterLock
from workbench.experiments.runs import list_runs


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return write_run(tmp_path / "runs" / "a", glyph_config())


def digests(run: Path) -> dict[str, str]:
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in run.iterdir()
        if file.name != FILE
    }


def test_they_come_back_as_they_were_said(run: Path) -> None:
    before = digests(run)
    assert read_notes(run) == Notes()
    change_notes(run, name="  The  first ", tags=("paper", "b", "paper"))
    change_notes(run, note="two\nlines\n")
    assert read_notes(run) == Notes("The first", "two\nlines", ("paper", "b"))
    assert digests(run) == before
    change_notes(run, name="", note="", tags=())
    assert not (run / FILE).exists()


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"name": "x" * 121}, "name"),
        ({"name": "a\x1bb"}, "name"),
        ({"note": "x" * 20_001}, "note"),
        ({"note": "a\x1b"}, "note"),
        ({"tags": ("two words",)}, "tags"),
        ({"tags": ("-x",)}, "tags"),
        ({"tags": ('a"b',)}, "tags"),
        ({"tags": ("",)}, "tags"),
        ({"tags": tuple(f"t{n}" for n in range(MAX_TAGS + 1))}, "tags"),
    ],
)
def test_what_cannot_be_said_is_refused(run: Path, fields: dict[str, object], where: str) -> None:
    with pytest.raises(BadInput) as caught:
        change_notes(run, **fields)
    assert caught.value.where == where and not (run / FILE).exists()


@pytest.mark.parametrize("text", ["{", "[]", '{"name": 3}', '{"schema_version": 1, "x": 1}'])
def test_a_damaged_file_is_told_and_hides_no_run(run: Path, text: str) -> None:
    (run / FILE).write_text(text)
    with pytest.raises(BadInput, match=FILE):
        change_notes(run, name="new")
    (entry,) = entries_of(list_runs(run.parent))
    assert FILE in entry.problem and entry.title.startswith("MAML · glyphs 5w1s")
    assert (run / FILE).read_text() == text


def test_this_process_may_name_the_run_that_it_trains(run: Path) -> None:
    lock = WriterLock(run)
    lock.claim()
    change_notes(run, name="mine")
    lock.release()
    assert read_notes(run).name == "mine"
