"""Splits of the user's classes: by class, by group, and as they are given."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.tasks.text_kit import CLASSES, own, pairs, write_csv, write_json
from workbench.core.errors import BadInput
from workbench.core.task import SPLITS
from workbench.tasks.text import OwnText

GROUPS = {
    f"group {number}": [f"class {2 * number}", f"class {2 * number + 1}"] for number in range(5)
}
GROUP_OF = {label: group for group, labels in GROUPS.items() for label in labels}
GIVEN = {label: ("train", "dev", "testing")[number % 3] for number, label in enumerate(CLASSES)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "a.csv", pairs())


def members(family: OwnText) -> list[set[str]]:
    names = family.pool.corpus.class_names
    return [{names[c] for c in family.classes[split]} for split in SPLITS]


def test_shares_of_the_classes(file: Path) -> None:
    sets = members(own(file, val_share=0.2, test_share=0.3))
    assert [len(one) for one in sets] == [5, 2, 3] and set.union(*sets) == set(CLASSES)
    assert members(own(file, split_seed=1)) != members(own(file))


@pytest.mark.parametrize("held", [GROUPS, GROUP_OF], ids=["group of labels", "label of group"])
def test_groups_of_a_file_stay_together(file: Path, tmp_path: Path, held: object) -> None:
    groups = write_json(tmp_path / "groups.json", held)
    sets = members(own(file, split_by="group", groups=str(groups)))
    found = [{GROUP_OF[name] for name in one} for one in sets]
    assert [len(one) for one in found] == [3, 1, 1] and sum(map(len, sets)) == 10


def test_groups_of_a_column(tmp_path: Path) -> None:
    rows = [(text, label, GROUP_OF[label]) for text, label in pairs()]
    file = write_csv(tmp_path / "b.csv", rows, ("text", "label", "domain"))
    family = own(file, split_by="group", group_column="domain")
    assert [len(one) for one in members(family)] == [6, 2, 2]
    assert family.draw("test", 0).group_title(0).startswith("group ")


def test_given_splits_of_a_column_and_of_a_file(tmp_path: Path) -> None:
    rows = [(text, label, GIVEN[label]) for text, label in pairs()]
    file = write_csv(tmp_path / "b.csv", rows, ("text", "label", "part"))
    wanted = [{n for n, s in GIVEN.items() if s == word} for word in ("train", "dev", "testing")]
    assert members(own(file, split_by="given", split_column="part")) == wanted
    held = write_json(tmp_path / "s.json", GIVEN)
    assert members(own(file, split_by="given", split_file=str(held))) == wanted


def test_a_class_that_is_given_no_split_is_left_out(file: Path, tmp_path: Path) -> None:
    held = write_json(tmp_path / "s.json", dict(list(GIVEN.items())[:9]))
    family = own(file, split_by="given", split_file=str(held))
    assert set.union(*members(family)) == set(CLASSES[:9])
    assert "1 class without a split left out" in family.notes()


FAULTS: dict[str, tuple[dict[str, str], object, str]] = {
    "no groups": ({"split_by": "group"}, None, r"task\.split_by: 10 classes have no group"),
    "no splits": ({"split_by": "given"}, None, r"task\.split_by: no splits are given"),
    "list": ({"split_by": "group", "groups": "s.json"}, [1], r"task\.groups: is \[1\]"),
    "number": ({"split_by": "group", "groups": "s.json"}, {"a": 3}, r"task\.groups: a is 3"),
    "twice": (
        {"split_by": "group", "groups": "s.json"},
        {"x": ["class 0"], "y": ["class 0"]},
        r"class 0 is put into x and y",
    ),
    "word": (
        {"split_by": "given", "split_file": "s.json"},
        {"class 0": "somewhere"},
        r"class 0 is put into 'somewhere'",
    ),
    "few": (
        {"split_by": "given", "split_file": "s.json"},
        {"train": list(CLASSES[:8]), "val": [CLASSES[8]], "test": [CLASSES[9]]},
        r"task\.ways: the val split has 1 class",
    ),
    "one group": (
        {"split_by": "group", "groups": "s.json"},
        {"all": list(CLASSES)},
        r"1 groups, too few for three splits",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_splits_that_cannot_be(fault: str, file: Path, tmp_path: Path) -> None:
    values, held, message = FAULTS[fault]
    given = {k: str(tmp_path / v) if v.endswith(".json") else v for k, v in values.items()}
    if held is not None:
        write_json(tmp_path / "s.json", held)
    with pytest.raises(BadInput, match=message):
        own(file, **given)


def test_a_class_in_two_splits_of_a_column(tmp_path: Path) -> None:
    rows = [(text, label, ("train", "test")[n % 2]) for n, (text, label) in enumerate(pairs())]
    file = write_csv(tmp_path / "b.csv", rows, ("text", "label", "part"))
    with pytest.raises(BadInput, match="class 0 is put into 'test and train'"):
        own(file, split_by="given", split_column="part")
