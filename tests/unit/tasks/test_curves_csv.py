"""Measurements of the user's own: columns, splits, standardising, and every way to be wrong."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.unit.tasks.measured_kit import HEAD, lines, own
from workbench.core.errors import BadInput
from workbench.core.findings import found_in
from workbench.core.task import SPLITS
from workbench.tasks.measured.columns import Columns, recognised

NONE = Columns("", (), (), "")


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ("id,x1,x2,y1,y2", ("id", ("x1", "x2"), ("y1", "y2"), "")),
        ("task_id,x,y,split", ("task_id", ("x",), ("y",), "split")),
        ("Patient ID,Time,dose,Value", ("Patient ID", ("Time",), ("Value",), "")),
        ("curve,a,b,c", ("curve", ("a", "b"), ("c",), "")),
        ("a,b,c", ("a", ("b",), ("c",), "")),
        ("name,X 1,y.1,y.2", ("name", ("X 1",), ("y.1", "y.2"), "")),
        ("well,x,conductivity", ("well", ("x",), ("conductivity",), "")),
        ("y,x,group", ("group", ("x",), ("y",), "")),
    ],
)
def test_columns_are_known_by_their_names(names: str, found: tuple[Any, ...]) -> None:
    every = names.split(",")
    assert recognised(every, every, NONE) == Columns(*found)


def test_what_is_named_comes_first_and_text_is_no_number() -> None:
    every = ["id", "label", "x", "y", "z"]
    given = Columns("", (), ("x",), "")
    assert recognised(every, every[2:], given) == Columns("id", ("y", "z"), ("x",), "")


def test_ids_are_split_and_rows_within_them(tmp_path: Path) -> None:
    family = own(tmp_path / "a.csv", lines())
    names = {split: set(family.splits()[split].class_names) for split in SPLITS}
    assert [len(names[split]) for split in SPLITS] == [6, 2, 2]
    assert not names["train"] & names["val"] | names["val"] & names["test"]
    task = family.draw("test", 3)
    assert task.name in names["test"]
    rows = [*task.support.x[:, 0].tolist(), *task.query.x[:, 0].tolist()]
    assert len(set(rows)) == 5 and len(task.others) == 1


def test_columns_are_standardised_by_meta_training_ids_alone(tmp_path: Path) -> None:
    given = lines().replace("\n", ",split\n", 1).splitlines()
    for at, line in enumerate(given[1:], 1):
        number = int(line.split(",")[0].removeprefix("unit "))
        given[at] += "," + ("train" if number < 6 else "val" if number < 8 else "test")
    family = own(tmp_path / "a.csv", "\n".join(given))
    known = np.array(
        [[float(cell) for cell in line.split(",")[1:5]] for line in given[1:] if "train" in line]
    )
    scale = family.units
    np.testing.assert_allclose(torch.cat([scale.x.mean, scale.y.mean]), known.mean(0))
    np.testing.assert_allclose(torch.cat([scale.x.deviation, scale.y.deviation]), known.std(0))
    task = family.draw("test", 0)
    episode = task.episode()
    torch.testing.assert_close(scale.y.own(episode.query.y), task.query.y, rtol=1e-5, atol=1e-5)
    outputs = episode.query.y + torch.tensor([0.5, -2.0])
    expected = torch.tensor([0.5, 2.0]) * scale.y.deviation
    torch.testing.assert_close(scale.errors(outputs, episode.query.y), expected, rtol=1e-5, atol=0)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(",", "\t"),
        lambda text: text.replace(",", ";").replace(".", ","),
        lambda text: "\ufeff" + text.replace("\n", "\r\n"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\n\n"),
        lambda text: "\n".join('"' + line.replace(",", '","') + '"' for line in text.split()),
    ],
)
def test_however_it_is_written_it_is_the_same_data(tmp_path: Path, change: Any) -> None:
    plain = lines().replace("unit ", "u")
    first, other = own(tmp_path / "a.csv", plain), own(tmp_path / "b.csv", change(plain))
    assert first.fingerprint == other.fingerprint
    assert not found_in(other.notes())


def test_without_names_the_first_column_is_the_id_and_the_last_the_output(tmp_path: Path) -> None:
    family = own(tmp_path / "a.csv", lines().removeprefix(HEAD + "\n"))
    assert family.units.x.names == ("column 2", "column 3", "column 4")
    assert family.units.y.names == ("column 5",)


def test_what_cannot_be_used_is_left_out_counted_and_named(tmp_path: Path) -> None:
    odd = "unit 0,1,2,3\nunit 1,one,2,3,4\nunit 1,1,,3,4\nunit 2,nan,2,3,4\n,1,2,3,4\n"
    odd += "unit 3,1e99,2,3,4\nsmall,1,2,3,4\nunit 4,1,2,3,inf\n"
    odd += "small,1.0,2,3,4\n"
    family = own(tmp_path / "a.csv", lines(tail=odd))
    assert [str(note) for note in found_in(family.notes())] == [
        "1 row left out that do not have the 5 cells of the first row (row 62 has 4 cells)",
        "2 rows with a cell that is no number left out (row 63, column 'x1' is 'one', not a "
        "number; row 69, column 'y2' is 'inf', which is not finite)",
        "2 rows with an empty cell or NaN left out (row 64, column 'x2'; row 65, column 'x1')",
        "1 row without an id left out (row 66)",
        "1 row with too large a number left out (row 67, column 'x1' is '1e99')",
        "1 row that stand twice left out (row 70)",
        "1 id of fewer than 5 rows left out",
    ]
    assert sum(info.items or 0 for info in family.splits().values()) == 60


def test_a_constant_column_is_told_and_divides_by_nothing(tmp_path: Path) -> None:
    rows = lines().splitlines()
    same = [rows[0], *(",".join([*line.split(",")[:2], "7", *line.split(",")[3:]])
                       for line in rows[1:])]  # fmt: skip
    family = own(tmp_path / "a.csv", "\n".join(same))
    assert "Column 'x2' is 7 in every row" in found_in(family.notes())[0]
    episode = family.episodes("test", 4, torch.Generator().manual_seed(0))
    assert torch.isfinite(episode.query.x).all() and not episode.query.x[:, :, 1].any()


FAULTS = {
    "": ("is empty", "root"),
    HEAD: ("holds no rows", "root"),
    HEAD + "\na,one,2,3,4\n": ("no row that can be used: row 2, column 'x1' is 'one'", "root"),
    "id,a\n1,x\n": ("takes 0 columns", "input_columns"),
    lines(ids=2): ("holds 2 ids, too few", "root"),
    lines(rows=3): ("no id of train, val, test has 5 rows, for K = 3 and Q = 2; the most is 3",
                    "shots"),
    "a,b\n1,2\n\0": ("row 3, holds a zero byte", "root"),
    HEAD + "\n" + "1" * 140_000 + ",2,3,4,5\n": ("row 2, is no row (field larger", "root"),
    "1,5,0,3\n2,5,0\n": ("takes 0 columns", "input_columns"),
}  # fmt: skip


@pytest.mark.parametrize("data", FAULTS, ids=range(len(FAULTS)))
def test_what_gives_no_task_is_refused_at_the_field(tmp_path: Path, data: str) -> None:
    words, field = FAULTS[data]
    if field == "input_columns":
        data = data.replace("1,5,0,3\n2,5,0", "a,b\nc,d")
    with pytest.raises(BadInput) as caught:
        own(tmp_path / "a.csv", data)
    assert words in str(caught.value) and caught.value.where == f"task.{field}"


def test_named_columns_are_held_against_those_there(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    family = own(file, lines(), input_columns="x2", output_columns="y2, x1")
    assert (family.units.x.names, family.units.y.names) == (("x2",), ("y2", "x1"))
    with pytest.raises(BadInput, match=r"task\.output_columns: .*no column 'z'"):
        own(file, output_columns="z")
    with pytest.raises(BadInput, match=r"x1 is used for more than one thing"):
        own(file, input_columns="x1", output_columns="x1")


def test_a_scene_brings_the_very_task_back(tmp_path: Path) -> None:
    family = own(tmp_path / "a.csv", lines())
    task = family.draw("test", 1).with_item((0, 1), ([1.5, 2.5], [9.0, -1.0]))
    again = family.task_from_json(task.to_json(), "test")
    torch.testing.assert_close(again.support.y, task.support.y)
    torch.testing.assert_close(again.episode().query.x, task.episode().query.x)
    assert again.name == task.name
    for fault in (
        {**task.to_json(), "support_x": [[1.0]]},
        {**task.to_json(), "support_y": []},
        {**task.to_json(), "query_y": [["a", 1.0]]},
        {**task.to_json(), "query_x": [[float("inf"), 1.0]]},
        {},
    ):
        with pytest.raises(BadInput):
            family.task_from_json(fault, "test")


def test_rows_are_changed_added_and_removed_by_hand(tmp_path: Path) -> None:
    task = own(tmp_path / "a.csv", lines()).draw("test", 1)
    more = task.with_added(([1.0, 2.0], [3.0, 4.0]))
    assert more.support.y[-1].tolist() == [3.0, 4.0] and len(more.slots) == 4
    assert len(more.without((0, 0)).support) == 3 and len(task.support) == 3
    with pytest.raises(BadInput, match="last row cannot be removed"):
        task.without((0, 0)).without((0, 0)).without((0, 0))
    draws = torch.Generator().manual_seed(0)
    redrawn = more.redrawn(task, {(0, 3)}, draws)
    assert redrawn.support.y[3].tolist() == [3.0, 4.0]
    assert sorted(redrawn.support.x[:, 0].tolist()) != sorted(more.support.x[:, 0].tolist())


def test_a_support_set_of_ones_own_asks_the_rows_without_outputs(tmp_path: Path) -> None:
    task = own(tmp_path / "a.csv", lines()).draw("test", 1)
    mine = tmp_path / "mine.csv"
    mine.write_text("y2;x1;y1;x2\n1,5;1;2;3\n;4;;5\n2,5;2;3;4\n")
    new = task.with_support_files([mine])
    assert new.support.x.tolist() == [[1.0, 3.0], [2.0, 4.0]]
    assert new.support.y.tolist() == [[2.0, 1.5], [3.0, 2.5]]
    assert new.query.x.tolist() == [[4.0, 5.0]] and not new.known
    mine.write_text("1,3,2,1.5\n2,4,3,2.5\n")
    assert task.with_support_files([mine]).support.x.tolist() == [[1.0, 3.0], [2.0, 4.0]]
    for text, words in (
        ("x1,x2\n1,2\n", "no row has outputs"),
        ("x1,y1,y2\n1,2,3\n", "no column 'x2'"),
        ("1,2,3\n", "has no names and 3 columns"),
        ("x1,x2,y1,y2\na,2,3,4\n", "'x1' is 'a', not a number"),
    ):
        mine.write_text(text)
        with pytest.raises(BadInput, match=words):
            task.with_support_files([mine])


def test_a_run_keeps_the_split_of_its_ids_when_more_come(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    family = own(file, lines())
    kept = family.settled()["record"]
    later = own(file, lines(ids=14), record=kept)
    assert later.splits()["test"].class_names == family.splits()["test"].class_names
    assert "4 ids are new" in later.departures()


def test_bytes_of_any_kind_never_end_in_a_traceback(tmp_path: Path) -> None:
    draws, good = random.Random(0), lines().encode()
    for _ in range(150):
        data = bytearray(good)
        for _ in range(draws.randint(1, 30)):
            data[draws.randrange(len(data))] = draws.randrange(256)
        try:
            family = own(tmp_path / "f.csv", bytes(data[: draws.randint(1, len(data))]))
        except BadInput as error:
            assert str(error).count("\n") == 0
        else:
            assert torch.isfinite(family.draw("train", 0).episode().support.y).all()
