"""Two processes use one folder of runs at once; ADR 18 says why no lock keeps them apart."""

from __future__ import annotations

from pathlib import Path

from tests.processes import begin, ended
from tests.synthetic_runs import glyph_config, write_run
from workbench.experiments import run_index
from workbench.experiments.labbook import trash
from workbench.experiments.labbook.notes import read_notes
from workbench.experiments.runs import list_runs

ROUNDS = 8
BUSY = f"""
import random, sys
from pathlib import Path
from workbench.core.errors import BadInput
from workbench.experiments.labbook import trash
from workbench.experiments.labbook.notes import change_notes, read_notes
from workbench.experiments.runs import list_runs

root, me = Path(sys.argv[1]), sys.argv[2]
dice = random.Random(me)
for number in range({ROUNDS}):
    list_runs(root)
    try:
        (gone,) = trash.delete([root / dice.choice("abcd")], root)
        trash.restore([gone], root)
    except (BadInput, OSError):
        pass  # the other one has it just now
    change_notes(root / me, note=read_notes(root / me).note + "x")
"""


def test_nothing_is_lost_and_the_index_stays_true(tmp_path: Path) -> None:
    root = tmp_path / "runs"
    for name in ("a", "b", "c", "d", "one", "other"):
        write_run(root / name, glyph_config())
    wanted = {run.name: run.row for run in list_runs(root)}
    processes = [begin(root, me, script=BUSY) for me in ("one", "other")]
    for process in processes:
        code, _, errors = ended(process)
        assert code == 0, errors
    lying = trash.deleted_runs(root)
    trash.restore(lying, root)
    assert {run.name: run.row for run in list_runs(root)} == wanted
    assert {run.name: run.row for run in list_runs(root)} == wanted  # from the index, if it is kept
    assert set(run_index.read(root)) <= set(wanted)
    for me in ("one", "other"):
        assert read_notes(root / me).note == "x" * ROUNDS


def test_emptying_takes_only_what_was_asked_about(tmp_path: Path) -> None:
    """Not a run that another window throws away meanwhile, not even one half way there."""
    root = tmp_path / "runs"
    for name in ("a", "b"):
        write_run(root / name, glyph_config())
    asked = trash.delete([root / "a"], root)
    trash.delete([root / "b"], root)
    (root / trash.TRASH / "half way").mkdir()
    trash.empty(asked, root)
    assert [one.name for one in trash.deleted_runs(root)] == ["b"]
    assert (root / trash.TRASH / "half way").is_dir()
