"""The user's own sentences, in every form, and every way in which a file can be wrong."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.unit.tasks.text_kit import (
    CLASSES,
    SIZES,
    own,
    pairs,
    sentences,
    write_csv,
    write_json,
)
from workbench.core.errors import BadInput
from workbench.tasks.text import OwnText


def names(family: OwnText) -> set[str]:
    return set(family.pool.corpus.class_names)


def test_a_table_whatever_parts_its_cells(tmp_path: Path) -> None:
    made = [
        own(write_csv(tmp_path / "a.csv", pairs())),
        own(write_csv(tmp_path / "b.tsv", pairs(), delimiter="\t")),
        own(write_csv(tmp_path / "c ✨.csv", pairs(), delimiter=";")),
    ]
    assert {family.fingerprint for family in made} == {made[0].fingerprint}
    assert names(made[0]) == set(CLASSES) and not made[0].notes()
    assert made[0].pool.corpus.of_class(0) == tuple(sentences("class 0"))


def test_columns_are_named(tmp_path: Path) -> None:
    rows = [(label, "x", text) for text, label in pairs()]
    file = write_csv(tmp_path / "a.csv", rows, ("intent", "more", "utterance"))
    family = own(file, text_column="utterance", label_column="intent")
    assert names(family) == set(CLASSES)
    with pytest.raises(BadInput, match=r"task\.text_column: .*intent, more, utterance"):
        own(file, label_column="intent")


def test_json_of_pairs_of_objects_and_of_labels(tmp_path: Path) -> None:
    objects = [{"text": text, "label": label} for text, label in pairs()]
    made = [
        own(write_json(tmp_path / "a.json", pairs())),
        own(write_json(tmp_path / "b.json", {name: sentences(name) for name in CLASSES})),
        own(write_json(tmp_path / "c.json", objects)),
    ]
    assert len({family.fingerprint for family in made}) == 1


def test_json_of_splits_is_pooled_without_what_is_of_no_class(tmp_path: Path) -> None:
    both = pairs()
    held = {"train": both[:30], "test": both[30:], "oos_test": [["Anything at all", "oos"]]}
    family = own(write_json(tmp_path / "a.json", held))
    assert names(family) == set(CLASSES)
    assert family.fingerprint == own(write_json(tmp_path / "b.json", both)).fingerprint
    assert "pooled" in family.notes()[0] and "1 sentences of no class" in family.notes()[1]


def test_folders_of_files_and_of_folders(tmp_path: Path) -> None:
    flat, deep = tmp_path / "flat", tmp_path / "deep"
    flat.mkdir()
    for name in CLASSES:
        lines = sentences(name)
        (flat / f"{name}.txt").write_text("\n\n".join(lines), encoding="utf-8")
        (deep / name).mkdir(parents=True)
        (deep / name / "one.txt").write_text("\n".join(lines[:2]), encoding="utf-8")
        (deep / name / "two.txt").write_text("\n".join(lines[2:]), encoding="utf-8")
    (flat / ".hidden.txt").write_text("not read", encoding="utf-8")
    assert own(flat).fingerprint == own(deep).fingerprint


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    odd = [
        ("", "class 0"),
        ("?!", "class 1"),
        ("Without a label", " "),
        ("x" * 2001, "class 1"),
        ("SAY class 1 number 3!", "class 1"),
        ("Under two labels", "class 2"),
        ("under two labels.", "class 3"),
        *((text, "small") for text in sentences("small", 2)),
    ]
    family = own(write_csv(tmp_path / "a.csv", [*pairs(), *odd]))
    assert sorted(family.notes()) == [
        "1 class of fewer than 3 sentences left out",
        "1 sentence of more than 2,000 characters left out",
        "1 sentence that stand twice left out",
        "1 sentence without a label left out",
        "2 sentences under more than one label left out",
        "2 sentences without a word left out",
    ]
    kept = {family.pool.corpus.class_names[c] for s in family.classes.values() for c in s}
    assert kept == set(CLASSES)
    assert family.pool.corpus.count(3) == 6


def test_a_split_does_not_depend_on_the_sizes_of_tasks(tmp_path: Path) -> None:
    """A run measured with more shots must not be tested on what it was trained on."""
    uneven = [*pairs(count=8), *pairs([f"few {n}" for n in range(10)], 4)]
    file = write_csv(tmp_path / "a.csv", uneven)
    shares = {"val_share": 0.3, "test_share": 0.3}
    small, large = own(file, queries=1, **shares), own(file, shots=4, **shares)
    assert sum(map(len, large.classes.values())) == 10 < sum(map(len, small.classes.values()))
    assert small.fingerprint == large.fingerprint
    for split, members in large.classes.items():
        assert set(members) <= set(small.classes[split])


HOSTILE = {
    "empty.csv": (b"", r"task\.root: .*is empty"),
    "blank.csv": (b"\n \n", r"task\.root: .*is empty"),
    "ragged.csv": (b"text,label\na b,c\nd,e,f\n", r"row 3, has 3 cells where 2 have names"),
    "nul.csv": (b"text,label\na\0b,c\n", r"row 2, holds a zero byte"),
    "latin.csv": ("text,label\ncafé,x\n".encode("latin-1"), r"latin.csv is not UTF-8.*Save it"),
    "utf16.csv": ("text,label\na,b\n".encode("utf-16"), r"not UTF-8"),
    "field.csv": (b"text,label\n" + b"x" * 200_000 + b",y\n", r"row 2, is no row \(field larger"),
    "quote.csv": (b'text,label\n"a,b\n', r"row 2, has a quote that is not closed"),
    "one.csv": (b"text,label\na,x\nb,x\n", r"task\.root: .*one class alone, x"),
    "header.csv": (b"text,label\n", r"task\.root: .*no class"),
    "columns.csv": (b"a,b\n1,2\n", r"task\.text_column: .*its columns are a, b"),
    "twice.csv": (b"text,text,label\n1,2,3\n", r"more than one column 'text'"),
    "bad.json": (b"{", r"line 1"),
    "number.json": (b"3", r"task\.root: .*the file is 3, neither"),
    "deep.json": (b"[" * 100_000, r"nested too deeply"),
    "shape.json": (b'[["a", "b"], ["c"]]', r"entry 2 is \['c'\], neither"),
    "kind.json": (b'[["a", 3]]', r"entry 1 is \['a', 3\]"),
    "labels.json": (b'{"a": ["x"], "b": [3]}', r"b, entry 1 is 3"),
    "nan.json": (b"[NaN]", r"NaN is not a finite number"),
    "word.docx": (b"PK", r"task\.root: .*not a kind of file"),
    "single.txt": (b"one sentence", r"task\.root: .*one text file"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    data, message = HOSTILE[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadInput, match=message):
        own(tmp_path / name)


def test_places_that_hold_nothing(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for root, message in (
        (tmp_path, r"holds no \.txt files"),
        (tmp_path / "gone.csv", r"cannot be read \(No such file"),
        (tmp_path / "gone", r"cannot be read \(No such file"),
        (Path(), r"no file is chosen"),
    ):
        with pytest.raises(BadInput, match=rf"task\.root: .*{message}"):
            own(root)


def test_bytes_of_any_kind_never_end_in_a_traceback(tmp_path: Path) -> None:
    """Bits of good files flipped, cut and joined: a family or a sentence, nothing else."""
    draws = random.Random(0)
    good = [
        write_csv(tmp_path / "g.csv", pairs()).read_bytes(),
        write_json(tmp_path / "g.json", pairs()).read_bytes(),
    ]
    for number in range(200):
        data = bytearray(good[number % 2])
        for _ in range(draws.randint(1, 8)):
            data[draws.randrange(len(data))] = draws.randrange(256)
        file = tmp_path / f"f.{('csv', 'json')[number % 2]}"
        file.write_bytes(data[: draws.randint(1, len(data))])
        try:
            own(file, **SIZES)
        except BadInput as error:
            assert str(error).count("\n") == 0
