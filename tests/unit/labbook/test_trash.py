"""Deleted runs lie in the trash, come back as they were, and one being written stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.synthetic_runs import glyph_config, write_run
from workbench.core.errors import BadInput, CannotWrite
from workbench.experiments.labbook import trash
from workbench.experiments.record.lock import WriterLock
from workbench.experiments.runs import TRASH, list_runs


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "runs"
    for name in ("a", "b", "c"):
        write_run(root / name, glyph_config())
    race = write_run(root / "race" / "maml-seed0", glyph_config()).parent
    (race / "race.json").write_text("{}")
    return root


def listed(root: Path) -> list[str]:
    return sorted(run.name for run in list_runs(root))


def content(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def test_they_go_and_come_back_as_they_were(root: Path) -> None:
    before = content(root)
    gone = trash.delete([root / "a", root / "race" / "maml-seed0"], root)
    assert listed(root) == ["b", "c"] and not (root / "a").exists()
    assert {one.name for one in trash.deleted_runs(root)} == {"a", "race/maml-seed0"}
    back = trash.restore(gone, root)
    assert [run.name for run in back] == ["a", "maml-seed0"] and content(root) == before
    assert trash.deleted_runs(root) == [] and listed(root) == ["a", "b", "c", "race/maml-seed0"]


def test_a_run_being_written_keeps_all_of_them(root: Path) -> None:
    lock = WriterLock(root / "b")
    lock.claim()
    with pytest.raises(BadInput, match="is being written by process"):
        trash.delete([root / "a", root / "b"], root)
    assert len(listed(root)) == 4
    lock.release()
    trash.delete([root / "a", root / "b"], root)
    assert listed(root) == ["c", "race/maml-seed0"]


def test_where_one_cannot_go_none_goes(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def refused(self: Path, target: Path) -> Path:
        if self.name == "b":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(CannotWrite):
        trash.delete([root / "a", root / "b"], root)
    assert len(listed(root)) == 4 and trash.deleted_runs(root) == []


def test_nothing_is_put_over_another_run(root: Path) -> None:
    (gone,) = trash.delete([root / "a"], root)
    write_run(root / "a", glyph_config())
    with pytest.raises(BadInput, match="is there already"):
        trash.restore([gone], root)
    assert trash.deleted_runs(root) == [gone]


@pytest.mark.parametrize("place", [".", "..", "elsewhere", TRASH])
def test_only_stored_runs_are_deleted(root: Path, place: str) -> None:
    where = root / place if place != "elsewhere" else root.parent / "elsewhere"
    with pytest.raises(BadInput, match="none of the stored runs"):
        trash.delete([where], root)


def test_the_last_deleted_of_a_name_is_found(root: Path) -> None:
    trash.delete([root / "a"], root)
    write_run(root / "a", glyph_config(), values=(0.1,))
    newest = trash.delete([root / "a"], root)[0]
    assert trash.find("a", root) == newest
    trash.delete([root / "race" / "maml-seed0"], root)
    assert trash.find("maml-seed0", root).name == "race/maml-seed0"
    with pytest.raises(BadInput, match="does not lie in the trash"):
        trash.find("b", root)


def test_emptying_takes_away_for_good(root: Path) -> None:
    trash.delete([root / "a", root / "b"], root)
    trash.empty(trash.deleted_runs(root), root)
    assert trash.deleted_runs(root) == [] and not (root / TRASH).exists()
    trash.empty([], root)
    assert listed(root) == ["c", "race/maml-seed0"]


def test_a_forged_origin_leads_nowhere(root: Path) -> None:
    folder = root / TRASH / "x"
    (folder / "run").mkdir(parents=True)
    told = '{"schema_version": 1, "name": "../../out", "deleted": 1.0}'
    (folder / "from.json").write_text(told)
    assert trash.deleted_runs(root) == []


def test_a_damaged_run_can_be_deleted(root: Path) -> None:
    (root / "a" / "config.json").unlink()
    trash.delete([root / "a"], root)
    assert "a" not in listed(root)
